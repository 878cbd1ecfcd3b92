import type { StoredEvent } from '@millrace/eventing-api';

/** Where a message stands that the server has handed to us and that it does not yet know to be settled. */
export type HeldState =
  /** Not handed out yet. */
  | 'waiting'
  | 'handed-out'
  /** Released by the handler: it waits for `resume`, so that a handler that releases at once is not asked again at once. */
  | 'set-aside'
  /** Settled; the server has not confirmed it. */
  | 'acknowledging';

/** A message that is ours until the server knows what became of it. */
export interface HeldMessage {
  /** Its place in the stream. */
  readonly sequence: number;
  /** undefined = no CloudEvent. */
  readonly event: StoredEvent | undefined;
  /** Subject for acknowledgements; the newest one where the server has handed it out again. */
  replySubject: string;
  deliveryCount: number;
  /** When the server was last told, or told us, that we have it. */
  touchedAtMs: number;
  state: HeldState;
}

/** What the acknowledgement subject says of its message. */
export interface DeliveryInfo {
  readonly deliveryCount: number;
  /** Place in the stream. */
  readonly sequence: number;
  /** Place among everything that the durable has ever handed to anybody. */
  readonly delivery: number;
}

/** Reads `$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<count>.<sequence>.<delivery>...` (NATS ADR-15). */
export function readReplySubject(subject: string): DeliveryInfo {
  const tokens = subject.split('.');
  const first = tokens.length >= 11 ? 6 : 4;
  return {
    deliveryCount: Number(tokens[first]),
    sequence: Number(tokens[first + 1]),
    delivery: Number(tokens[first + 2]),
  };
}

/** Puts the message in its place among others, which are in the order of the stream. Nearly always that is the last one. */
export function insertInOrder(messages: HeldMessage[], message: HeldMessage): void {
  let index = messages.length;
  while (index > 0 && (messages[index - 1] as HeldMessage).sequence > message.sequence) index--;
  if (index === messages.length) messages.push(message);
  else messages.splice(index, 0, message);
}
