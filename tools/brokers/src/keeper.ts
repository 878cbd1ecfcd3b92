import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

/** Reads what is to be ended until this process is gone, and ends it then. A frozen or busy server needs SIGKILL; what it wrote is thrown away anyway. */
const SCRIPT = `
trap '' HUP INT TERM
processes= containers=
while read -r what names; do
  case $what in
    processes) processes=$names ;;
    containers) containers=$names ;;
  esac
done
if [ -n "$processes" ]; then
  kill -9 $processes
  sleep 1
fi
[ -z "$containers" ] || docker rm --force --volumes $containers
rm -rf "$1"
`;

/** Leaves nothing of this process behind, however it ends (`kill -9` included): servers, containers, files. */
export class Keeper {
  /** For the files of what this process starts; goes with it. */
  readonly folder = mkdtempSync(join(tmpdir(), 'millrace-brokers-'));
  readonly #processes = new Set<number>();
  readonly #containers = new Set<string>();
  readonly #orders: Writable;

  constructor() {
    // Of its own session: what ends the whole group of this process (Ctrl-C) must not end it.
    const shell = spawn('/bin/sh', ['-c', SCRIPT, 'millrace-brokers-keeper', this.folder], {
      cwd: tmpdir(),
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    shell.unref();
    this.#orders = shell.stdin;
    (shell.stdin as Writable & { unref(): void }).unref();
  }

  keepProcess(pid: number): void {
    this.#processes.add(pid);
    this.#tell();
  }

  /** To be called as soon as it is gone: its number may be given to another. */
  forgetProcess(pid: number): void {
    this.#processes.delete(pid);
    this.#tell();
  }

  keepContainer(id: string): void {
    this.#containers.add(id);
    this.#tell();
  }

  forgetContainer(id: string): void {
    this.#containers.delete(id);
    this.#tell();
  }

  #tell(): void {
    this.#orders.write(`processes ${[...this.#processes].join(' ')}\ncontainers ${[...this.#containers].join(' ')}\n`);
  }
}

let keeper: Keeper | undefined;

/** The keeper of this process. */
export function keeperOfThisProcess(): Keeper {
  keeper ??= new Keeper();
  return keeper;
}
