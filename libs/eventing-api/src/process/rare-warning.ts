import type { Clock } from './clock.js';
import type { LogFields, Logger } from './logger.types.js';

const A_MINUTE_MS = 60_000;

/**
 * A warning of something that may happen thousands of times: the first is logged at once, and then at most one in `intervalMs`, as an example, with `untoldBefore`: how
 * many there were since the last line that are in no line.
 */
export class RareWarning {
  private silentUntilMs = -Infinity;
  private untold = 0;

  /** @param intervalMs a minute by default */
  constructor(
    private readonly logger: Logger,
    private readonly clock: Clock,
    private readonly message: string,
    private readonly intervalMs = A_MINUTE_MS,
  ) {}

  /** @param fields is called only where there is a line */
  tell(fields: () => LogFields): void {
    const nowMs = this.clock.now();
    if (nowMs < this.silentUntilMs) {
      this.untold++;
      return;
    }
    this.logger.warn(this.message, { ...fields(), untoldBefore: this.untold });
    this.silentUntilMs = nowMs + this.intervalMs;
    this.untold = 0;
  }
}
