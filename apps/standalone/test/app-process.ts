import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const WORKSPACE = join(import.meta.dirname, '../../..');
const START_TIMEOUT_MS = 60_000;

/** One of our apps as a process of its own, run from its build. */
export interface AppProcess {
  readonly app: string;
  /** The ports that it reported when it was ready to work. */
  readonly ports: Readonly<Record<string, number>>;
  /** URL of its `/livez`, `/readyz` and `/metrics`. */
  readonly management: string;
  /** Everything that it has written so far. */
  output(): string;
  /** Sends the signal and waits for the end; the exit code, or null after a signal that cannot be caught. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  readonly process: ChildProcess;
}

/** Starts an app and waits until it says that it has started; fails with its output when it ends first. */
export async function startApp(app: string, args: readonly string[]): Promise<AppProcess> {
  const main = join(WORKSPACE, 'apps', app, 'dist/main.js');
  if (!existsSync(main)) throw new Error(`${app} is not built: run npm run build`);
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...environmentWithoutSettings(), NO_COLOR: '1' },
  });
  const chunks: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const output = () => chunks.join('');
  const ports = await Promise.race([
    reportedPorts(child),
    exited.then(([code]) => Promise.reject(new Error(`${app} ended with ${String(code)}:\n${output()}`))),
  ]);
  return {
    app,
    ports,
    management: `http://127.0.0.1:${ports['management'] ?? 0}`,
    output,
    process: child,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}

/** Runs an app that is expected to end by itself. */
export async function runToEnd(app: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(WORKSPACE, 'apps', app, 'dist/main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environmentWithoutSettings(), NO_COLOR: '1' },
  });
  const chunks: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, output: chunks.join('') };
}

/** The system may give the same port again once it is closed, also to a suite that starts several stacks at once. */
const portsGiven = new Set<number>();

/**
 * Below the ports that systems give to outgoing connections, one of which could take the port while an app is restarted, and above those of test brokers. Each worker of a run
 * has a share of its own.
 */
const FIRST_PORT = 30_000;
const PORTS_OF_WORKER = 340;
const WORKERS = 8;

/** A port that nobody listens on now, and that was not given before. */
export async function freePort(): Promise<number> {
  const first = FIRST_PORT + (Number(process.env['VITEST_POOL_ID'] ?? 0) % WORKERS) * PORTS_OF_WORKER;
  const port = randomInt(first, first + PORTS_OF_WORKER);
  if (portsGiven.has(port)) return freePort();
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return freePort();
  }
  server.close();
  await once(server, 'close');
  portsGiven.add(port);
  return port;
}

function environmentWithoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('MILLRACE_') && name !== 'KUBECONFIG'),
  );
}

function reportedPorts(child: ChildProcess): Promise<Record<string, number>> {
  return new Promise((resolve, reject) => {
    const timeout = setTimeout(() => reject(new Error('not started in time')), START_TIMEOUT_MS);
    child.on('message', (message: { type?: string; ports?: Record<string, number> }) => {
      if (message.type !== 'millrace/ready') return;
      clearTimeout(timeout);
      resolve(message.ports ?? {});
    });
  });
}
