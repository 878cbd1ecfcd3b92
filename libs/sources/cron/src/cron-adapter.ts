import type { Clock, CronSchedule, Health, Logger, MetricsRegistry, ProcessPart } from '@millrace/eventing-api';
import {
  beforeDeadline,
  registerSourceMetrics,
  sendUntilTaken,
  Sink,
  SourceAccount,
  type DropReason,
} from '@millrace/sources-sink';
import { registerTickMetrics } from './tick-metrics.js';
import { tickEvent, type TickContent } from './tick-event.js';
import { Ticker } from './ticker.js';

/** What the adapter sends, when and where to. */
export interface CronAdapterOptions extends TickContent {
  readonly schedule: CronSchedule;
  /** Absolute http(s) URL that takes the CloudEvents. */
  readonly sink: string;
  /** Time for one POST. Default 30 s. */
  readonly attemptTimeoutMs?: number | undefined;
}

export interface CronAdapterParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
}

/** About an hour of waiting in all; the next tick ends it before. */
const RETRIES = { maxAttempts: 70, maxWaitMs: 60_000 };

/** Sends one CloudEvent at each time of a schedule. It is sent again until the sink takes it, but no longer than until the next one is due. */
export class CronAdapter implements ProcessPart {
  readonly name = 'cron-adapter';
  readonly account: SourceAccount;
  /** Ticks that were not noticed in time. */
  missed = 0;
  private readonly sink: Sink;
  private readonly ticker: Ticker;
  private readonly underWay = new Map<AbortController, Promise<void>>();

  constructor(
    private readonly parts: CronAdapterParts,
    private readonly options: CronAdapterOptions,
  ) {
    this.account = new SourceAccount(parts.logger);
    this.sink = new Sink(options.sink, options.attemptTimeoutMs ?? 30_000);
    this.ticker = new Ticker({
      schedule: options.schedule,
      clock: parts.clock,
      onTick: (dueAtMs) => this.sendTick(dueAtMs),
      onMissed: (count) => this.countMissed(count),
    });
    registerSourceMetrics(parts.metrics, this);
    registerTickMetrics(parts.metrics, this);
  }

  /** Events that are on their way. */
  get pending(): number {
    return this.underWay.size;
  }

  start(): Promise<void> {
    this.ticker.start();
    this.parts.logger.info('Sending an event at each time of the schedule', { sink: this.options.sink });
    return Promise.resolve();
  }

  health(): Health {
    return { status: 'up' };
  }

  stopIntake(): Promise<void> {
    this.ticker.stop();
    return Promise.resolve();
  }

  drain(deadline: AbortSignal): Promise<void> {
    return beforeDeadline(this.allSent(), deadline);
  }

  async close(): Promise<void> {
    this.giveUp('stopped');
    await this.allSent();
    await this.sink.close();
  }

  private sendTick(dueAtMs: number): void {
    this.giveUp('overtaken');
    const abort = new AbortController();
    this.underWay.set(abort, this.send(dueAtMs, abort));
  }

  private async send(dueAtMs: number, abort: AbortController): Promise<void> {
    const { clock, logger } = this.parts;
    const event = tickEvent(this.options, dueAtMs);
    const post = this.sink.post.bind(this.sink);
    const outcome = await sendUntilTaken(event, abort.signal, { post, clock, logger, ...RETRIES });
    this.underWay.delete(abort);
    if (outcome === 'taken') this.account.sent += 1;
    else this.account.drop(event.id, outcome === 'aborted' ? (abort.signal.reason as DropReason) : outcome);
  }

  private giveUp(reason: DropReason): void {
    for (const abort of this.underWay.keys()) abort.abort(reason);
  }

  private async allSent(): Promise<void> {
    await Promise.all(this.underWay.values());
  }

  private countMissed(count: number): void {
    this.missed += count;
    this.parts.logger.warn('Times of the schedule were missed: the machine slept, or its clock was set', { count });
  }
}
