import { type Clock, CLOCK, LIFE_CYCLE, LOGGER, type Logger, MANAGEMENT_ROUTES, METRICS } from '@millrace/eventing-api';
import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './management/health.controller.js';
import { ManagementRouteTable } from './management/management-route-table.js';
import { ManagementRoutesController } from './management/management-routes.controller.js';
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

/** Provides LOGGER, CLOCK, METRICS, LIFE_CYCLE and MANAGEMENT_ROUTES to every module of the process, and serves its health, its metrics and those routes. */
@Module({})
export class PlatformModule {
  static register({ logger, clock, metrics, lifeCycle }: ProcessServices): DynamicModule {
    const routes = new ManagementRouteTable();
    const tokens = [
      { provide: LOGGER, useValue: logger },
      { provide: CLOCK, useValue: clock },
      { provide: METRICS, useValue: metrics },
      { provide: LIFE_CYCLE, useValue: lifeCycle },
      { provide: MANAGEMENT_ROUTES, useValue: routes },
    ];
    return {
      module: PlatformModule,
      global: true,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController, MetricsController, ManagementRoutesController],
      providers: [
        ...tokens,
        { provide: OrderedLifeCycle, useValue: lifeCycle },
        { provide: PrometheusMetrics, useValue: metrics },
        { provide: ManagementRouteTable, useValue: routes },
      ],
      exports: tokens.map(({ provide }) => provide),
    };
  }
}
