import { describe, expect, it } from 'vitest';
import { findCondition } from '../conditions/conditions.js';
import { channelConditions } from './channel.conditions.js';

const now = new Date('2019-02-20T08:00:00Z');
const fresh = channelConditions.initialize(undefined, now);

describe('the conditions of a Channel', () => {
  it('are Ready with a store and a hostname', () => {
    const provisioned = channelConditions.markTrue(fresh, 'Provisioned', now);
    const conditions = channelConditions.markAddressable(
      provisioned,
      'orders-channel-3f2a1.default.svc.cluster.local',
      now,
    );

    expect(findCondition(conditions, 'Ready')?.status).toBe('True');
  });

  it.each([undefined, ''])('are not Ready with the hostname %j', (hostname) => {
    const provisioned = channelConditions.markTrue(fresh, 'Provisioned', now);
    const conditions = channelConditions.markAddressable(provisioned, hostname, now);

    expect(findCondition(conditions, 'Ready')).toMatchObject({ status: 'False', reason: 'emptyHostname' });
  });
});
