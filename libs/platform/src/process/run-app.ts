import { type Logger, systemClock } from '@millrace/eventing-api';
import type { TObject } from 'typebox';
import { createLogger } from '../logging/pino-logger.js';
import { allSettings, readSettings } from '../settings/read-settings.js';
import type { AppDefinition, AppSettings } from './app-definition.types.js';
import { createApp, type RunningApp } from './create-app.js';
import { allocateYoung } from './allocate-young.js';
import { keepTickShape } from './keep-tick-shape.js';
import { startFailureText } from './start-failure-text.js';

/**
 * Runs an app from the first setting to the last closed part; it ends the process itself. Exit code 0: a question was answered, or the
 * app was told to stop and stopped in order. 1: settings are wrong, a part could not start or stop, a bug, or a second signal.
 *
 * With an IPC channel to its parent it reports `{ type: 'millrace/ready', ports }`, and ends in order when the parent is gone.
 */
export async function runApp<S extends TObject>(definition: AppDefinition<S>): Promise<void> {
  const reading = readSettings(definition, process.argv.slice(2), process.env);
  if (reading.outcome === 'answer') {
    process.stdout.write(reading.text);
    return;
  }
  if (reading.outcome === 'refused') {
    process.stderr.write(reading.text);
    process.exitCode = 1;
    return;
  }
  keepTickShape();
  allocateYoung();
  await new AppProcess(definition, reading.settings).run();
}

/** The process around an app: signals, its parent, its exit code. */
class AppProcess<S extends TObject> {
  private readonly logger: Logger;
  private app: RunningApp | undefined;
  private ending = false;
  private signalled = false;
  private exitCode: 0 | 1 = 0;

  constructor(
    private readonly definition: AppDefinition<S>,
    private readonly settings: AppSettings<S>,
  ) {
    const { logLevel, logFormat } = settings;
    const format = logFormat === 'auto' ? (process.stderr.isTTY ? 'pretty' : 'json') : logFormat;
    this.logger = createLogger({ app: definition.name, level: logLevel, format });
  }

  async run(): Promise<void> {
    this.listenToProcess();
    try {
      this.app = await createApp(this.definition, this.settings, { logger: this.logger, clock: systemClock });
      if (this.ending || !(await this.app.start())) return;
    } catch (error) {
      this.tellStartFailure(error);
      await this.end(1);
      return;
    }
    const ports = this.app.ports();
    this.logger.info('Ready', { ports });
    if (process.connected) process.send?.({ type: 'millrace/ready', ports });
  }

  private listenToProcess(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        // The second time somebody insists. A parent that goes away does not count: at Ctrl-C both come at once.
        if (this.signalled) process.exit(1);
        this.signalled = true;
        this.logger.info('Stopping', { signal });
        void this.end(0);
      });
    }
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (error: unknown) => {
        this.logger.error(`Stopping after an error that nothing handled (${event})`, { error });
        void this.end(1);
      });
    }
    const endWithParent = () => {
      this.logger.info('Stopping: the parent process is gone');
      void this.end(0);
    };
    process.on('disconnect', endWithParent);
    // The parent may have gone while this process was loading.
    if (process.send && !process.connected) endWithParent();
  }

  /** Stops in order and ends the process. Later calls can only make a good end a bad one. */
  private async end(exitCode: 0 | 1): Promise<void> {
    if (exitCode !== 0) this.exitCode = exitCode;
    if (this.ending) return;
    this.ending = true;
    const clean = await this.stop();
    process.exit(clean ? this.exitCode : 1);
  }

  private async stop(): Promise<boolean> {
    try {
      return (await this.app?.stop()) ?? true;
    } catch (error) {
      this.logger.error('The process could not be stopped in order', { error });
      return false;
    }
  }

  private tellStartFailure(error: unknown): void {
    const settings = allSettings(this.definition);
    const sentence = startFailureText(error, settings, this.settings);
    process.stderr.write(`millrace ${this.definition.name} cannot start: ${sentence}\n`);
    this.logger.debug('Start failed', { error });
  }
}
