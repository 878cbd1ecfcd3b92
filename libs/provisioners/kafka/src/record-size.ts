/** What Kafka puts around a batch of one record and its key and value. */
export const RECORD_OVERHEAD_BYTES = 96;
/** What Kafka puts around a header. */
export const HEADER_OVERHEAD_BYTES = 4;
/** Room for the overhead, the key and the headers that are no part of the event. */
const RESERVE_BYTES = 1024;

/** Largest event (body and attributes) that surely fits into a topic with this `max.message.bytes`. */
export function maxEventBytes(maxMessageBytes: number): number {
  return Math.max(0, maxMessageBytes - RESERVE_BYTES);
}
