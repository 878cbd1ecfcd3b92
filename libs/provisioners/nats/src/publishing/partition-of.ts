/**
 * The partition of a key, the same in every process and for ever: FNV-1a over UTF-16 code units, 32 bits. A stable interface, as names are: another function would bring
 * the events of one key into two partitions.
 */
export function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash ^= key.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  // FNV mixes its low bits poorly.
  hash ^= hash >>> 16;
  return (hash >>> 0) % partitions;
}
