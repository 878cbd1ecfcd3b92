import { createServer } from 'node:net';

/** Below the range that Linux, macOS and Docker take ports from by themselves: a killed server finds its own free again. Each worker of vitest has a share of its own. */
const PORTS_OF_WORKER = 1_250;
const WORKERS = 8;
const LOWEST = 20_000 + (Number(process.env['VITEST_POOL_ID'] ?? 0) % WORKERS) * PORTS_OF_WORKER;
const HIGHEST = LOWEST + PORTS_OF_WORKER - 1;
const TRIES = 1_000;

const given = new Set<number>();

/** A port of 127.0.0.1 that nobody listens on; never the same twice in one process. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1));
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port between ${LOWEST} and ${HIGHEST} was found.`);
}

/** Whether somebody could listen on this port of 127.0.0.1 now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}
