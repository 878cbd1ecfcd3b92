import type { Settlement } from '@millrace/eventing-api';
import { expect, it } from 'vitest';
import { answersCome, PlayedServer } from '../../test/played-server.js';

/** Never settles. */
const keep = () => new Promise<Settlement>(() => {});

it('What came while the lease seemed to be over is handed out when a renewal that was under way has saved it', async () => {
  const server = new PlayedServer();
  const handled: string[] = [];
  const consumption = server.consume((event) => {
    handled.push(event.id);
    return Promise.resolve('delivered');
  });
  await answersCome();
  const renewal = Promise.withResolvers<undefined>();
  server.answer = renewal.promise;
  server.clock.advance(server.leaseMs / 4);
  await answersCome();
  expect(server.owners.revision).toBe(2);
  server.clock.freeze(0.8 * server.leaseMs);
  // What the sockets hold is read in one go; the promise of the renewal settles after that.
  server.answer = Promise.resolve(undefined);
  renewal.resolve(undefined);
  server.deliver('1');
  await answersCome();
  server.clock.advance(server.leaseMs / 4);
  await answersCome();
  expect(handled).toEqual(['1']);
  await consumption.stop(AbortSignal.abort());
});

it('A partition that is owned anew is not given back by what gave it back before', async () => {
  const server = new PlayedServer();
  const drained = Promise.withResolvers<undefined>();
  server.draining = drained.promise;
  server.consume(keep);
  await answersCome();
  server.deliver('1');
  const { owners, members } = server.owners.record!;
  // Another process comes, is short of the partition, and dies.
  server.writeOwners({ owners, members: { '#': { beat: 1, leaseMs: server.leaseMs }, ...members } });
  await answersCome();
  server.clock.freeze(1.2 * server.leaseMs);
  server.clock.advance(0);
  await answersCome();
  server.clock.advance(20);
  await answersCome();
  const me = Object.keys(server.owners.record!.members).filter((member) => member !== '#');
  expect(me).toHaveLength(1);
  expect(me).not.toEqual(owners);
  expect(server.owners.record!.owners).toEqual(me);
  drained.resolve(undefined);
  await answersCome();
  server.clock.advance(500);
  await answersCome();
  expect(server.owners.record!.owners).toEqual(me);
});
