import { expect, it } from 'vitest';
import type { Broker } from './broker.types.js';
import { shareBroker } from './share-broker.js';

class Brokers {
  started = 0;
  stopped = 0;

  readonly start = (): Promise<Broker> => {
    this.started += 1;
    const stop = () => {
      this.stopped += 1;
      return Promise.resolve();
    };
    return Promise.resolve({
      name: 'nats',
      way: 'native',
      version: '1',
      addresses: ['127.0.0.1:1'],
      nodes: [],
      lacks: [],
      stop,
    });
  };
}

it('is started once, and stopped when its last user lets go', async () => {
  const brokers = new Brokers();
  const [one, other] = await Promise.all([shareBroker('a', brokers.start), shareBroker('a', brokers.start)]);
  if ('notRun' in one || 'notRun' in other) throw new Error('not run');

  await Promise.all([one.stop(), one.stop()]);
  expect(brokers).toMatchObject({ started: 1, stopped: 0 });

  await other.stop();
  expect(brokers).toMatchObject({ started: 1, stopped: 1 });
});

it('is started anew after it was stopped', async () => {
  const brokers = new Brokers();
  for (const round of [1, 2]) {
    const broker = await shareBroker('b', brokers.start);
    if ('notRun' in broker) throw new Error('not run');
    await broker.stop();
    expect(brokers).toMatchObject({ started: round, stopped: round });
  }
});

it('is tried again after a failure', async () => {
  const brokers = new Brokers();
  await expect(shareBroker('c', () => Promise.reject(new Error('ended')))).rejects.toThrow('ended');
  await expect(shareBroker('c', () => Promise.resolve({ notRun: 'no' }))).resolves.toEqual({ notRun: 'no' });
  const broker = await shareBroker('c', brokers.start);
  expect(broker).toMatchObject({ version: '1' });
});
