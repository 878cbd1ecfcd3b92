/** Wait before an attempt that follows `failures` (1, 2, ...) failures in a row: `base * 2^(failures - 1)`, at most `max`. */
export function retryDelayMs(failures: number, baseMs: number, maxMs: number): number {
  return Math.min(baseMs * 2 ** (failures - 1), maxMs);
}
