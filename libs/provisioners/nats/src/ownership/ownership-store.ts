import { RareWarning, type DriverContext } from '@millrace/eventing-api';
import { DiscardPolicy, nanos, RetentionPolicy, StorageType } from 'nats';
import { OWNERS_STREAM, OWNERS_SUBJECTS } from '../names.js';
import type { StoreConnection } from '../store-connection.js';
import { JETSTREAM, jetStreamCode, storeError, storeWords } from '../store-error.js';
import type { OwnershipRecord } from './ownership-record.js';

/** A record as it was read or written; revision 0 = there is none. */
export interface StoredRecord {
  readonly revision: number;
  readonly record: OwnershipRecord | undefined;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const ANSWER_TIMEOUT_MS = 2_000;

/** Keeps ownership records in a stream of their own, the last of each subject, on file: who owns what must outlive a restart of the server. */
export class OwnershipStore {
  /** As many as any Channel that was ensured or consumed here asks for. */
  private replicas = 1;
  private readonly faults: RareWarning;

  constructor(
    private readonly connection: StoreConnection,
    { logger, clock }: DriverContext,
  ) {
    this.faults = new RareWarning(logger, clock, 'Who consumes which partition is not agreed on: nothing is delivered');
  }

  /**
   * Makes the stream where it is missing.
   *
   * @param replicas on how many servers it is to be at least: what of a Channel can be read without a server must be consumed without it, too
   */
  async ensure(replicas = 1): Promise<void> {
    const { streams } = this.connection.manager;
    this.want(replicas);
    try {
      const { config } = await streams.info(OWNERS_STREAM);
      if (config.num_replicas < replicas) await streams.update(OWNERS_STREAM, { num_replicas: replicas });
    } catch (error) {
      if (jetStreamCode(error) !== JETSTREAM.streamNotFound)
        throw storeError(`${OWNERS_STREAM} could not be read or changed`, error);
      await this.make();
    }
  }

  /** On how many servers at least the stream is to be made: whoever consumes makes it anew, too, where somebody has deleted it. */
  want(replicas: number): void {
    this.replicas = Math.max(this.replicas, replicas);
  }

  async read(subject: string): Promise<StoredRecord> {
    try {
      const message = await this.connection.manager.streams.getMessage(OWNERS_STREAM, { last_by_subj: subject });
      return { revision: message.seq, record: message.json<OwnershipRecord>() };
    } catch (error) {
      if ((error as { code?: string }).code === '404' && jetStreamCode(error) !== JETSTREAM.streamNotFound) {
        return { revision: 0, record: undefined };
      }
      throw error;
    }
  }

  /** Replaces the record of this revision. Resolves to the new revision, or undefined where somebody else was faster. */
  async write(subject: string, record: OwnershipRecord, revision: number): Promise<number | undefined> {
    try {
      const options = { expect: { lastSubjectSequence: revision }, timeout: ANSWER_TIMEOUT_MS };
      const { seq } = await this.connection.client.jetstream().publish(subject, JSON.stringify(record), options);
      return seq;
    } catch (error) {
      if (jetStreamCode(error) === JETSTREAM.wrongLastSequence) return undefined;
      throw error;
    }
  }

  /** Tells why a Subscription is consumed by nobody here; where there is no connection, that has been told already. */
  tellFault(subject: string, error: unknown): void {
    if (this.connection.isConnected) this.faults.tell(() => ({ subject, fault: storeWords(error) }));
  }

  private async make(): Promise<void> {
    try {
      await this.connection.manager.streams.add({
        name: OWNERS_STREAM,
        description: 'Millrace: which process consumes which partition',
        subjects: [OWNERS_SUBJECTS],
        retention: RetentionPolicy.Limits,
        storage: StorageType.File,
        num_replicas: this.replicas,
        max_msgs_per_subject: 1,
        max_age: nanos(DAY_MS),
        discard: DiscardPolicy.Old,
        duplicate_window: nanos(1000),
      });
    } catch (error) {
      if (jetStreamCode(error) === JETSTREAM.streamNameInUse) return;
      throw storeError(`${OWNERS_STREAM} could not be made`, error);
    }
  }
}
