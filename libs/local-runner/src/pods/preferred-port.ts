import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Pod } from '@millrace/eventing-api';

/** Below the ports that systems hand out by themselves. */
const FIRST_PORT = 20_000;
const PORTS = 12_000;

/**
 * Where a program should listen: the same port for the same Deployment at every start, so that whoever knew its address before a restart
 * finds it there; 0 (any free port) while somebody else has that port, as with a second replica.
 */
export async function preferredPort({ metadata }: Pod): Promise<number> {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller)?.name ?? metadata.name ?? '';
  const digest = createHash('sha256')
    .update(`${metadata.namespace ?? ''}/${owner}`)
    .digest();
  const port = FIRST_PORT + (digest.readUInt32BE(0) % PORTS);
  return (await isFree(port)) ? port : 0;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}
