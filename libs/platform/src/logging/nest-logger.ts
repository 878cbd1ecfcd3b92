import type { Logger } from '@millrace/eventing-api';
import type { LoggerService } from '@nestjs/common';

/** Nest's own log lines, told as ours. What it says of its start-up is of interest to nobody but who debugs it. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown): void {
    this.logger.debug(textOf(message));
  }

  debug(message: unknown): void {
    this.logger.debug(textOf(message));
  }

  warn(message: unknown): void {
    this.logger.warn(textOf(message));
  }

  error(message: unknown): void {
    this.logger.error(textOf(message), message instanceof Error ? { error: message } : {});
  }

  fatal(message: unknown): void {
    this.error(message);
  }
}

function textOf(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : JSON.stringify(message);
}
