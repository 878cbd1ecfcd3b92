import {
  CLOCK,
  LIFE_CYCLE,
  LOGGER,
  METRICS,
  type Clock,
  type LifeCycle,
  type Logger,
  type MetricsRegistry,
} from '@millrace/eventing-api';
import { Module, type DynamicModule } from '@nestjs/common';
import { CronAdapter, type CronAdapterOptions } from './cron-adapter.js';

/** Runs the adapter in the process that imports it. Needs what `platform` provides. */
@Module({})
export class CronAdapterModule {
  static register(options: CronAdapterOptions): DynamicModule {
    return {
      module: CronAdapterModule,
      providers: [
        {
          provide: CronAdapter,
          inject: [CLOCK, LOGGER, METRICS, LIFE_CYCLE],
          useFactory: (clock: Clock, logger: Logger, metrics: MetricsRegistry, lifeCycle: LifeCycle) => {
            const adapter = new CronAdapter({ clock, logger, metrics }, options);
            lifeCycle.register(adapter);
            return adapter;
          },
        },
      ],
    };
  }
}
