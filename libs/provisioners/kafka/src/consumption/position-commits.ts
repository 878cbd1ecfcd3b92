import { sleep, within, type Clock, type Logger } from '@millrace/eventing-api';
import { BROKER_SILENT, describeError } from '../kafka-errors.js';
import type { PartitionWindow } from './partition-window.js';

const LIMIT_MS = 1000;
const TRY_AGAIN_MS = 500;

/** Tells the broker how far the events of a consumption are settled without a gap. */
export class PositionCommits {
  private committing: Promise<void> | undefined;

  /**
   * @param windows those that are owned now
   * @param send rejects where the broker does not take it
   */
  constructor(
    private readonly windows: () => readonly PartitionWindow[],
    private readonly send: (positions: ReadonlyMap<number, number>) => Promise<void>,
    private readonly parts: { readonly clock: Clock; readonly logger: Logger },
  ) {}

  /** One commit at a time, of what has moved. Rejects where the broker does not take it; the next one tries again. */
  commit(): Promise<void> {
    this.committing ??= this.commitNow().finally(() => (this.committing = undefined));
    return this.committing;
  }

  /** Until the broker has taken all that is settled, or a little longer than the deadline. Never rejects. */
  async commitLast(deadline: AbortSignal): Promise<void> {
    const overdue = Promise.withResolvers<undefined>();
    const onDeadline = () => this.parts.clock.schedule(LIMIT_MS, () => overdue.resolve(undefined));
    if (deadline.aborted) onDeadline();
    else deadline.addEventListener('abort', onDeadline, { once: true });
    await Promise.race([this.commitUntilTaken(deadline), overdue.promise]);
    deadline.removeEventListener('abort', onDeadline);
  }

  private async commitNow(): Promise<void> {
    const positions = new Map<PartitionWindow, number>();
    for (const window of this.windows()) {
      const { uncommitted } = window;
      if (!window.unverified && uncommitted !== undefined) positions.set(window, uncommitted);
    }
    if (positions.size === 0) return;
    const byPartition = new Map([...positions].map(([{ partition }, position]) => [partition, position]));
    await within(this.parts.clock, LIMIT_MS, this.send(byPartition), BROKER_SILENT);
    for (const [window, position] of positions) window.noteCommitted(position);
  }

  private async commitUntilTaken(deadline: AbortSignal): Promise<void> {
    for (;;) {
      try {
        // Twice: the first may be one that began before the last event was settled.
        await this.commit();
        await this.commit();
        return;
      } catch (error) {
        this.parts.logger.debug('The last commit failed', { reason: describeError(error) });
        if (deadline.aborted) return;
        await sleep(this.parts.clock, TRY_AGAIN_MS, deadline).catch(() => {});
      }
    }
  }
}
