import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerNode } from '../broker.types.js';
import type { Keeper } from '../keeper.js';
import type { ServerCommand } from './native.types.js';

const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 10_000;
const READY_POLL_MS = 25;
const LOG_TAIL_LINES = 30;

/** A server as a process of this machine. With a keeper it ends with this process, else it outlives it. */
export class ServerProcess implements BrokerNode {
  readonly address: string;
  #command: ServerCommand;
  readonly #keeper: Keeper | undefined;
  #starting: Promise<void> | undefined;
  #running: { readonly child: ChildProcess; readonly gone: Promise<void> } | undefined;

  constructor(command: ServerCommand, keeper?: Keeper) {
    this.address = `127.0.0.1:${command.port}`;
    this.#command = command;
    this.#keeper = keeper;
  }

  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  /** How it is started from now on. */
  set command(command: ServerCommand) {
    this.#command = command;
  }

  start(): Promise<void> {
    if (!this.#running) this.#starting = this.#start();
    return this.#starting ?? Promise.resolve();
  }

  async #start(): Promise<void> {
    const { logFile } = this.#command;
    const logStart = existsSync(logFile) ? statSync(logFile).size : 0;
    this.#launch();
    const since = Date.now();
    for (;;) {
      const log = readFileSync(logFile).subarray(logStart).toString();
      const isGone = this.#running === undefined;
      if (!isGone && (await this.#command.isReady(log))) return;
      const isLate = Date.now() - since > START_LIMIT_MS;
      if (isGone || isLate) {
        await this.kill();
        const what = isGone ? 'ended instead of starting' : `did not answer within ${START_LIMIT_MS / 1000} s`;
        throw new Error(`${this.#command.title} ${what}. The end of its log:\n${tail(log)}`);
      }
      await sleep(READY_POLL_MS);
    }
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to end (SIGTERM), and kills it if it takes longer than `limitMs`. Idempotent. */
  async stop(limitMs = STOP_LIMIT_MS): Promise<void> {
    const running = this.#running;
    if (!running) return;
    const limit = setTimeout(() => running.child.kill('SIGKILL'), limitMs);
    running.child.kill('SIGCONT');
    await this.#end('SIGTERM');
    clearTimeout(limit);
  }

  freeze(): void {
    this.#running?.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#running?.child.kill('SIGCONT');
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const running = this.#running;
    if (!running) return;
    running.child.ref();
    running.child.kill(signal);
    await running.gone;
  }

  #launch(): void {
    const { program, args, folder, logFile } = this.#command;
    const log = openSync(logFile, 'a');
    // A group of its own: Ctrl-C is for the test, which may still need it.
    const child = spawn(program, args, { cwd: folder, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    child.unref();
    const { pid } = child;
    if (pid !== undefined) this.#keeper?.keepProcess(pid);
    const gone = new Promise<void>((resolve) => {
      const onGone = () => {
        if (pid !== undefined) this.#keeper?.forgetProcess(pid);
        this.#running = undefined;
        resolve();
      };
      child.once('exit', onGone);
      child.once('error', onGone);
    });
    this.#running = { child, gone };
  }
}

function tail(log: string): string {
  return log.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
}
