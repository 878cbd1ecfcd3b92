import { sleep, type Clock, type Logger } from '@millrace/eventing-api';
import type { ConnectionOptions, JetStreamManager, NatsConnection, Status } from 'nats';
import { dial, dialFault, whyNotConnected } from './dial.js';
import { LinkWatch } from './link-watch.js';
import { storeWords } from './store-error.js';

/** What somebody who uses the connection wants to hear of. */
export interface ConnectionListener {
  /** Connected for the first time, or again: subscriptions on an older `client` are void, and the server has forgotten what we asked for. */
  readonly onConnect?: () => void;
  /** The server refused a publish to, or a subscription of, this subject. */
  readonly onForbidden?: (subject: string, message: string) => void;
}

/** How long the server may take to answer a request of the control plane. */
const API_TIMEOUT_MS = 5_000;
/** More than an attempt takes, so that why the first one has failed is known when the store is open. */
const OPEN_LIMIT_MS = 5_500;
const CLOSE_TIMEOUT_MS = 2_000;
const REDIAL_AFTER_MS = 500;
const REDIAL_JITTER_MS = 250;
/** How often it is asked why the client does not get through. */
const ASK_WHY_EVERY_MS = 2_000;
const CLOSED = 'The store is closed';

/**
 * One connection to NATS, kept up for ever: the client reconnects by itself, but not before its first connection and not after it has given up, so that it is
 * dialled anew here.
 */
export class StoreConnection {
  private readonly listeners = new Set<ConnectionListener>();
  private readonly closing = new AbortController();
  private readonly firstAttempt = Promise.withResolvers<undefined>();
  private current: { readonly client: NatsConnection; readonly manager: JetStreamManager } | undefined;
  private connected = false;
  private askingWhy = false;
  /** Of the connection that there is. */
  private watch: LinkWatch | undefined;
  /** What is to be sent at the end of this turn of the event loop. */
  private outgoing: (() => void)[] = [];
  /** Rights that the server has refused us on this connection, each told once. */
  private readonly forbidden = new Set<string>();
  /** Why there is no connection, in the words of the server or the network. */
  private fault = 'not connected yet';

