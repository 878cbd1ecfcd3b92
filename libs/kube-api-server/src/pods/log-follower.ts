import { open, stat, type FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { sleep, type Clock } from '@millrace/eventing-api';
import { selectLines, splitLines } from './log-lines.js';
import type { PodLogOptions } from './pod-log-options.js';

const POLL_INTERVAL_MS = 250;
const READ_BYTES = 64 * 1024;

/** `kubectl logs -f`: writes what a log file holds, then what is appended to it, across rotations, until the Pod is gone. */
export class LogFollower {
  readonly #path: string;
  readonly #options: PodLogOptions;
  readonly #clock: Clock;
  readonly #isPodOver: () => boolean;
  readonly #ended = new AbortController();
  #file: FileHandle | undefined;
  #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(path: string, options: PodLogOptions, clock: Clock, isPodOver: () => boolean) {
    this.#path = path;
    this.#options = options;
    this.#clock = clock;
    this.#isPodOver = isPodOver;
  }

  /** Resolves when the log is over, or was ended by either side. */
  async follow(response: ServerResponse): Promise<void> {
    response.once('close', () => this.end());
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.flushHeaders();
    try {
      response.write(text(selectLines(await this.#readLines(), this.#options)));
      const later = { ...this.#options, tailLines: undefined };
      while (!this.#ended.signal.aborted) {
        const over = this.#isPodOver();
        const lines = await this.#readLines();
        response.write(text(selectLines(lines, later)));
        if (over && lines.length === 0) break;
        await sleep(this.#clock, POLL_INTERVAL_MS, this.#ended.signal).catch(() => {});
      }
    } finally {
      await this.#file?.close();
      response.end();
    }
  }

  end(): void {
    this.#ended.abort();
  }

  /** The whole lines that came since the last call. */
  async #readLines(): Promise<string[]> {
    // Asked before reading: what was rotated away grows no more, so that this reads it to its end.
    const rotated = await this.#wasRotated();
    const { lines, rest } = splitLines(this.#rest + (await this.#readFile()));
    if (rotated) {
      await this.#file?.close();
      this.#file = undefined;
    }
    this.#rest = rest;
    return lines;
  }

  async #readFile(): Promise<string> {
    this.#file ??= await open(this.#path).catch(ignoreMissing);
    if (!this.#file) return '';
    let read = '';
    for (;;) {
      const { bytesRead, buffer } = await this.#file.read(Buffer.alloc(READ_BYTES), 0, READ_BYTES, null);
      if (bytesRead === 0) return read;
      read += this.#decoder.write(buffer.subarray(0, bytesRead));
    }
  }

  async #wasRotated(): Promise<boolean> {
    if (!this.#file) return false;
    const [opened, current] = await Promise.all([this.#file.stat(), stat(this.#path).catch(ignoreMissing)]);
    return current !== undefined && current.ino !== opened.ino;
  }
}

/** Lines as they are sent. */
export function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

export function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
