import { ManualClock } from '@millrace/testing';
import type { Msg } from 'nats';
import { expect, it } from 'vitest';
import { Acknowledger } from './acknowledger.js';
import type { StoreConnection } from './store-connection.js';

it('An acknowledgement whose answer does not come is forgotten when others follow', () => {
  let answer: (error: null, message: Partial<Msg>) => void = () => {};
  const replies: string[] = [];
  const client = {
    subscribe: (_: string, { callback }: { callback: typeof answer }) => (answer = callback),
    publish: (_: string, __: Buffer, { reply }: { reply: string }) => replies.push(reply),
  };
  const connection = { isConnected: true, client, listen: () => () => {}, sendSoon: (send: () => void) => send() };
  const clock = new ManualClock();
  const acknowledger = new Acknowledger(connection as unknown as StoreConnection, clock);
  const outcomes: string[] = [];
  acknowledger.acknowledge('lost', (outcome) => outcomes.push(`lost ${outcome}`));
  clock.advance(10_001);
  acknowledger.acknowledge('next', (outcome) => outcomes.push(`next ${outcome}`));
  for (const subject of replies) answer(null, { subject, data: Buffer.alloc(0) });
  expect(outcomes).toEqual(['next confirmed']);
});
