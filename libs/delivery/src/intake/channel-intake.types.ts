import type { StoredEvent } from '@millrace/eventing-api';

/** The Channel that a request names. */
export interface ChannelAddress {
  readonly namespace: string;
  readonly name: string;
  /** UID that the ingress saw (`Millrace-Channel-Uid`); a mismatch is `not-found`, so that the ingress looks again. */
  readonly uid?: string | undefined;
}

/** One request of a producer after the HTTP layer has read and checked it. */
export interface IntakeRequest {
  readonly channel: ChannelAddress;
  /** The events of the request: one, or those of a batch. */
  readonly events: readonly StoredEvent[];
  /** The request as it came, for those who pass it on unchanged: flat header list and bytes. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** Why a request was not taken; each has one HTTP status (see `intake-status.ts`). */
export type IntakeRejection =
  'not-found' | 'invalid' | 'too-large' | 'full' | 'unavailable' | 'forbidden' | 'timeout' | 'not-delivered';

/** What became of a request. */
export type IntakeResult =
  | { readonly outcome: 'accepted' }
  | {
      readonly outcome: 'rejected';
      readonly code: IntakeRejection;
      /** For the producer: names what is wrong and what is allowed. */
      readonly message: string;
      readonly retryAfterMs?: number | undefined;
    };

/**
 * Takes in the events of a request for a Channel. Hot path: calls overlap without bound. Never throws. `accepted` only when every event is
 * as durable as the Channel's store declares; a batch of which a part was stored is `rejected` as `unavailable`, and may be sent again
 * (duplicates are allowed).
 */
export interface ChannelIntake {
  accept(request: IntakeRequest): Promise<IntakeResult>;
}
