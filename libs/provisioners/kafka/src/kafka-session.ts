import { sleep, within, type Clock } from '@millrace/eventing-api';
import type { Admin, Cluster } from 'kafkajs';
import { BROKER_SILENT, faultOf, kafkaError } from './kafka-errors.js';
import type { KafkaClients } from './kafka-clients.js';

/** The connections that administrative calls go over. */
interface Session {
  readonly admin: Admin;
  /** For requests that the admin client does not offer; not connected. */
  readonly cluster: Cluster;
  connecting: Promise<unknown> | undefined;
  /** Calls that have come to a good end. */
  answered: number;
  /** Calls under way. */
  calls: number;
  retired: boolean;
}

/** What a call may use. */
export type AdminAccess = Pick<Session, 'admin' | 'cluster'>;

/** What a client of kafkajs says of every topic once one that it was asked for is gone. */
const SPOILED = 'UNKNOWN_TOPIC_OR_PARTITION';

/** What brokers say until all of them have heard who looks after a group or a topic: a moment after a start, when it was made, or when it moves. */
const PASSING: ReadonlySet<string | undefined> = new Set([
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
]);
const PASSES_AFTER_MS = 200;

/**
 * Calls a cluster, within bounded time. A call that fails takes its connections with it, and is tried again at once where other calls may have spoiled them: kafkajs's
 * clients remember every topic that they were asked for the contents of, and fail for good once one of those is deleted.
 */
export class KafkaSession {
  private current: Session | undefined;
  private closed = false;

  constructor(
    private readonly clients: KafkaClients,
    private readonly clock: Clock,
  ) {}

  /** @throws Error that says in the broker's words why `what` could not be done */
  async call<T>(what: string, limitMs: number, action: (access: AdminAccess) => Promise<T>): Promise<T> {
    if (this.closed) throw new Error('The store is closed');
    try {
      return await within(this.clock, limitMs, this.callUntil(this.clock.now() + limitMs, action), BROKER_SILENT);
    } catch (error) {
      // One that has not answered in time may never do.
      if (this.current && this.current.calls > 0) this.retire(this.current);
      throw kafkaError(what, error);
    }
  }

  close(): void {
    this.closed = true;
    if (this.current) this.retire(this.current);
  }

  private async callUntil<T>(untilMs: number, action: (access: AdminAccess) => Promise<T>): Promise<T> {
    for (;;) {
      const session = (this.current ??= this.open());
      const isFresh = session.answered === 0;
      try {
        return await this.run(session, action);
      } catch (error) {
        this.retire(session);
        const { type } = faultOf(error);
        const passes = PASSING.has(type);
        if (this.closed || this.clock.now() >= untilMs) throw error;
        // One without a type is that of a connection: another broker may answer.
        const isSpoiled = type === SPOILED || type === undefined;
        if (!passes && (isFresh || !isSpoiled)) throw error;
        if (passes) await sleep(this.clock, PASSES_AFTER_MS);
      }
    }
  }

  private async run<T>(session: Session, action: (access: AdminAccess) => Promise<T>): Promise<T> {
    session.calls++;
    try {
      await (session.connecting ??= session.admin.connect());
      const result = await action(session);
      session.answered++;
      return result;
    } finally {
      session.calls--;
      this.disconnectUnused(session);
    }
  }

  private open(): Session {
    const { clients } = this;
    return {
      admin: clients.admin(),
      cluster: clients.cluster(),
      connecting: undefined,
      answered: 0,
      calls: 0,
      retired: false,
    };
  }

  private retire(session: Session): void {
    session.retired = true;
    if (this.current === session) this.current = undefined;
    this.disconnectUnused(session);
  }

  private disconnectUnused(session: Session): void {
    if (!session.retired || session.calls > 0) return;
    for (const client of [session.admin, session.cluster]) client.disconnect().catch(() => {});
  }
}
