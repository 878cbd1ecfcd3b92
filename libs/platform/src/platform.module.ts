import { type Clock, CLOCK, LIFE_CYCLE, LOGGER, type Logger, METRICS } from '@millrace/eventing-api';
import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './management/health.controller.js';
import { MetricsController } from './management/metrics.controller.js';
import { PrometheusMetrics } from './metrics/prometheus-metrics.js';
import { OrderedLifeCycle } from './process/ordered-life-cycle.js';

/** What a process has one of. */
export interface ProcessServices {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics: PrometheusMetrics;
  readonly lifeCycle: OrderedLifeCycle;
}

/** Provides LOGGER, CLOCK, METRICS and LIFE_CYCLE to every module of the process, and serves its health and metrics. */
@Module({})
export class PlatformModule {
  static register({ logger, clock, metrics, lifeCycle }: ProcessServices): DynamicModule {
    const tokens = [
      { provide: LOGGER, useValue: logger },
      { provide: CLOCK, useValue: clock },
      { provide: METRICS, useValue: metrics },
      { provide: LIFE_CYCLE, useValue: lifeCycle },
    ];
    return {
      module: PlatformModule,
      global: true,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController, MetricsController],
      providers: [
        ...tokens,
        { provide: OrderedLifeCycle, useValue: lifeCycle },
        { provide: PrometheusMetrics, useValue: metrics },
      ],
      exports: tokens.map(({ provide }) => provide),
    };
  }
}
