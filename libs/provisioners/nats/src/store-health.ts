import { KeptAnswer, within, type Clock, type Health } from '@millrace/eventing-api';
import type { StoreConnection } from './store-connection.js';
import { NATS_SILENT, storeWords } from './store-error.js';

const KEPT_MS = 3_000;
const LIMIT_MS = 1_800;

/** Asks JetStream how it is, once for many who want to know. */
export class StoreHealth {
  private readonly kept: KeptAnswer<Health>;

  constructor(
    private readonly connection: StoreConnection,
    private readonly clock: Clock,
  ) {
    this.kept = new KeptAnswer(clock, KEPT_MS, () => this.ask());
  }

  check(): Promise<Health> {
    const away = this.connection.whyAway;
    if (away === undefined) return this.kept.get();
    this.kept.forget();
    return Promise.resolve({ status: 'down', message: away });
  }

  private ask(): Promise<Health> {
    return within(this.clock, LIMIT_MS, this.connection.manager.getAccountInfo(), NATS_SILENT).then<Health, Health>(
      () => ({ status: 'up' }),
      (error: unknown) => ({ status: 'down', message: storeWords(error) }),
    );
  }
}
