import { ManualClock } from '@millrace/testing';
import type { Msg } from 'nats';
import { expect, it, vi } from 'vitest';
import type { Acknowledger, AcknowledgementOutcome } from '../acknowledger.js';
import type { StoreConnection } from '../store-connection.js';
import { PartitionReader } from './partition-reader.js';
import { playedEvent } from '../../test/played-server.js';

/** A reader whose server is played by the test: it hands out messages, answers acknowledgements, and counts. */
function openReader(acknowledge: Acknowledger['acknowledge'], onPull = () => {}) {
  let onMessage: (error: null, message: Partial<Msg>) => void = () => {};
  const client = {
    subscribe: (_: string, { callback }: { callback: typeof onMessage }) => {
      onMessage = callback;
      return { unsubscribe: () => {} };
    },
    publish: () => queueMicrotask(onPull),
  };
  const connection = { isConnected: true, client } as unknown as StoreConnection;
  const acknowledger = { acknowledge } as unknown as Acknowledger;
  const state = { inDelivery: 0, lastDelivery: 0, lastSequence: 0 };
  const durableState = vi.fn(() => Promise.resolve(state));
  const listener = { onReady: vi.fn(), onSettled: () => {}, onGone: vi.fn(), onFault: () => {} };
  const services = { connection, clock: new ManualClock(), acknowledger, ackWaitMs: 1_000, durableState };
  const reader = new PartitionReader({ stream: 'stream', durable: 'durable' }, services, listener);
  reader.open(false);
  // No CloudEvents: each is acknowledged at once.
  const deliver = (place: number, content: Partial<Msg> = { data: Buffer.from('?') }) =>
    onMessage(null, { subject: 'kn.x.0', reply: `$JS.ACK.s.c.1.${place}.${place}.0.0`, ...content });
  return { reader, listener, state, durableState, deliver };
}

it('A consumer that answers nobody to every acknowledgement is looked for once at a time', async () => {
  const { listener, durableState, deliver } = openReader((_, onOutcome) => onOutcome('nobody'));
  await vi.waitFor(() => expect(listener.onReady).toHaveBeenCalledOnce());
  durableState.mockClear();
  const lost = Promise.withResolvers<undefined>();
  durableState.mockReturnValue(lost.promise as never);
  for (let place = 1; place <= 50; place++) deliver(place);
  expect(durableState).toHaveBeenCalledOnce();
  lost.resolve(undefined);
  await vi.waitFor(() => expect(listener.onGone).toHaveBeenCalledOnce());
});

it('A settled message whose acknowledgement has no answer does not stand for one that is missing', async () => {
  const unanswered: ((outcome: AcknowledgementOutcome) => void)[] = [];
  const { reader, listener, state, durableState, deliver } = openReader((_, onOutcome) => unanswered.push(onOutcome));
  await vi.waitFor(() => expect(listener.onReady).toHaveBeenCalledOnce());
  deliver(1);
  listener.onReady.mockClear();
  durableState.mockClear();
  // The server knows that 1 is settled, and has handed out 2, which got lost on its way.
  Object.assign(state, { inDelivery: 1, lastDelivery: 2, lastSequence: 2 });
  reader.open(true);
  await vi.waitFor(() => expect(durableState).toHaveBeenCalledOnce());
  await new Promise((resolve) => setImmediate(resolve));
  expect(listener.onReady).not.toHaveBeenCalled();
  // It is handed out again and settled.
  state.inDelivery = 0;
  for (const onOutcome of unanswered) onOutcome('confirmed');
  await vi.waitFor(() => expect(listener.onReady).toHaveBeenCalledOnce());
  reader.close();
});

it('A message that somebody has and keeps silent about is waited for, and not looked for among all that come after it', async () => {
  const rig = openReader(
    () => {},
    () => {
      // The server has more, and hands out one for each that it is asked for.
      const place = ++rig.state.lastDelivery;
      Object.assign(rig.state, { inDelivery: rig.state.inDelivery + 1, lastSequence: place });
      if (place < 1_000) rig.deliver(place, playedEvent(String(place)));
    },
  );
  // The first one went to somebody else.
  Object.assign(rig.state, { inDelivery: 1, lastDelivery: 1, lastSequence: 1 });
  for (let turns = 0; turns < 200; turns++) await new Promise((resolve) => setImmediate(resolve));
  expect(rig.state.lastDelivery).toBeLessThan(5);
  rig.reader.close();
});
