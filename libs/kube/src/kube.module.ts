import { LIFE_CYCLE, type LifeCycle } from '@millrace/eventing-api';
import { Module, type DynamicModule } from '@nestjs/common';
import { createKubeClient, type KubeClientOptions } from './client/http-kube-client.js';

/** Injection token of the process's KubeClient. */
export const KUBE_CLIENT = Symbol('KubeClient');

/** Provides KUBE_CLIENT everywhere and closes it with the process. */
@Module({})
export class KubeModule {
  static register(options: KubeClientOptions): DynamicModule {
    return {
      module: KubeModule,
      global: true,
      providers: [
        {
          provide: KUBE_CLIENT,
          inject: [LIFE_CYCLE],
          useFactory: (lifeCycle: LifeCycle) => {
            const client = createKubeClient(options);
            lifeCycle.register({ name: 'kube-client', close: () => client.close() });
            return client;
          },
        },
      ],
      exports: [KUBE_CLIENT],
    };
  }
}
