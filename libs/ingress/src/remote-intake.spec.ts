import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IntakeRequest } from '@millrace/delivery';
import { systemClock, type Clock } from '@millrace/eventing-api';
import { ManualClock } from '@millrace/testing';
import { expect, it, onTestFinished } from 'vitest';
import { CONNECTIONS_PER_PROVISIONER as CONNECTIONS, RemoteIntake } from './remote-intake.js';

const REQUEST: IntakeRequest = {
  channel: { namespace: 'default', name: 'orders', uid: 'u' },
  events: [],
  rawHeaders: [],
  body: Buffer.from('{}'),
};
/** So far apart that only the one that applies can end the wait. */
const [AT_ONCE, NEVER] = [100, 3_600_000];

/** The address of a provisioner that takes requests and answers none. */
async function silentProvisioner(onRequest: (request: IncomingMessage) => void = () => {}): Promise<string> {
  const server = createServer(onRequest).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function intake(onceStoredMs: number, onceDeliveredMs: number, clock: Clock = systemClock): RemoteIntake {
  const remote = new RemoteIntake(clock, { onceStoredMs, onceDeliveredMs });
  onTestFinished(() => remote.close());
  return remote;
}

it('A request that waits for a connection to a silent provisioner is given up when its time is over, too, and never sent', async () => {
  const ids: unknown[] = [];
  const url = await silentProvisioner(({ headers }) => ids.push(headers['ce-id']));
  const clock = new ManualClock();
  const remote = intake(AT_ONCE, NEVER, clock);
  const post = (id: string) => remote.accept(url, { ...REQUEST, rawHeaders: ['ce-id', id] }, false);
  const answers = Array.from({ length: 3 * CONNECTIONS }, () => post('early'));
  await expect.poll(() => ids.length).toBe(CONNECTIONS);
  clock.advance(AT_ONCE);
  const message = expect.stringContaining(`no answer within ${AT_ONCE} ms`);
  for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ code: 'unavailable', message });
  const last = post('last');
  await expect.poll(() => ids.at(-1)).toBe('last');
  expect(ids).toHaveLength(CONNECTIONS + 1);
  clock.advance(AT_ONCE);
  await last;
});

it.each([
  ['stores', false, AT_ONCE, NEVER],
  ['waits for its subscribers', true, NEVER, AT_ONCE],
])(
  'A provisioner that %s and falls silent is given up when its time is over',
  async (_, delivers, stored, delivered) => {
    const result = await intake(stored, delivered).accept(await silentProvisioner(), REQUEST, delivers);
    expect(result).toMatchObject({ outcome: 'rejected', code: 'unavailable', retryAfterMs: expect.any(Number) });
  },
);
