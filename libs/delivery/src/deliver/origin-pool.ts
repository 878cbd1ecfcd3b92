import { Client } from 'undici';
import type { Attempt, ConnectionHolder } from './attempt.js';
import type { FairShare } from '../sharing/fair-budget.js';
import type { DeliveryLimits } from './delivery-limits.js';

/** Milliseconds in which a connection must be made. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * The connections of one Subscription to one consumer, each an undici client with at most one request. Attempts beyond their number wait here, where they can
 * be called off: in a queue of undici they would stay, body and all, until a connection came free.
 *
 * undici's own pool takes a connection for busy until after the callback that ends its request. An event that follows within that callback, as most do,
 * would open another connection, and a Subscription would come to hold twice as many as it has events under way.
 */
export class OriginPool implements ConnectionHolder {
  private readonly clients: Client[] = [];
  /** The one used last comes first, so that those that are not needed grow idle and are closed. */
  private readonly free: Client[] = [];
  private readonly waiting: Attempt[] = [];

  constructor(
    private readonly origin: string,
    private readonly limits: DeliveryLimits,
    readonly answerBytes: FairShare,
  ) {}

  get maxResponseBytes(): number {
    return this.limits.maxResponseBytes;
  }

  get idle(): boolean {
    return this.free.length === this.clients.length;
  }

  submit(attempt: Attempt): void {
    const client = this.free.pop() ?? this.newClient();
    if (client) this.start(attempt, client);
    else this.waiting.push(attempt);
  }

  onCancelled(attempt: Attempt): void {
    this.waiting.splice(this.waiting.indexOf(attempt), 1);
  }

  onReleased(client: Client): void {
    const next = this.waiting.shift();
    if (next) this.start(next, client);
    else this.free.push(client);
  }

  /** Ends every connection; what is under way fails. */
  async destroy(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.destroy()));
  }

  private newClient(): Client | undefined {
    if (this.clients.length >= this.limits.connectionsPerOrigin) return undefined;
    const client = new Client(this.origin, {
      // With more than one request on its way per connection, undici repeats those behind a lost one without telling.
      pipelining: 1,
      allowH2: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // An attempt has its own time-out, over all of it.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.clients.push(client);
    return client;
  }

  private start(attempt: Attempt, client: Client): void {
    attempt.start(client);
    const { address, headers, body } = attempt.posting;
    client.dispatch({ method: 'POST', path: address.path, headers, body }, attempt);
  }
}