  constructor(
    private readonly options: ConnectionOptions,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Starts to connect. Resolves when that has worked, or failed once. */
  async open(): Promise<void> {
    void this.keepUp();
    await Promise.race([this.firstAttempt.promise, sleep(this.clock, OPEN_LIMIT_MS)]);
  }

  get isConnected(): boolean {
    return this.connected;
  }

  get isClosed(): boolean {
    return this.closing.signal.aborted;
  }

  /** Why nothing can be asked of the store now; undefined when it can. */
  get whyAway(): string | undefined {
    if (this.isClosed) return CLOSED;
    return this.connected ? undefined : `NATS cannot be reached: ${this.fault}`;
  }

  /** @throws Error while there is no connection */
  get client(): NatsConnection {
    return this.present.client;
  }

  /** @throws Error while there is no connection */
  get manager(): JetStreamManager {
    return this.present.manager;
  }

  /** The largest message that the server takes, headers included; undefined while there is no connection. */
  get maxPayloadBytes(): number | undefined {
    return this.current?.client.info?.max_payload;
  }

  /** Whether the server is known to have read what was sent at that time on the connection that there is; answers may still be on their way. */
  hasRead(sentAtMs: number): boolean {
    return this.watch?.hasRead(sentAtMs) ?? false;
  }

  /**
   * Sends with whatever else is sent in this turn of the event loop: the client makes one write of what it is given in one go, and a write costs more than an event does
   * otherwise. In the order of the calls; `send` must not throw, and asks for itself whether there is a connection by then.
   */
  sendSoon(send: () => void): void {
    if (this.outgoing.length === 0) setImmediate(this.sendOutgoing);
    this.outgoing.push(send);
  }

  listen(listener: ConnectionListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.closing.abort();
    const closing = this.current?.client.close();
    this.connected = false;
    this.watch?.stop();
    if (closing) await Promise.race([closing, sleep(this.clock, CLOSE_TIMEOUT_MS)]);
  }

  private readonly sendOutgoing = (): void => {
    const { outgoing } = this;
    this.outgoing = [];
    for (const send of outgoing) send();
  };

  private get present(): { readonly client: NatsConnection; readonly manager: JetStreamManager } {
    if (!this.current || !this.connected) throw new Error(this.whyAway);
    return this.current;
  }

  private async keepUp(): Promise<void> {
    while (!this.isClosed) {
      try {
        await this.connectOnce();
      } catch (error) {
        this.tellAway(dialFault(error, this.options));
      }
      this.firstAttempt.resolve(undefined);
      await sleep(this.clock, REDIAL_AFTER_MS + Math.random() * REDIAL_JITTER_MS, this.closing.signal).catch(() => {});
    }
  }

  /** Connects, and resolves when that connection has ended for good. */
  private async connectOnce(): Promise<void> {
    const client = await dial({
      ...this.options,
      maxReconnectAttempts: -1,
      reconnectTimeWait: REDIAL_AFTER_MS,
      reconnectJitter: REDIAL_JITTER_MS,
      // Credentials may come to be right.
      ignoreAuthErrorAbort: true,
    });
    try {
      if (this.isClosed) return;
      const manager = await client.jetstreamManager({ checkAPI: false, timeout: API_TIMEOUT_MS });
      this.current = { client, manager };
      this.tellConnected(client);
      this.firstAttempt.resolve(undefined);
      const error = await Promise.race([client.closed(), this.follow(client)]);
      if (error) this.tellAway(storeWords(error));
      else if (this.connected) this.tellAway('the connection was closed');
    } finally {
      await client.close();
    }
  }

  /** Never resolves: the client does not end its account of what happens when it is closed. */
  private async follow(client: NatsConnection): Promise<never> {
    for await (const status of client.status()) this.onStatus(client, status);
    return new Promise(() => {});
  }

  /** Ends a connection on which nothing comes any more, with all that waits in it to be sent; another one is dialled. */
  private drop(client: NatsConnection): void {
    this.tellAway('the server has fallen silent');
    void client.close();
  }

  private onStatus(client: NatsConnection, { type, data, permissionContext }: Status): void {
    switch (type as string) {
      case 'reconnect':
        this.tellConnected(client);
        break;
      case 'disconnect':
        // Also told after each attempt to connect that failed, when it is no news.
        if (this.connected) {
          this.tellAway('the connection was lost');
          void this.askWhyAway();
        }
        break;
      case 'error':
        if (permissionContext) this.tellForbidden(permissionContext);
        else if (!this.connected) this.tellAway(wordsOf(data));
    }
  }

  /** The client dials again by itself, and tells nobody why that fails. */
  private async askWhyAway(): Promise<void> {
    const isAway = () => !this.connected && !this.isClosed;
    if (this.askingWhy) return;
    this.askingWhy = true;
    while (isAway()) {
      await sleep(this.clock, ASK_WHY_EVERY_MS, this.closing.signal).catch(() => {});
      const fault = isAway() ? await whyNotConnected(this.options) : undefined;
      if (fault !== undefined && isAway()) this.tellAway(fault);
    }
    this.askingWhy = false;
  }

  private tellConnected(client: NatsConnection): void {
    this.connected = true;
    this.watch?.stop();
    this.watch = new LinkWatch(client, this.clock, () => this.drop(client));
    this.forbidden.clear();
    this.logger.info('Connected to NATS', { server: client.getServer() });
    for (const { onConnect } of [...this.listeners]) onConnect?.();
  }

  private tellAway(fault: string): void {
    // The client spells it in capitals at times.
    const isNews = this.connected || fault.toLowerCase() !== this.fault.toLowerCase();
    this.connected = false;
    this.watch?.stop();
    this.fault = fault;
    if (isNews && !this.isClosed) this.logger.warn('NATS cannot be reached', { fault });
  }

  private tellForbidden({ operation, subject }: { operation: string; subject: string }): void {
    const message = `Permissions Violation for ${operation === 'publish' ? 'Publish' : 'Subscription'} to "${subject}"`;
    const right = `${operation} ${broadly(subject)}`;
    if (!this.forbidden.has(right)) this.logger.warn('NATS refuses us a right', { right, fault: message });
    this.forbidden.add(right);
    for (const { onForbidden } of [...this.listeners]) onForbidden?.(subject, message);
  }
}

/** As rights are given: nearly every subject is of one event, one request or one Channel. */
function broadly(subject: string): string {
  const tokens = subject.split('.');
  return `${tokens.slice(0, tokens[0] === '$JS' ? 2 : 1).join('.')}.>`;
}

/** The client tells codes only: `AUTHORIZATION_VIOLATION`. */
function wordsOf(code: Status['data']): string {
  return typeof code !== 'string' ? 'error' : code.toLowerCase().replaceAll('_', ' ');
}
