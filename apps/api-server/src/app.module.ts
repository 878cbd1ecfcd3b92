import { join } from 'node:path';
import { LIFE_CYCLE, type LifeCycle, RESOURCE_DEFINITIONS } from '@millrace/eventing-api';
import { KubeApiServer, KubeApiServerModule } from '@millrace/kube-api-server';
import { type AppDefinition, runApp } from '@millrace/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { type ApiServerSettings, settings } from './config.js';

@Module({})
class ApiServerModule {
  static register({ apiHost, apiPort, dataDir }: ApiServerSettings): DynamicModule {
    const kubeconfigPath = join(dataDir, 'kubeconfig');
    return {
      module: ApiServerModule,
      imports: [
        KubeApiServerModule.register({
          host: apiHost,
          port: apiPort,
          dataDir,
          kubeconfigPath,
          definitions: RESOURCE_DEFINITIONS,
        }),
      ],
      providers: [
        {
          provide: 'address',
          inject: [KubeApiServer, LIFE_CYCLE],
          useFactory: (server: KubeApiServer, lifeCycle: LifeCycle) => {
            const start = () => {
              process.stdout.write(`Kubernetes API ${server.url()}, kubeconfig ${kubeconfigPath}\n`);
              return Promise.resolve();
            };
            lifeCycle.register({ name: 'address', start });
            return start;
          },
        },
      ],
    };
  }
}

export const app: AppDefinition<typeof settings> = {
  name: 'api-server',
  description: 'The Kubernetes-compatible API for homes without a cluster.',
  settings,
  managementPort: 7650,
  module: (options) => ApiServerModule.register(options),
};

export const start = () => runApp(app);
