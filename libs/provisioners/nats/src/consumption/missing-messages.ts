import type { DurableState } from '../subscription-durables.js';
import type { HeldMessage } from './held-message.js';

/** How many messages the server takes for handed out that we do not have. */
export interface MissingMessages {
  readonly atLeast: number;
  /** More than `atLeast` where the server may or may not know of settlements that it has not confirmed yet. */
  readonly atMost: number;
}

/**
 * Compares what we hold with what the server has in delivery. A settled message counts as neither until the server has answered: it must not stand for one that is
 * missing. What lies behind the server's place it has forgotten to have handed out (a restart, another leader): it comes again by itself.
 * Its floor of acknowledgements tells nothing: a new leader may have messages in delivery below it.
 */
export function countMissingMessages(
  held: Iterable<HeldMessage>,
  { inDelivery, lastSequence }: DurableState,
): MissingMessages {
  let [ours, unconfirmed] = [0, 0];
  for (const { sequence, state } of held) {
    if (sequence > lastSequence) continue;
    if (state === 'acknowledging') unconfirmed++;
    else ours++;
  }
  return { atLeast: inDelivery - ours - unconfirmed, atMost: inDelivery - ours };
}
