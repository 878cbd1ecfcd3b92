import { Pool } from 'undici';
import type { Attempt, ConnectionHolder } from './attempt.js';
import type { DeliveryLimits } from './delivery-limits.js';

/** Milliseconds in which a connection must be made. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * The connections of one Subscription to one consumer. It hands undici at most as many requests as there are connections and lets the others wait
 * here, where they can be called off: in undici's queue they would stay, body and all, until a connection came free.
 */
export class OriginPool implements ConnectionHolder {
  private readonly pool: Pool;
  private readonly waiting: Attempt[] = [];
  private running = 0;

  constructor(
    origin: string,
    private readonly limits: DeliveryLimits,
  ) {
    this.pool = new Pool(origin, {
      connections: limits.connectionsPerOrigin,
      // With more than one request on its way per connection, undici repeats those behind a lost one without telling.
      pipelining: 1,
      allowH2: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // An attempt has its own time-out, over all of it.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  get maxResponseBytes(): number {
    return this.limits.maxResponseBytes;
  }

  get idle(): boolean {
    return this.running === 0;
  }

  submit(attempt: Attempt): void {
    if (this.running < this.limits.connectionsPerOrigin) this.start(attempt);
    else this.waiting.push(attempt);
  }

  onCancelled(attempt: Attempt): void {
    this.waiting.splice(this.waiting.indexOf(attempt), 1);
  }

  onReleased(): void {
    this.running--;
    const next = this.waiting.shift();
    if (next) this.start(next);
  }

  /** Ends every connection; what is under way fails. */
  async destroy(): Promise<void> {
    await this.pool.destroy();
  }

  private start(attempt: Attempt): void {
    this.running++;
    attempt.start();
    const { address, headers, body } = attempt.posting;
    this.pool.dispatch({ method: 'POST', path: address.path, headers, body }, attempt);
  }
}
