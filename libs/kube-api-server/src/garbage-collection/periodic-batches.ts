import type { Clock, Logger, Timer } from '@millrace/eventing-api';

const INTERVAL_MS = 60_000;
const PAUSE_BETWEEN_BATCHES_MS = 10;

/** Does a batch of work every minute, and further ones right away for as long as there is more: small ones, because the event loop stands still meanwhile. */
export class PeriodicBatches {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #batch: () => boolean;
  #timer: Timer | undefined;

  /** `batch` returns true when there is more to do. */
  constructor(clock: Clock, logger: Logger, batch: () => boolean) {
    this.#clock = clock;
    this.#logger = logger;
    this.#batch = batch;
  }

  start(): void {
    this.#schedule(INTERVAL_MS);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #schedule(delayMs: number): void {
    this.#timer = this.#clock.schedule(delayMs, () => {
      this.#schedule(this.#run() ? PAUSE_BETWEEN_BATCHES_MS : INTERVAL_MS);
    });
  }

  #run(): boolean {
    try {
      return this.#batch();
    } catch (error) {
      this.#logger.error('housekeeping of the API failed and is tried again', { error });
      return false;
    }
  }
}
