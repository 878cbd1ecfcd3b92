import { CLOCK, LIFE_CYCLE, LOGGER, type Clock, type LifeCycle, type Logger } from '@millrace/eventing-api';
import { KUBE_CLIENT, type KubeClient } from '@millrace/kube';
import { Module, type DynamicModule } from '@nestjs/common';
import { LocalRunner } from './local-runner.js';
import type { LocalRunnerOptions } from './local-runner-options.js';

/** Runs the local runner in the process that imports it. Needs KUBE_CLIENT and what `platform` provides. */
@Module({})
export class LocalRunnerModule {
  static register(options: LocalRunnerOptions): DynamicModule {
    return {
      module: LocalRunnerModule,
      providers: [
        {
          provide: LocalRunner,
          inject: [KUBE_CLIENT, CLOCK, LOGGER, LIFE_CYCLE],
          useFactory: (client: KubeClient, clock: Clock, logger: Logger, lifeCycle: LifeCycle) => {
            const runner = new LocalRunner({ client, clock, logger }, options);
            lifeCycle.register(runner);
            return runner;
          },
        },
      ],
    };
  }
}
