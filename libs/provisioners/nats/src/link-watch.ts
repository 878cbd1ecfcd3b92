import type { Clock, Timer } from '@millrace/eventing-api';
import type { NatsConnection } from 'nats';

const CHECK_EVERY_MS = 1_000;
/** So many checks in a row without a word from the server, and the link counts as broken. Checks are counted, not seconds: a process that was stopped has heard nothing either. */
const MAX_SILENT_CHECKS = 12;

/**
 * Watches whether the server still answers. The client has a watch of its own, but ends a link only when what it has written before has left: where a link falls silent under
 * load, never.
 */
export class LinkWatch {
  private timer: Timer;
  private silentChecks = 0;
  private messages: number;
  private readUntilMs = -Infinity;
  private stopped = false;

  constructor(
    private readonly client: Pick<NatsConnection, 'flush' | 'stats'>,
    private readonly clock: Clock,
    private readonly onSilent: () => void,
  ) {
    this.messages = client.stats().inMsgs;
    this.timer = this.schedule();
  }

  /** Whether the server is known to have read what was sent at that time: it has answered a later ping. */
  hasRead(sentAtMs: number): boolean {
    return sentAtMs < this.readUntilMs;
  }

  stop(): void {
    this.stopped = true;
    this.timer.cancel();
  }

  private schedule(): Timer {
    return this.clock.schedule(CHECK_EVERY_MS, () => this.check());
  }

  private check(): void {
    const { inMsgs } = this.client.stats();
    if (inMsgs !== this.messages) this.silentChecks = 0;
    this.messages = inMsgs;
    if (this.silentChecks >= MAX_SILENT_CHECKS) {
      this.stop();
      this.onSilent();
      return;
    }
    this.silentChecks++;
    this.timer = this.schedule();
    void this.ping();
  }

  private async ping(): Promise<void> {
    const sentAtMs = this.clock.now();
    try {
      await this.client.flush();
    } catch {
      // The client has lost the connection, and says so itself.
      return;
    }
    if (this.stopped) return;
    this.silentChecks = 0;
    this.readUntilMs = sentAtMs;
  }
}
