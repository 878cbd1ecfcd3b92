import type { PublishResult } from '@millrace/eventing-api';
import type { Message } from 'kafkajs';
import { isFaultOfOneEvent, refusalOf, STORED } from '../kafka-refusals.js';
import type { PendingPublish } from './pending-publish.js';

const MAX_BATCH_EVENTS = 500;

/** Sends records to one partition; resolves when the broker has acknowledged all. */
export type SendToPartition = (messages: Message[]) => Promise<unknown>;

/**
 * Publishes to one partition, one batch at a time: what comes while a batch is under way makes the next one, so that load makes the batches and a lone event waits for
 * nothing. Two batches at a time could change places when one is tried again, and with them the events of a key.
 */
export class PartitionBatcher {
  private pending: PendingPublish[] = [];
  private sending: PendingPublish[] = [];
  private isScheduled = false;

  /**
   * @param onGone hears of each publish that waits no more, with its answer or without one
   * @param maxBatchBytes what a batch of several events may take
   */
  constructor(
    private readonly send: SendToPartition,
    private readonly onGone: (publish: PendingPublish) => void,
    private readonly maxBatchBytes: () => number,
  ) {}

  /** Whether a batch is under way. */
  get busy(): boolean {
    return this.sending.length > 0;
  }

  get waiting(): number {
    return this.pending.length;
  }

  add(publish: PendingPublish): void {
    this.pending.push(publish);
    if (this.busy || this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(this.flush);
  }

  /** Answers everything that waits. */
  answerAll(result: PublishResult): void {
    for (const publish of this.sending) publish.answer(result);
    const { pending } = this;
    this.pending = [];
    for (const publish of pending) this.end(publish, result);
  }

  /** Answers what is due; the order in which publishes came is the order in which they are due. */
  answerOverdue(nowMs: number, result: PublishResult): void {
    for (const publish of this.sending) if (publish.dueMs <= nowMs) publish.answer(result);
    let overdue = 0;
    while ((this.pending[overdue]?.dueMs ?? Infinity) <= nowMs) overdue++;
    for (const publish of this.pending.splice(0, overdue)) this.end(publish, result);
  }

  private readonly flush = (): void => {
    this.isScheduled = false;
    if (this.busy) return;
    this.sending = this.nextBatch();
    if (this.busy) void this.sendBatch(this.sending);
  };

  /** What has its answer already is left out: its producer was told that it may not be stored. */
  private nextBatch(): PendingPublish[] {
    const batch: PendingPublish[] = [];
    const maxBytes = this.maxBatchBytes();
    let bytes = 0;
    let taken = 0;
    for (const publish of this.pending) {
      if (batch.length === MAX_BATCH_EVENTS || (batch.length > 0 && bytes + publish.bytes > maxBytes)) break;
      taken++;
      if (publish.answered) {
        this.onGone(publish);
        continue;
      }
      batch.push(publish);
      bytes += publish.bytes;
    }
    if (taken === this.pending.length) this.pending = [];
    else this.pending.splice(0, taken);
    return batch;
  }

  private async sendBatch(batch: PendingPublish[]): Promise<void> {
    const error = await this.trySend(batch);
    if (error !== undefined && batch.length > 1 && isFaultOfOneEvent(error)) await this.sendOneByOne(batch);
    else this.endAll(batch, error === undefined ? STORED : refusalOf(error));
    this.sending = [];
    this.flush();
  }

  /** One bad event must fail alone. */
  private async sendOneByOne(batch: readonly PendingPublish[]): Promise<void> {
    for (const publish of batch) {
      const error = await this.trySend([publish]);
      this.end(publish, error === undefined ? STORED : refusalOf(error));
    }
  }

  private async trySend(batch: readonly PendingPublish[]): Promise<unknown> {
    try {
      await this.send(batch.map(({ message }) => message));
      return undefined;
    } catch (error) {
      return error;
    }
  }

  private endAll(batch: readonly PendingPublish[], result: PublishResult): void {
    for (const publish of batch) this.end(publish, result);
  }

  private end(publish: PendingPublish, result: PublishResult): void {
    publish.answer(result);
    this.onGone(publish);
  }
}
