import { LocalIntakes } from '@millrace/delivery';
import {
  CLOCK,
  LIFE_CYCLE,
  LOGGER,
  MANAGEMENT_ROUTES,
  METRICS,
  type Clock,
  type LifeCycle,
  type Logger,
  type ManagementRoutes,
  type MetricsRegistry,
} from '@millrace/eventing-api';
import { KUBE_CLIENT, type KubeClient } from '@millrace/kube';
import { Module, type DynamicModule } from '@nestjs/common';
import { createProvisioner } from './create-provisioner.js';
import type { ProvisionerOptions } from './provisioner-options.js';
import { ProvisionerRuntime } from './provisioner-runtime.js';

/**
 * Hosts channel drivers in an app. Where the app provides `LocalIntakes` (under the class itself), an ingress in the same process finds the intake
 * there and needs no hop.
 */
@Module({})
export class ProvisionerModule {
  static register(options: ProvisionerOptions): DynamicModule {
    return {
      module: ProvisionerModule,
      providers: [
        {
          provide: ProvisionerRuntime,
          inject: [
            ...[KUBE_CLIENT, CLOCK, LOGGER, METRICS, LIFE_CYCLE, MANAGEMENT_ROUTES],
            { token: LocalIntakes, optional: true },
          ],
          useFactory: (
            client: KubeClient,
            clock: Clock,
            logger: Logger,
            metrics: MetricsRegistry,
            lifeCycle: LifeCycle,
            managementRoutes: ManagementRoutes,
            localIntakes: LocalIntakes | undefined,
          ) =>
            createProvisioner(options, { client, clock, logger, metrics, lifeCycle, managementRoutes, localIntakes }),
        },
      ],
      exports: [ProvisionerRuntime],
    };
  }
}
