/**
 * Milliseconds that a `Retry-After` asks for (RFC 9110 section 10.2.3: seconds, or an HTTP date); undefined where it says nothing that can be
 * understood. A date that has passed is 0.
 */
export function parseRetryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/** The value of a `Retry-After` header: whole seconds, at least one. */
export function formatRetryAfter(delayMs: number): string {
  return String(Math.max(1, Math.ceil(delayMs / 1000)));
}
