/**
 * What an HTTP status says about an attempt to deliver an event:
 * `delivered` (taken), `retryable` (worth another attempt) or `refused` (never to be taken).
 */
export type StatusVerdict = 'delivered' | 'retryable' | 'refused';

/**
 * The rule of the Knative Eventing data plane contract ("Event delivery", status codes), row by row.
 * No answer at all is retryable too, and no matter of this function.
 */
export function classifyStatus(status: number): StatusVerdict {
  if (status >= 200 && status < 300) return 'delivered';
  switch (status) {
    // An endpoint may come up later than its events.
    case 404:
    case 408:
    case 409:
    case 429:
      return 'retryable';
  }
  // Redirects are not followed; 1xx is never a final answer.
  if (status < 500) return 'refused';
  // 5xx, and codes that nobody has given a meaning ("unknown codes SHOULD be treated as retryable").
  return 'retryable';
}
