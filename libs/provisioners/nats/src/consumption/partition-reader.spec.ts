import { ManualClock } from '@millrace/testing';
import type { Msg } from 'nats';
import { expect, it, vi } from 'vitest';
import type { Acknowledger, AcknowledgementOutcome } from '../acknowledger.js';
import type { StoreConnection } from '../store-connection.js';
import { PartitionReader } from './partition-reader.js';

it('A consumer that answers nobody to every acknowledgement is looked for once at a time', async () => {
  let deliver: (error: null, message: Partial<Msg>) => void = () => {};
  const client = {
    subscribe: (_: string, { callback }: { callback: typeof deliver }) => {
      deliver = callback;
      return { unsubscribe: () => {} };
    },
    publish: () => {},
  };
  const connection = { isConnected: true, client } as unknown as StoreConnection;
  const acknowledge = (_: string, onOutcome: (outcome: AcknowledgementOutcome) => void) => onOutcome('nobody');
  const acknowledger = { acknowledge } as unknown as Acknowledger;
  const durableState = vi.fn(() => Promise.resolve({ inDelivery: 0, lastDelivery: 0 }));
  const listener = { onReady: () => {}, onSettled: () => {}, onGone: vi.fn(), onFault: () => {} };
  const services = { connection, clock: new ManualClock(), acknowledger, ackWaitMs: 1_000, durableState };
  const reader = new PartitionReader({ stream: 'stream', durable: 'durable' }, services, listener);
  reader.open(false);
  await vi.waitFor(() => expect(durableState).toHaveBeenCalledOnce());
  await new Promise((resolve) => setImmediate(resolve));
  durableState.mockClear();
  const lost = Promise.withResolvers<undefined>();
  durableState.mockReturnValue(lost.promise as never);
  // No CloudEvents: each is acknowledged at once.
  for (let place = 1; place <= 50; place++) {
    deliver(null, { subject: 'kn.x.0', reply: `$JS.ACK.s.c.1.${place}.${place}.0.0`, data: Buffer.from('?') });
  }
  expect(durableState).toHaveBeenCalledOnce();
  lost.resolve(undefined);
  await vi.waitFor(() => expect(listener.onGone).toHaveBeenCalledOnce());
});
