import { expect, it } from 'vitest';
import { durabilityOf } from './durability.js';

it.each([
  { defaults: {}, brokers: 1, level: 'ProcessOnly' },
  { defaults: { replicationFactor: 1 }, brokers: 3, level: 'ProcessOnly' },
  { defaults: { replicationFactor: 2 }, brokers: 3, level: 'ProcessOnly' },
  { defaults: { replicationFactor: 3, topicConfig: { 'min.insync.replicas': '1' } }, brokers: 3, level: 'ProcessOnly' },
  { defaults: {}, brokers: 3, level: 'Replicated' },
  { defaults: { replicationFactor: 2, topicConfig: { 'min.insync.replicas': '2' } }, brokers: 2, level: 'Replicated' },
  { defaults: { topicConfig: { 'flush.messages': '1' } }, brokers: 1, level: 'Synced' },
])('a 202 of $brokers brokers with $defaults is $level, and says why', ({ defaults, brokers, level }) => {
  const durability = durabilityOf(defaults, brokers);
  expect(durability.level).toBe(level);
  expect(durability.message).toContain('replication factor');
});
