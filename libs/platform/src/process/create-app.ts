import 'reflect-metadata';
import { durationMs, type Clock, type Logger } from '@millrace/eventing-api';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TObject } from 'typebox';
import { NestLogger } from '../logging/nest-logger.js';
import { registerProcessMetrics } from '../metrics/process-metrics.js';
import { PrometheusMetrics } from '../metrics/prometheus-metrics.js';
import { PlatformModule } from '../platform.module.js';
import { millraceVersion } from '../settings/settings-text.js';
import type { AppDefinition, AppSettings } from './app-definition.types.js';
import { OrderedLifeCycle } from './ordered-life-cycle.js';

/** An app inside this process. */
export interface RunningApp {
  /** Every port that it listens on, by name. */
  ports(): Readonly<Record<string, number>>;
  /** Settles when every part has started; false where `stop` came first. Rejects where a part cannot start. */
  start(): Promise<boolean>;
  /** Ends the parts in order, then the management server; resolves with whether all went well. */
  stop(): Promise<boolean>;
}

@Module({})
class RootModule {}

/** Makes an app out of its definition; nothing is started yet. Throws where its modules cannot be put together. */
export async function createApp<S extends TObject>(
  definition: AppDefinition<S>,
  settings: AppSettings<S>,
  { logger, clock }: { readonly logger: Logger; readonly clock: Clock },
): Promise<RunningApp> {
  const version = millraceVersion();
  const metrics = new PrometheusMetrics(definition.name, version);
  registerProcessMetrics(metrics, definition.name, version);
  const lifeCycle = new OrderedLifeCycle(clock, logger, {
    delayMs: durationMs(settings.shutdownDelay),
    drainMs: durationMs(settings.shutdownTimeout),
  });
  // The first part: it listens before any other starts, and those may ask for its port.
  lifeCycle.register({ name: 'management', ports: () => ({ management: managementPortOf(app) }) });
  const app = await NestFactory.create<NestFastifyApplication>(
    {
      module: RootModule,
      imports: [PlatformModule.register({ logger, clock, metrics, lifeCycle }), definition.module(settings)],
    },
    new FastifyAdapter({ forceCloseConnections: true }),
    { logger: new NestLogger(logger), abortOnError: false },
  );
  return {
    ports: () => lifeCycle.ports(),
    // Management first: from now on /livez is answered, and /readyz says what is still missing.
    start: async () => {
      await app.init();
      // Not Nest's own listen, which writes to the log what the rejection says already.
      await app.getHttpAdapter().getInstance().listen({ port: settings.managementPort, host: settings.managementHost });
      return lifeCycle.start();
    },
    stop: async () => {
      const clean = await lifeCycle.stop();
      await app.close();
      return clean;
    },
  };
}

function managementPortOf(app: NestFastifyApplication): number {
  const address: unknown = app.getHttpServer().address();
  return typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0;
}
