import type { Message } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { PartitionBatcher } from './partition-batcher.js';
import { PendingPublish } from './pending-publish.js';

/** A broker that answers when it is told to. */
class SlowBroker {
  readonly batches: string[][] = [];
  private readonly answers: PromiseWithResolvers<undefined>[] = [];

  readonly send = (messages: Message[]): Promise<undefined> => {
    this.batches.push(messages.map(({ value }) => String(value)));
    const answer = Promise.withResolvers<undefined>();
    this.answers.push(answer);
    return answer.promise;
  };

  async answer(error?: Error): Promise<void> {
    const answer = this.answers.shift();
    if (error) answer?.reject(error);
    else answer?.resolve(undefined);
    await nextTurn();
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const tooLarge = () => Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' });

function publishing(broker: SlowBroker, maxBatchBytes = 512 * 1024) {
  const gone: PendingPublish[] = [];
  const batcher = new PartitionBatcher(
    broker.send,
    (publish) => gone.push(publish),
    () => maxBatchBytes,
  );
  const publish = (value: string, options: { bytes?: number; dueMs?: number } = {}) => {
    const { bytes = 100, dueMs = 1000 } = options;
    const pending = new PendingPublish({ value }, bytes, dueMs, undefined, () => {});
    batcher.add(pending);
    return pending;
  };
  return { batcher, publish, gone };
}

describe('publishing to one partition', () => {
  it('sends what came while a batch was under way as the next one, and never two at a time', async () => {
    const broker = new SlowBroker();
    const { publish } = publishing(broker);
    const first = publish('1');
    await nextTurn();
    const others = ['2', '3', '4'].map((value) => publish(value));
    await nextTurn();
    expect(broker.batches).toEqual([['1']]);
    await broker.answer();
    expect(await first.result).toEqual({ outcome: 'stored' });
    expect(broker.batches).toEqual([['1'], ['2', '3', '4']]);
    await broker.answer();
    for (const { result } of others) expect(await result).toEqual({ outcome: 'stored' });
  });

  it('ends a batch before it is too large for the topic', async () => {
    const broker = new SlowBroker();
    const { publish } = publishing(broker, 5000);
    for (const value of ['1', '2', '3']) publish(value, { bytes: 2500 });
    await nextTurn();
    expect(broker.batches).toEqual([['1', '2']]);
    await broker.answer();
    expect(broker.batches).toEqual([['1', '2'], ['3']]);
  });

  it('lets one bad event fail alone', async () => {
    const broker = new SlowBroker();
    const { publish, gone } = publishing(broker);
    const results = ['1', 'bad', '3'].map((value) => publish(value).result);
    await nextTurn();
    await broker.answer(tooLarge());
    await broker.answer();
    await broker.answer(tooLarge());
    await broker.answer();
    expect(await Promise.all(results)).toMatchObject([
      { outcome: 'stored' },
      { code: 'too-large' },
      { outcome: 'stored' },
    ]);
    expect(broker.batches).toEqual([['1', 'bad', '3'], ['1'], ['bad'], ['3']]);
    expect(gone).toHaveLength(3);
  });

  it('answers what is due although the broker says nothing, and does not send it later', async () => {
    const broker = new SlowBroker();
    const { batcher, publish, gone } = publishing(broker);
    const sent = publish('sent', { dueMs: 10 });
    await nextTurn();
    const [due, later] = [publish('due', { dueMs: 10 }), publish('later', { dueMs: 20 })];
    batcher.answerOverdue(15, { outcome: 'refused', code: 'timeout', message: 'late' });
    expect(await sent.result).toMatchObject({ code: 'timeout' });
    expect(await due.result).toMatchObject({ code: 'timeout' });
    expect(gone).toEqual([due]);
    await broker.answer();
    await broker.answer();
    expect(await later.result).toEqual({ outcome: 'stored' });
    expect(broker.batches).toEqual([['sent'], ['later']]);
    expect(gone).toHaveLength(3);
  });
});
