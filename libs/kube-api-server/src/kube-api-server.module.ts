import { Module, type DynamicModule } from '@nestjs/common';
import { CLOCK, LIFE_CYCLE, LOGGER, type Clock, type LifeCycle, type Logger } from '@millrace/eventing-api';
import { KubeApiServer, type KubeApiServerOptions } from './server/kube-api-server.js';

/** Serves the embedded API for as long as the process lives. Other modules of the process may inject `KubeApiServer` for its URL. */
@Module({})
export class KubeApiServerModule {
  static register(options: KubeApiServerOptions): DynamicModule {
    return {
      module: KubeApiServerModule,
      providers: [
        {
          provide: KubeApiServer,
          inject: [CLOCK, LOGGER, LIFE_CYCLE],
          useFactory: (clock: Clock, logger: Logger, lifeCycle: LifeCycle) => {
            const server = new KubeApiServer(options, clock, logger.child({ component: 'kube-api-server' }));
            lifeCycle.register(server);
            return server;
          },
        },
      ],
      exports: [KubeApiServer],
    };
  }
}
