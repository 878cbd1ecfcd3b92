import { type Clock, type LifeCycle, type Logger, type ProcessPart, sleep, within } from '@millrace/eventing-api';

export type LifeCycleState = 'starting' | 'ready' | 'stopping' | 'stopped';

/** Times of an ordered end. */
export interface StopTimes {
  /** How long to go on as before once readiness says no. */
  readonly delayMs: number;
  /** How long `drain` may take, shared by all parts. */
  readonly drainMs: number;
}

/** How long a part may take for a step that has no time of its own; a part that hangs must not keep the others from closing. */
const STEP_LIMIT_MS = 5_000;

/** A part could not start. The message is what people get to read. */
export class StartFailure extends Error {
  constructor(
    readonly part: string,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The parts of a process from start to end (docs/adr/0002-one-shutdown-sequence.md). */
export class OrderedLifeCycle implements LifeCycle {
  private readonly parts: ProcessPart[] = [];
  private readonly started: ProcessPart[] = [];
  private begun = false;
  /** The start of one part, while it runs. */
  private starting: Promise<void> | undefined;
  private stopping: Promise<boolean> | undefined;
  private current: LifeCycleState = 'starting';

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly times: StopTimes,
  ) {}

  get state(): LifeCycleState {
    return this.current;
  }

  register(part: ProcessPart): void {
    if (this.begun || this.stopping) {
      throw new Error(`${part.name} was registered after the start: register parts where they are made`);
    }
    this.parts.push(part);
  }

  /** The parts in the order in which they were registered. */
  registered(): readonly ProcessPart[] {
    return this.parts;
  }

  ports(): Readonly<Record<string, number>> {
    return Object.assign({}, ...this.started.map((part) => part.ports?.() ?? {})) as Record<string, number>;
  }

  /**
   * Starts each part after the other. Resolves with false where the process was told to stop meanwhile. Rejects with a StartFailure where
   * a part cannot start: nothing further is started then, and it is for the caller to `stop` what was.
   */
  async start(): Promise<boolean> {
    this.begun = true;
    for (const part of this.parts) {
      if (this.stopping) return false;
      try {
        this.starting = part.start?.();
        await this.starting;
      } catch (error) {
        throw new StartFailure(part.name, error);
      }
      this.started.push(part);
    }
    if (this.stopping) return false;
    this.current = 'ready';
    return true;
  }

  /**
   * Ends what was started: unready, then `stopIntake` of all, `drain` of all, `close` of all in reverse order. Resolves with whether
   * all went well; what did not is logged and does not stop the rest. Calls after the first get its outcome.
   */
  stop(): Promise<boolean> {
    this.stopping ??= this.runStop();
    return this.stopping;
  }

  private async runStop(): Promise<boolean> {
    const wasReady = this.current === 'ready';
    this.current = 'stopping';
    if (wasReady && this.times.delayMs > 0) await sleep(this.clock, this.times.delayMs);
    // A part that is just starting cannot be closed before it has; one that never does is left behind.
    await Promise.race([this.starting?.catch(() => {}), sleep(this.clock, STEP_LIMIT_MS)]);
    const parts = [...this.started];
    const intake = await this.all(parts, 'stopIntake', STEP_LIMIT_MS, (part) => part.stopIntake?.());

    const deadline = new AbortController();
    const timer = this.clock.schedule(this.times.drainMs, () => {
      deadline.abort(new Error('the time for shut-down is over'));
    });
    const drained = await this.all(parts, 'drain', this.times.drainMs + STEP_LIMIT_MS, (part) =>
      part.drain?.(deadline.signal),
    );
    timer.cancel();

    let closed = true;
    for (const part of parts.reverse()) {
      closed = (await this.step(part, 'close', STEP_LIMIT_MS, () => part.close?.())) && closed;
    }
    this.current = 'stopped';
    return intake && drained && closed;
  }

  private async all(
    parts: readonly ProcessPart[],
    step: string,
    limitMs: number,
    act: (part: ProcessPart) => Promise<void> | undefined,
  ): Promise<boolean> {
    const outcomes = await Promise.all(parts.map((part) => this.step(part, step, limitMs, () => act(part))));
    return outcomes.every(Boolean);
  }

  private async step(
    part: ProcessPart,
    step: string,
    limitMs: number,
    act: () => Promise<void> | undefined,
  ): Promise<boolean> {
    try {
      await within(this.clock, limitMs, Promise.resolve(act()));
      return true;
    } catch (error) {
      this.logger.error(`${part.name}: ${step} failed`, { error });
      return false;
    }
  }
}
