import type { Lease } from '@millrace/eventing-api';

/**
 * A Lease as one process sees it. Whether its holder is gone is judged by how long *we* have not seen it change, never by the times that are written
 * in it: the clocks of two machines differ (client-go's `leaderelection`).
 */
export class ObservedLease {
  #lease: Lease | undefined;
  #sinceMs = 0;

  /** As last seen. */
  get lease(): Lease | undefined {
    return this.#lease;
  }

  /** Takes note of the Lease as it was read at `nowMs`. */
  see(lease: Lease, nowMs: number): void {
    if (!sameRecord(lease, this.#lease)) this.#sinceMs = nowMs;
    this.#lease = lease;
  }

  /** When the holder counts as gone if nothing changes; `fallbackDurationMs` is for a Lease that tells no duration. */
  expiresAtMs(fallbackDurationMs: number): number {
    const seconds = this.#lease?.spec?.leaseDurationSeconds;
    return this.#sinceMs + (seconds === undefined ? fallbackDurationMs : seconds * 1000);
  }
}

function sameRecord(a: Lease, b: Lease | undefined): boolean {
  return (
    b !== undefined && a.spec?.holderIdentity === b.spec?.holderIdentity && a.spec?.renewTime === b.spec?.renewTime
  );
}
