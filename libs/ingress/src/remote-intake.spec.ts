import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IntakeRequest } from '@millrace/delivery';
import { systemClock } from '@millrace/eventing-api';
import { expect, it, onTestFinished } from 'vitest';
import { RemoteIntake } from './remote-intake.js';

const REQUEST: IntakeRequest = {
  channel: { namespace: 'default', name: 'orders', uid: 'u' },
  events: [],
  rawHeaders: [],
  body: Buffer.from('{}'),
};
/** So far apart that only the one that applies can end the wait. */
const [AT_ONCE, NEVER] = [100, 3_600_000];

/** The address of a provisioner that takes requests and answers none. */
async function silentProvisioner(): Promise<string> {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function intake(onceStoredMs: number, onceDeliveredMs: number): RemoteIntake {
  const remote = new RemoteIntake(systemClock, { onceStoredMs, onceDeliveredMs });
  onTestFinished(() => remote.close());
  return remote;
}

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
