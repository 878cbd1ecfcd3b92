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
import { KUBE_CLIENT, type KubeClient } from '@millrace/kube';
import { Module, type DynamicModule } from '@nestjs/common';
import { KubernetesEventAdapter, type KubernetesEventAdapterOptions } from './kubernetes-event-adapter.js';

/** Runs the adapter in the process that imports it. Needs KUBE_CLIENT and what `platform` provides. */
@Module({})
export class KubernetesEventAdapterModule {
  static register(options: KubernetesEventAdapterOptions): DynamicModule {
    return {
      module: KubernetesEventAdapterModule,
      providers: [
        {
          provide: KubernetesEventAdapter,
          inject: [KUBE_CLIENT, CLOCK, LOGGER, METRICS, LIFE_CYCLE],
          useFactory: (
            client: KubeClient,
            clock: Clock,
            logger: Logger,
            metrics: MetricsRegistry,
            lifeCycle: LifeCycle,
          ) => {
            const adapter = new KubernetesEventAdapter({ client, clock, logger, metrics }, options);
            lifeCycle.register(adapter);
            return adapter;
          },
        },
      ],
    };
  }
}
