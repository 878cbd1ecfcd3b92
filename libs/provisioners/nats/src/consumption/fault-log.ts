import type { Clock, Logger } from '@millrace/eventing-api';

const QUIET_MS = 60_000;

/** Tells of messages that are no CloudEvents: the first at once, then their number at most once a minute. */
export class FaultLog {
  private untold = 0;
  private quietUntilMs = 0;

  constructor(
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  tell(subject: string, sequence: number, fault: string): void {
    this.untold++;
    const now = this.clock.now();
    if (now < this.quietUntilMs) return;
    this.logger.warn('A message is no CloudEvent and is passed over', { subject, sequence, fault, count: this.untold });
    this.untold = 0;
    this.quietUntilMs = now + QUIET_MS;
  }
}
