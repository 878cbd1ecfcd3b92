import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { expect, it } from 'vitest';
import { partitionOfKey } from './murmur2.js';

it('a key goes to the partition that other clients of Kafka put it into', () => {
  const partitionOf = Partitioners.DefaultPartitioner();
  const keys = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.uuid()).filter((key) => key !== '');
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 12 }), (text, partitions) => {
      const key = Buffer.from(text);
      const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
        partitionId,
        leader: 1,
        partitionErrorCode: 0,
        replicas: [],
        isr: [],
      }));
      const message = { key, value: null };
      expect(partitionOfKey(key, partitions)).toBe(partitionOf({ topic: 't', partitionMetadata, message }));
    }),
  );
});
