import type { DriverChannel } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import type { KafkaArguments } from './kafka-options.js';
import { configOfNew, driftOf, replicasIn, topicSettings } from './topic-settings.js';

const channel = (given: KafkaArguments, purpose: DriverChannel['purpose'] = 'events'): DriverChannel => ({
  namespace: 'default',
  name: 'orders',
  uid: 'u',
  purpose,
  arguments: given,
});

describe('the settings of a topic', () => {
  it('are what the Channel asks for, over what its provisioner does', () => {
    const defaults = { numPartitions: 8, retention: 'P1D', topicConfig: { 'segment.bytes': '1048576', 'a.b': 'c' } };
    expect(topicSettings(channel({ retention: 'PT1H', topicConfig: { 'a.b': 'd' } }), defaults)).toEqual({
      numPartitions: 8,
      replicationFactor: undefined,
      config: { 'segment.bytes': '1048576', 'a.b': 'd', 'retention.ms': '3600000' },
      asksForPartitions: false,
    });
  });

  it('give dead letters one partition, for ever', () => {
    const defaults = { topicConfig: { 'cleanup.policy': 'compact' } };
    const settings = topicSettings(channel({ numPartitions: 12, retention: 'PT1H' }, 'dead-letters'), defaults);
    expect(settings).toMatchObject({ numPartitions: 1, asksForPartitions: false });
    expect(settings.config).toEqual({ 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' });
  });

  it.each([
    { brokers: 1, replicas: 1, config: {} },
    { brokers: 2, replicas: 2, config: {} },
    { brokers: 5, replicas: 3, config: { 'min.insync.replicas': '2' } },
  ])('are as safe as $brokers brokers can be', ({ brokers, replicas, config }) => {
    const settings = topicSettings(channel({}), {});
    expect(replicasIn(brokers, settings)).toBe(replicas);
    expect(configOfNew(settings, replicas)).toEqual(config);
  });
});

describe('drift', () => {
  const found = { partitions: 6, replicationFactor: 1, config: { 'retention.ms': '1000' } };

  it('is what was asked for and is otherwise', () => {
    const asked = { numPartitions: 4, replicationFactor: 3, retention: 'PT1H' };
    const drift = driftOf(topicSettings(channel(asked), {}), found, 3);
    expect(drift).toHaveLength(3);
    expect(drift[0]).toContain('6 partitions, not 4');
    expect(drift[1]).toContain('replication factor 1, not 3');
    expect(drift[2]).toContain('retention.ms of the topic is 1000, not 3600000');
  });

  it('is nothing that nobody asked for', () => {
    expect(driftOf(topicSettings(channel({}), {}), found, 1)).toEqual([]);
    expect(driftOf(topicSettings(channel({}), {}), { ...found, replicationFactor: 3 }, 1)).toEqual([]);
  });

  it('is a topic that was made while brokers were away', () => {
    expect(driftOf(topicSettings(channel({}), {}), found, 3)).toHaveLength(1);
  });
});
