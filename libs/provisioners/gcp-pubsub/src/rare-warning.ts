import type { Clock, LogFields, Logger } from '@millrace/eventing-api';

const PAUSE_MS = 60_000;

/** Warns at most once a minute, and then says how often it had reason to. */
export class RareWarning {
  private silentUntil = -Infinity;
  private suppressed = 0;

  constructor(
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  warn(message: string, fields: LogFields): void {
    if (this.clock.now() < this.silentUntil) {
      this.suppressed++;
      return;
    }
    this.logger.warn(message, { ...fields, suppressed: this.suppressed });
    this.silentUntil = this.clock.now() + PAUSE_MS;
    this.suppressed = 0;
  }
}
