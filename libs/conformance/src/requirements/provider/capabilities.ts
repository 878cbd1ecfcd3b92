import type { Capabilities } from '@millrace/eventing-api';
import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { providerOf } from '../../subject/provider-of.js';

const ABILITIES = ['durable', 'sharedConsumption', 'deadLetters', 'backlog', 'acknowledgesDelivery'] as const;

export const providerCapabilities: Requirement = {
  id: 'provider/capabilities',
  title:
    'MUST declare for the parameters of this store, each time, the capabilities that it is tried for, none undecided',
  source: `${contractType('ChannelDriverProvider')}; ${contractType('Capabilities')}`,
  profile: 'core',
  hook: 'provider',
  check(subject) {
    const provider = providerOf(subject);
    const declaredFor = (parameters = subject.harness.parameters ?? {}) =>
      provider.capabilitiesFor?.(parameters) ?? provider.capabilities;
    expect(declaredFor(), 'the capabilities for the parameters of this store').toEqual(subject.capabilities);
    expect(declaredFor(), 'the capabilities when asked again').toEqual(subject.capabilities);
    expectDecided(provider.capabilities);
    expectDecided(subject.capabilities);
    return Promise.resolve();
  },
};

function expectDecided(capabilities: Capabilities): void {
  const { ordering, orderingScope, replay, ...abilities } = capabilities;
  for (const ability of ABILITIES) expect(typeof abilities[ability], `whether ${ability} is yes or no`).toBe('boolean');
  expect(['key', 'partition'], 'scopes of an order that there are').toContain(orderingScope);
  expect(ordering, 'orders').not.toEqual([]);
  expect(['none', 'key'], 'orders that there are').toEqual(expect.arrayContaining([...ordering]));
  expect(['earliest', 'time'], 'places to replay from that there are').toEqual(expect.arrayContaining([...replay]));
}
