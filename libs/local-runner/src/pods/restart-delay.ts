const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;
/** A run that held this long was good: the next end of it starts from the shortest delay again. */
export const STABLE_AFTER_MS = 120_000;

/** Wait before a container is started again after its `failures`-th (1, 2, ...) end in a row; shorter than a kubelet's, for a laptop. */
export function restartDelayMs(failures: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), MAX_DELAY_MS);
}
