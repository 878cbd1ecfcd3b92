import type { LogFields, Logger } from '@millrace/eventing-api';

/** Keeps what was logged. */
export class RecordingLogger implements Logger {
  /** As `level: message`. */
  readonly lines: string[] = [];
  /** What was said beside each line. */
  readonly fields: LogFields[] = [];

  debug(message: string, fields: LogFields = {}): void {
    this.keep('debug', message, fields);
  }

  info(message: string, fields: LogFields = {}): void {
    this.keep('info', message, fields);
  }

  warn(message: string, fields: LogFields = {}): void {
    this.keep('warn', message, fields);
  }

  error(message: string, fields: LogFields = {}): void {
    this.keep('error', message, fields);
  }

  child(): Logger {
    return this;
  }

  private keep(level: string, message: string, fields: LogFields): void {
    this.lines.push(`${level}: ${message}`);
    this.fields.push(fields);
  }
}
