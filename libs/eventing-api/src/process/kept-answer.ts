import type { Clock } from './clock.js';

/**
 * One question for many who ask it: whoever asks within `keptMs` after it was put gets the same answer, also while that is still to come. A rejection is kept as
 * long as any other answer.
 */
export class KeptAnswer<T> {
  private latest: { readonly answer: Promise<T>; readonly askedAtMs: number } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly keptMs: number,
    private readonly ask: () => Promise<T>,
  ) {}

  get(): Promise<T> {
    const nowMs = this.clock.now();
    if (!this.latest || nowMs - this.latest.askedAtMs >= this.keptMs) {
      this.latest = { answer: this.ask(), askedAtMs: nowMs };
    }
    return this.latest.answer;
  }

  /** The next to ask gets an answer of their own. */
  forget(): void {
    this.latest = undefined;
  }
}
