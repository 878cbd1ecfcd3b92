import type { Clock, Health } from '@millrace/eventing-api';
import type { StoreConnection } from './store-connection.js';
import { storeWords } from './store-error.js';
import { withinLimit } from './time-limits.js';

const KEPT_MS = 3_000;
const LIMIT_MS = 1_800;

/** Asks JetStream how it is, once for many who want to know. */
export class StoreHealth {
  private latest: Promise<Health> | undefined;
  private askedAtMs = 0;

  constructor(
    private readonly connection: StoreConnection,
    private readonly clock: Clock,
  ) {}

  check(): Promise<Health> {
    const away = this.connection.whyAway;
    if (away !== undefined) {
      this.latest = undefined;
      return Promise.resolve({ status: 'down', message: away });
    }
    const now = this.clock.now();
    if (!this.latest || now - this.askedAtMs >= KEPT_MS) {
      this.askedAtMs = now;
      this.latest = this.ask();
    }
    return this.latest;
  }

  private ask(): Promise<Health> {
    return withinLimit(this.clock, LIMIT_MS, this.connection.manager.getAccountInfo()).then<Health, Health>(
      () => ({ status: 'up' }),
      (error: unknown) => ({ status: 'down', message: storeWords(error) }),
    );
  }
}
