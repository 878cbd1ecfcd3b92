import type { Clock, Timer } from '@millrace/eventing-api';

/** Notices that nothing has been heard for a while: a connection that lost its other end often shows no error at all. */
export class SilenceGuard {
  readonly #clock: Clock;
  readonly #silenceMs: number;
  readonly #onSilence: () => void;
  #timer: Timer | undefined;
  #silent = false;

  constructor(clock: Clock, silenceMs: number, onSilence: () => void) {
    this.#clock = clock;
    this.#silenceMs = silenceMs;
    this.#onSilence = onSilence;
    this.heard();
  }

  /** True once `silenceMs` have passed without a sign. */
  get silent(): boolean {
    return this.#silent;
  }

  heard(): void {
    this.end();
    this.#timer = this.#clock.schedule(this.#silenceMs, () => {
      this.#silent = true;
      this.#onSilence();
    });
  }

  end(): void {
    this.#timer?.cancel();
  }
}
