import { spawn, type ChildProcess } from 'node:child_process';
import type { Clock } from '@millrace/eventing-api';
import type { ContainerLog } from './container-log.js';

/** Names of ports and where they are: `{ http: 40123 }`. */
export type Ports = Readonly<Record<string, number>>;

/** What to run. */
export interface ChildCommand {
  readonly main: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How a child ended. A signal counts as 128 and its number, as shells have it. */
export interface ChildExit {
  readonly exitCode: number;
  readonly message: string;
}

export interface ChildListener {
  /** It says that it is ready, and where it listens. */
  onReady(ports: Ports): void;
  /** It is gone. Called once. */
  onExit(exit: ChildExit): void;
}

const SIGNAL_NUMBERS: Partial<Record<NodeJS.Signals, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/**
 * One run of a program of this repository; its log is closed when all has been read. It leads a process group of its own, so that a Ctrl-C in the terminal does not reach it before its
 * turn; over the IPC channel it says when it is ready, and learns when its parent dies.
 */
export class Child {
  private readonly process: ChildProcess;
  private readonly ended = Promise.withResolvers<undefined>();
  private exited = false;

  constructor(
    command: ChildCommand,
    log: ContainerLog,
    private readonly clock: Clock,
    listener: ChildListener,
  ) {
    this.process = spawn(process.execPath, [command.main, ...command.args], {
      env: command.env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    if (this.process.stdout) log.attach(this.process.stdout);
    if (this.process.stderr) log.attach(this.process.stderr);
    this.process.on('message', (message) => {
      const ports = portsOfReadyMessage(message);
      if (ports !== undefined && !this.exited) listener.onReady(ports);
    });
    // What it said last may be read after its end.
    this.process.on('close', () => void log.close());
    this.process.on('exit', (code, signal) => this.end(listener, exitOf(code, signal)));
    this.process.on('error', (error) => {
      if (this.process.pid === undefined) this.end(listener, { exitCode: 127, message: error.message });
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Asks the child to end, after `graceMs` no longer asks. Resolves when it is gone. */
  async stop(graceMs: number): Promise<void> {
    if (this.exited) return;
    this.process.kill('SIGTERM');
    const kill = this.clock.schedule(graceMs, () => this.killGroup());
    await this.ended.promise;
    kill.cancel();
  }

  /** The child and whatever it started itself. */
  private killGroup(): void {
    try {
      if (this.process.pid !== undefined) process.kill(-this.process.pid, 'SIGKILL');
    } catch {
      this.process.kill('SIGKILL');
    }
  }

  private end(listener: ChildListener, exit: ChildExit): void {
    if (this.exited) return;
    this.exited = true;
    listener.onExit(exit);
    this.ended.resolve(undefined);
  }
}

function exitOf(code: number | null, signal: NodeJS.Signals | null): ChildExit {
  if (signal !== null) return { exitCode: 128 + (SIGNAL_NUMBERS[signal] ?? 0), message: `ended by ${signal}` };
  return { exitCode: code ?? 1, message: `exited with code ${code ?? 1}` };
}

/** `{ type: 'millrace/ready', ports }` is what every app of this repository sends when all of it has started. */
function portsOfReadyMessage(message: unknown): Ports | undefined {
  const { type, ports } = (message ?? {}) as { type?: unknown; ports?: unknown };
  if (type !== 'millrace/ready') return undefined;
  return typeof ports === 'object' && ports !== null ? (ports as Ports) : {};
}
