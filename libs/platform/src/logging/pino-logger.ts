import type { LogFields, Logger } from '@millrace/eventing-api';
import { destination, type DestinationStream, pino, type Logger as Pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { LogLevel } from '../settings/process-settings.js';

/** How a process writes its log. */
export interface LogOptions {
  readonly app: string;
  readonly level: LogLevel;
  readonly format: 'pretty' | 'json';
  /** Where lines go; stderr where absent, since stdout belongs to the app. */
  readonly stream?: DestinationStream;
}

/** The log of a process: one JSON object a line, or lines for people. */
export function createLogger(options: LogOptions): Logger {
  const stream = options.stream ?? destination({ dest: 2, sync: true });
  const log = pino(
    {
      level: options.level,
      base: { app: options.app },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { error: errorFields },
    },
    options.format === 'json' ? stream : prettyLines(stream, options.stream === undefined && process.stderr.isTTY),
  );
  return new PinoLogger(log);
}

/** Formats each line at once: pino-pretty's own stream would lose the last ones when the process ends. */
function prettyLines(stream: DestinationStream, colorize: boolean): DestinationStream {
  const format = prettyFactory({ colorize, ignore: 'app', singleLine: true, translateTime: 'SYS:HH:MM:ss.l' });
  return { write: (line) => stream.write(format(line)) };
}

/** What is worth reading of an error. pino's own serializer adds every property, some 30 constants of an AbortError among them. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name: type, message, stack } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { type, message, stack, ...code, ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }) };
}

class PinoLogger implements Logger {
  constructor(private readonly log: Pino) {}

  debug(message: string, fields: LogFields = {}): void {
    this.log.debug(fields, message);
  }

  info(message: string, fields: LogFields = {}): void {
    this.log.info(fields, message);
  }

  warn(message: string, fields: LogFields = {}): void {
    this.log.warn(fields, message);
  }

  error(message: string, fields: LogFields = {}): void {
    this.log.error(fields, message);
  }

  child(fields: LogFields): Logger {
    return new PinoLogger(this.log.child(fields));
  }
}
