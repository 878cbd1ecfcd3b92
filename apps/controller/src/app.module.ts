import { ControlPlaneModule } from '@millrace/control-plane';
import { KubeModule } from '@millrace/kube';
import { type AppDefinition, runApp } from '@millrace/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { type ControllerSettings, settings } from './config.js';

@Module({})
class ControllerModule {
  static register(options: ControllerSettings): DynamicModule {
    const { clusterDomain, serviceAddresses, leaderElection, systemNamespace } = options;
    return {
      module: ControllerModule,
      imports: [
        KubeModule.register({ kubeconfig: options.kubeconfig, userAgent: 'millrace-controller' }),
        ControlPlaneModule.register({
          clusterDomain,
          serviceAddresses,
          leaderElection,
          systemNamespace,
          receiveAdapterImages: {
            kubernetes: options.kubernetesReceiveAdapterImage,
            cron: options.cronReceiveAdapterImage,
          },
        }),
      ],
    };
  }
}

export const app: AppDefinition<typeof settings> = {
  name: 'controller',
  description: 'The control plane: resolves Subscriptions, runs sources, looks after Channels without provisioner.',
  settings,
  managementPort: 7651,
  module: (options) => ControllerModule.register(options),
};

export const start = () => runApp(app);
