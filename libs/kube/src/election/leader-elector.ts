import { LEASE, sleep, type Clock, type Lease, type Logger, type ObjectMeta, type Timer } from '@millrace/eventing-api';
import type { KubeClient } from '../client/kube-client.types.js';
import { hasReason } from '../client/kube-errors.js';
import type { LeaderElection, LeadershipCallbacks } from './leader-election.types.js';
import { givenBack, heldBy, newLease } from './lease-record.js';
import { ObservedLease } from './observed-lease.js';

export interface LeaderElectorOptions extends LeadershipCallbacks {
  readonly client: KubeClient;
  readonly namespace: string;
  /** Name of the Lease. */
  readonly name: string;
  /** Unique among the replicas, and among the lives of one: `<pod>_<random>`. */
  readonly identity: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A Lease that did not change for this long may be taken over. Default 15 s. */
  readonly leaseDurationMs?: number | undefined;
  /** A holder that could not renew for this long stops leading. Must be less than the lease duration. Default 10 s. */
  readonly renewDeadlineMs?: number | undefined;
  /** Wait between two attempts to take or renew the Lease; who does not lead adds up to 20 %. Default 2 s. */
  readonly retryPeriodMs?: number | undefined;
  /**
   * False where no other replica is meant to run: the Lease is taken from whoever has it, without a wait, and only tells the others that this process lives.
   * Default true.
   */
  readonly exclusive?: boolean | undefined;
  /** Annotations of the Lease while we hold it. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** The term of a leader: from taking the Lease to losing it. */
interface Term {
  readonly abort: AbortController;
  deadline: Timer;
}

/**
 * Leadership by a `coordination.k8s.io/v1` Lease, with the defaults and rules of client-go's `leaderelection`: whether a holder is gone is judged by how
 * long *we* have not seen its Lease change, never by its clock; a holder that cannot renew gives up before anybody may take over.
 */
export class LeaderElector implements LeaderElection {
  readonly #options: LeaderElectorOptions;
  readonly #leaseDurationMs: number;
  readonly #renewDeadlineMs: number;
  readonly #retryPeriodMs: number;
  readonly #abort = new AbortController();
  #running: Promise<void> | undefined;
  #term: Term | undefined;
  /** Settled when the last term has been wound up. */
  #woundUp: Promise<void> = Promise.resolve();
  readonly #observed = new ObservedLease();
  /** The Lease as we wrote it last: renewed without reading it again, as long as nobody else writes. */
  #written: Lease | undefined;
  /** True from a failed attempt to the next that is answered, so that a lasting failure is one warning. */
  #troubled = false;
  /** Ends waiting for the attempt that is under way. */
  #interrupt: () => void = () => undefined;

  constructor(options: LeaderElectorOptions) {
    this.#options = options;
    this.#leaseDurationMs = options.leaseDurationMs ?? 15_000;
    this.#renewDeadlineMs = options.renewDeadlineMs ?? 10_000;
    this.#retryPeriodMs = options.retryPeriodMs ?? 2_000;
    if (this.#renewDeadlineMs >= this.#leaseDurationMs) {
      throw new RangeError('renewDeadlineMs must be less than leaseDurationMs, or two replicas could lead at a time');
    }
  }

  get isLeader(): boolean {
    return this.#term !== undefined;
  }

  start(): void {
    this.#running ??= this.#run(this.#abort.signal);
  }

