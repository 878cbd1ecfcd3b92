import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { StandaloneSettings } from './config.js';

/** The settings with a free port wherever 0 stands for any: the addresses of Channels name the port before it is listened on. */
export async function withFreePorts(settings: StandaloneSettings): Promise<StandaloneSettings> {
  return {
    ...settings,
    apiPort: settings.apiPort || (await freePort()),
    ingressPort: settings.ingressPort || (await freePort()),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
