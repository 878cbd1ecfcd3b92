const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/**
 * The partition that every client of Kafka chooses for a key (murmur2 as in Kafka's own Java client): foreign producers and Millrace put a key into the same one.
 * kafkajs has this too, on big integers, at many times the cost.
 */
export function partitionOfKey(key: Buffer, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

function murmur2(data: Buffer): number {
  const { length } = data;
  let hash = SEED ^ length;
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    let part = Math.imul(data.readInt32LE(index), M);
    part = Math.imul(part ^ (part >>> 24), M);
    hash = Math.imul(hash, M) ^ part;
  }
  const rest = length - index;
  if (rest >= 3) hash ^= (data[index + 2] as number) << 16;
  if (rest >= 2) hash ^= (data[index + 1] as number) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ (data[index] as number), M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}
