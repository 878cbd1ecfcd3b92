import { KubeModule } from '@millrace/kube';
import { type AppDefinition, runApp } from '@millrace/platform';
import { KubernetesEventAdapterModule } from '@millrace/sources-kubernetes';
import { type DynamicModule, Module } from '@nestjs/common';
import { type SourceKubernetesSettings, settings } from './config.js';

@Module({})
class SourceKubernetesModule {
  static register({ kubeconfig, namespace, sink }: SourceKubernetesSettings): DynamicModule {
    return {
      module: SourceKubernetesModule,
      imports: [
        KubeModule.register({ kubeconfig, userAgent: 'millrace-source-kubernetes' }),
        KubernetesEventAdapterModule.register({ namespace, sink }),
      ],
    };
  }
}

export const app: AppDefinition<typeof settings> = {
  name: 'source-kubernetes',
  description:
    'Receive adapter of KubernetesEventSource: forwards the Kubernetes Events of a namespace as CloudEvents.',
  settings,
  managementPort: 7670,
  module: (options) => SourceKubernetesModule.register(options),
};

export const start = () => runApp(app);
