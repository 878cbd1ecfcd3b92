import type { DriverChannel, DriverSubscription, StartPosition, StoredEvent } from '@millrace/eventing-api';
import { LogPosition } from './log-position.js';

/** What one Channel keeps: every event that was ever stored, and where each Subscription stands. */
export interface LogChannel {
  readonly log: { readonly event: StoredEvent; readonly storedAtMs: number }[];
  readonly positions: Map<string, LogPosition>;
}

/**
 * A store that can do everything that a store can: it outlives the drivers that are open on it, shares Subscriptions between them, orders by key, replays, and goes
 * away when told to. It proves that each requirement of the suite can be met; nothing else is made of it.
 */
export class LogStore {
  private readonly channels = new Map<string, LogChannel>();
  private away = false;
  private readonly killListeners: (() => void)[] = [];
  private readonly reviveListeners: (() => void)[] = [];
  /** Whether it says stored only of what a crash leaves. */
  syncs = true;

  get isAway(): boolean {
    return this.away;
  }

  /** Is called once. */
  onRevive(listener: () => void): void {
    this.reviveListeners.push(listener);
  }

  onKill(listener: () => void): void {
    this.killListeners.push(listener);
  }

  /** What was handed out and not settled comes again, once it is back. */
  kill(): void {
    this.away = true;
    if (!this.syncs) for (const channel of this.channels.values()) loseTheLast(channel);
    for (const listener of this.killListeners) listener();
    for (const position of this.positions()) position.takeBackAll();
  }

  revive(): void {
    this.away = false;
    for (const listener of this.reviveListeners.splice(0)) listener();
    for (const position of this.positions()) position.dispatchSoon();
  }

  /** @throws Error while the store is away */
  ensureChannel(channel: DriverChannel): { readonly isNew: boolean } {
    this.requirePresence();
    const key = keyOf(channel);
    const isNew = !this.channels.has(key);
    if (isNew) this.channels.set(key, { log: [], positions: new Map() });
    return { isNew };
  }

  /** @throws Error while the store is away */
  deleteChannel(channel: DriverChannel): void {
    this.requirePresence();
    for (const position of this.channel(channel)?.positions.values() ?? []) position.end();
    this.channels.delete(keyOf(channel));
  }

  channel(channel: DriverChannel): LogChannel | undefined {
    return this.channels.get(keyOf(channel));
  }

  position({ channel, name }: DriverSubscription): LogPosition | undefined {
    return this.channel(channel)?.positions.get(name);
  }

  /** @throws Error while the store is away, or the Channel is not there */
  ensureSubscription(subscription: DriverSubscription, start: StartPosition): void {
    this.requirePresence();
    const channel = this.channel(subscription.channel);
    if (!channel) throw new Error(`Channel ${subscription.channel.name} is not in the log`);
    if (channel.positions.has(subscription.name)) return;
    const position = new LogPosition(this, channel.log, firstOf(channel, start));
    channel.positions.set(subscription.name, position);
  }

  /** @throws Error while the store is away */
  deleteSubscription(subscription: DriverSubscription): void {
    this.requirePresence();
    this.position(subscription)?.end();
    this.channel(subscription.channel)?.positions.delete(subscription.name);
  }

  append(channel: LogChannel, event: StoredEvent): void {
    channel.log.push({ event, storedAtMs: Date.now() });
    for (const position of channel.positions.values()) position.add(channel.log.length - 1);
  }

  private requirePresence(): void {
    if (this.away) throw new Error('The log is away');
  }

  private *positions(): Iterable<LogPosition> {
    for (const { positions } of this.channels.values()) yield* positions.values();
  }
}

const UNSYNCED = 10;

function loseTheLast({ log, positions }: LogChannel): void {
  const lost = log.splice(-UNSYNCED).length;
  for (const position of positions.values()) position.lose(log.length, log.length + lost);
}

function firstOf({ log }: LogChannel, start: StartPosition): number {
  if (start === 'now') return log.length;
  if (start === 'earliest') return 0;
  const first = log.findIndex(({ storedAtMs }) => storedAtMs >= start.time.getTime());
  return first < 0 ? log.length : first;
}

function keyOf({ uid, purpose }: DriverChannel): string {
  return `${uid}/${purpose}`;
}
