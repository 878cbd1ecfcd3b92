import { createWriteStream, mkdirSync, openSync, fstatSync, renameSync, existsSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import type { Clock, Logger } from '@millrace/eventing-api';

const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** A line that gets longer is cut into several. */
const MAX_LINE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

export interface ContainerLogOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Size at which the file becomes `<path>.1`. Default 10 MiB. */
  readonly maxFileBytes?: number | undefined;
}

/**
 * The log of a container: one line for each line that it prints, each with the time in front, as kubelets keep them. The file before the current
 * one (full, or of the run before the last restart) is kept as `<path>.1`.
 */
export class ContainerLog {
  private file: WriteStream;
  private fileBytes: number;
  private broken = false;

  constructor(private readonly options: ContainerLogOptions) {
    mkdirSync(dirname(options.path), { recursive: true });
    if (existsSync(options.path)) renameSync(options.path, `${options.path}.1`);
    ({ file: this.file, bytes: this.fileBytes } = this.open());
  }

  /** Writes down what the stream says until it ends; a stream that is faster than the disk is slowed down. */
  attach(stream: Readable): void {
    let partial: Buffer = Buffer.alloc(0);
    stream.on('data', (chunk: Buffer) => {
      const { lines, rest } = splitLines(Buffer.concat([partial, chunk]));
      partial = rest;
      if (!this.write(lines)) this.pauseUntilWritten(stream);
    });
    stream.on('end', () => {
      if (partial.length > 0) this.write([partial]);
    });
    stream.on('error', () => undefined);
  }

  /** Everything written is in the file when this resolves. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.broken || this.file.closed) {
        resolve();
        return;
      }
      this.file.once('close', () => resolve());
      this.file.end();
    });
  }

  /** A file that is put away or cannot be written any more says so by its end alone. */
  private pauseUntilWritten(stream: Readable): void {
    const { file } = this;
    const resume = () => {
      file.off('drain', resume).off('close', resume);
      stream.resume();
    };
    stream.pause();
    file.on('drain', resume).on('close', resume);
  }

  /** False when the disk does not keep up. */
  private write(lines: readonly Buffer[]): boolean {
    if (this.broken || lines.length === 0) return true;
    const stamp = Buffer.from(`${rfc3339Nano(this.options.clock.now())} `);
    const text = Buffer.concat(lines.flatMap((line) => [stamp, line, Buffer.of(NEWLINE)]));
    if (this.fileBytes > 0 && this.fileBytes + text.length > (this.options.maxFileBytes ?? MAX_FILE_BYTES)) {
      this.rotate();
    }
    this.fileBytes += text.length;
    return this.file.write(text);
  }

  private rotate(): void {
    this.file.end();
    renameSync(this.options.path, `${this.options.path}.1`);
    ({ file: this.file, bytes: this.fileBytes } = this.open());
  }

  private open(): { file: WriteStream; bytes: number } {
    const fd = openSync(this.options.path, 'a');
    const file = createWriteStream(this.options.path, { fd });
    file.on('error', (error) => {
      // A full disk must not end the container.
      this.broken = true;
      this.options.logger.warn('The log of a container cannot be written', { path: this.options.path, error });
    });
    return { file, bytes: fstatSync(fd).size };
  }
}

function splitLines(bytes: Buffer): { lines: Buffer[]; rest: Buffer } {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  while (bytes.length - start > MAX_LINE_BYTES) {
    lines.push(bytes.subarray(start, start + MAX_LINE_BYTES));
    start += MAX_LINE_BYTES;
  }
  return { lines, rest: bytes.subarray(start) };
}

/** RFC 3339 with nine digits, as kubelets stamp lines. */
function rfc3339Nano(nowMs: number): string {
  return new Date(nowMs).toISOString().replace('Z', '000000Z');
}