  async stop(): Promise<void> {
    const led = this.isLeader;
    this.#abort.abort();
    this.#endTerm();
    this.#interrupt();
    await this.#running;
    await this.#woundUp;
    // An API that hangs must not hold up the end of the process.
    if (led) await Promise.race([this.#giveBack(), sleep(this.#options.clock, this.#retryPeriodMs)]);
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const interrupted = Promise.withResolvers<undefined>();
      this.#interrupt = () => interrupted.resolve(undefined);
      await Promise.race([this.#attempt(), interrupted.promise]);
      const jitter = this.isLeader ? 1 : 1 + Math.random() * 0.2;
      await sleep(this.#options.clock, this.#retryPeriodMs * jitter, signal).catch(() => undefined);
    }
  }

  /** Takes or renews the Lease if it may; a term begins or is prolonged from the moment *before* the request. */
  async #attempt(): Promise<void> {
    const term = this.#term;
    const { clock, logger, name } = this.#options;
    // Who has just lost leadership may still be winding up; leading again meanwhile would do things twice.
    await this.#woundUp;
    const askedAtMs = clock.now();
    try {
      const held = await this.#hold(askedAtMs);
      this.#troubled = false;
      // An attempt that was overtaken by the end of its term, or of us, says nothing any more.
      if (this.#abort.signal.aborted || this.#term !== term) return;
      if (held) this.#prolong(askedAtMs);
      else this.#endTerm();
    } catch (error) {
      this.#written = undefined;
      const contended = hasReason(error, 'Conflict') || hasReason(error, 'AlreadyExists');
      const level = contended || this.#troubled ? 'debug' : 'warn';
      this.#troubled ||= !contended;
      logger[level]('The Lease was not taken or renewed; trying again', { lease: name, error });
    }
  }

  /** True when the Lease is ours now. */
  async #hold(nowMs: number): Promise<boolean> {
    const { client, namespace, name, identity } = this.#options;
    const hold = { identity, nowMs, leaseDurationMs: this.#leaseDurationMs };
    const lease = this.#written ?? (await client.get(LEASE, { namespace, name }));
    if (lease === undefined) {
      this.#written = await client.create(LEASE, newLease(this.#annotated({ namespace, name }), hold));
      return true;
    }
    this.#observed.see(lease, this.#options.clock.now());
    if (!this.#mayTake(lease)) return false;
    const metadata = this.#annotated(lease.metadata);
    this.#written = await client.update(LEASE, { ...lease, metadata, spec: heldBy(lease.spec, hold) });
    return true;
  }

  #annotated(metadata: ObjectMeta): ObjectMeta {
    const { annotations } = this.#options;
    return annotations ? { ...metadata, annotations: { ...metadata.annotations, ...annotations } } : metadata;
  }

  #mayTake({ spec }: Lease): boolean {
    const { identity, exclusive = true, clock } = this.#options;
    const holder = spec?.holderIdentity ?? '';
    if (!exclusive || holder === '' || holder === identity) return true;
    return clock.now() > this.#observed.expiresAtMs(this.#leaseDurationMs);
  }

  #prolong(askedAtMs: number): void {
    const { clock } = this.#options;
    const leftMs = askedAtMs + this.#renewDeadlineMs - clock.now();
    // The answer took longer than it is good for.
    if (leftMs <= 0) return;
    const deadline = clock.schedule(leftMs, () => this.#endTerm());
    if (this.#term === undefined) {
      this.#beginTerm(deadline);
      return;
    }
    this.#term.deadline.cancel();
    this.#term.deadline = deadline;
  }

  #beginTerm(deadline: Timer): void {
    const { logger, name, identity, onStarted } = this.#options;
    const abort = new AbortController();
    this.#term = { abort, deadline };
    logger.info('Leading', { lease: name, identity });
    try {
      onStarted(abort.signal);
    } catch (error) {
      logger.error('Taking up leadership failed', { lease: name, error });
      this.#endTerm();
    }
  }

  #endTerm(): void {
    const term = this.#term;
    if (term === undefined) return;
    const { logger, name, identity, onStopped } = this.#options;
    this.#term = undefined;
    this.#written = undefined;
    term.deadline.cancel();
    term.abort.abort();
    this.#interrupt();
    logger.info('No longer leading', { lease: name, identity });
    this.#woundUp = (async () => {
      try {
        await onStopped?.();
      } catch (error) {
        logger.error('Winding up leadership failed', { lease: name, error });
      }
    })();
  }

  async #giveBack(): Promise<void> {
    const { client, namespace, name, identity, clock, logger } = this.#options;
    try {
      const lease = await client.get(LEASE, { namespace, name });
      if (lease?.spec?.holderIdentity !== identity) return;
      await client.update(LEASE, { ...lease, spec: givenBack(lease.spec, clock.now()) });
    } catch (error) {
      // The Lease runs out by itself.
      logger.debug('The Lease was not given back', { lease: name, error });
    }
  }
}
