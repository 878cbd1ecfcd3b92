import type { CallOptions } from '@google-cloud/pubsub';

/** Five calls after each other stay within the 30 s that the contract gives. */
const ADMIN_TIMEOUT_MS = 5000;

/** Settings of a call that makes, reads or removes something. Not tried again here: whoever asked does that. A new object each time, since the client writes into it. */
export function adminCall(timeoutMs = ADMIN_TIMEOUT_MS): CallOptions {
  return { timeout: timeoutMs, retry: null };
}
