import { KubeModule } from '@millrace/kube';
import { type AppDefinition, runApp } from '@millrace/platform';
import { ProvisionerModule, provisionerOptions, type ProvisionerSettings } from '@millrace/provisioner-runtime';
import { natsDriverProvider } from '@millrace/provisioners-nats';
import { type DynamicModule, Module } from '@nestjs/common';
import { settings } from './config.js';

@Module({})
class ProvisionerNatsModule {
  static register(given: ProvisionerSettings): DynamicModule {
    return {
      module: ProvisionerNatsModule,
      imports: [
        KubeModule.register({ kubeconfig: given.kubeconfig, userAgent: 'millrace-provisioner-nats' }),
        ProvisionerModule.register(provisionerOptions(given, natsDriverProvider)),
      ],
    };
  }
}

export const app: AppDefinition<typeof settings> = {
  name: 'provisioner-nats',
  description: 'Keeps the events of NATS JetStream Channels: takes them in, stores and delivers them.',
  settings,
  managementPort: 7665,
  module: (options) => ProvisionerNatsModule.register(options),
};

export const start = () => runApp(app);
