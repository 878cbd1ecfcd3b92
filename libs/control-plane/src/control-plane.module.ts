import { CLOCK, LIFE_CYCLE, LOGGER, type Clock, type LifeCycle, type Logger } from '@millrace/eventing-api';
import { KUBE_CLIENT, type KubeClient } from '@millrace/kube';
import { Module, type DynamicModule } from '@nestjs/common';
import { ControlPlane } from './control-plane.js';
import type { ControlPlaneOptions } from './control-plane-options.js';

/** Runs the control plane in the process that imports it. Needs KUBE_CLIENT and what `platform` provides. */
@Module({})
export class ControlPlaneModule {
  static register(options: ControlPlaneOptions): DynamicModule {
    return {
      module: ControlPlaneModule,
      providers: [
        {
          provide: ControlPlane,
          inject: [KUBE_CLIENT, CLOCK, LOGGER, LIFE_CYCLE],
          useFactory: (client: KubeClient, clock: Clock, logger: Logger, lifeCycle: LifeCycle) => {
            const controlPlane = new ControlPlane({ client, clock, logger }, options);
            lifeCycle.register(controlPlane);
            return controlPlane;
          },
        },
      ],
    };
  }
}
