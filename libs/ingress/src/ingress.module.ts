import { LocalIntakes } from '@millrace/delivery';
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
import { createIngress } from './create-ingress.js';
import { Ingress } from './ingress.js';
import type { IngressOptions } from './ingress-options.js';

/**
 * The front door for events. Where the app provides `LocalIntakes` (under the class itself), provisioners in the same process are called
 * without a hop.
 */
@Module({})
export class IngressModule {
  static register(options: IngressOptions): DynamicModule {
    return {
      module: IngressModule,
      providers: [
        {
          provide: Ingress,
          inject: [KUBE_CLIENT, CLOCK, LOGGER, METRICS, LIFE_CYCLE, { token: LocalIntakes, optional: true }],
          useFactory: (
            client: KubeClient,
            clock: Clock,
            logger: Logger,
            metrics: MetricsRegistry,
            lifeCycle: LifeCycle,
            localIntakes: LocalIntakes | undefined,
          ) => createIngress(options, { client, clock, logger, metrics, lifeCycle, localIntakes }),
        },
      ],
    };
  }
}
