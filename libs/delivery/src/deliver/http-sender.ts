import type { Clock, Timer } from '@millrace/eventing-api';
import type { FairShare } from '../sharing/fair-budget.js';
import { Attempt, type HttpAddress, type Posting } from './attempt.js';
import type { AttemptResult } from './attempt-result.types.js';
import type { DeliveryLimits } from './delivery-limits.js';
import { OriginPool } from './origin-pool.js';

/** @throws TypeError when `url` is no absolute http or https URL: the controller resolves addresses, so that is a bug */
export function parseHttpAddress(url: string): HttpAddress {
  const { origin, pathname, search, protocol, username, password } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`Not an http or https URL: ${url}`);
  const path = pathname + search;
  return { url: username || password ? origin + path : url, origin, path };
}

/**
 * POSTs the events of one Subscription over kept connections, one pool a consumer. Subscriptions share no connections, so that one that is slow
 * takes none from another. Redirects are not followed. Hot path: results come by callback, never before `post` has returned.
 */
export class HttpSender {
  private readonly pools = new Map<string, OriginPool>();
  private closed: Promise<unknown> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly limits: DeliveryLimits,
    private readonly answerBytes: FairShare,
  ) {}

  /** Starts an attempt. `cancel` calls it off. */
  post(posting: Posting, onResult: (result: AttemptResult) => void): Timer {
    const pool = this.poolOf(posting.address.origin);
    const attempt = new Attempt(posting, pool, this.clock, onResult);
    pool.submit(attempt);
    return attempt;
  }

  /** Lets go of the connections to other consumers than these, where nothing is on its way to them. */
  keepOnly(addresses: readonly (HttpAddress | undefined)[]): void {
    for (const [origin, pool] of this.pools) {
      if (!pool.idle || addresses.some((address) => address?.origin === origin)) continue;
      this.pools.delete(origin);
      void pool.destroy();
    }
  }

  /** Ends every connection; what is under way fails. Nothing may be posted afterwards. Idempotent. */
  close(): Promise<unknown> {
    this.closed ??= Promise.all([...this.pools.values()].map((pool) => pool.destroy()));
    return this.closed;
  }

  private poolOf(origin: string): OriginPool {
    let pool = this.pools.get(origin);
    if (!pool) {
      pool = new OriginPool(origin, this.limits, this.answerBytes);
      this.pools.set(origin, pool);
    }
    return pool;
  }
}
