import { KubeModule } from '@millrace/kube';
import { type AppDefinition, runApp } from '@millrace/platform';
import { ProvisionerModule, provisionerOptions, type ProvisionerSettings } from '@millrace/provisioner-runtime';
import { inMemoryDriverProvider } from '@millrace/provisioners-in-memory';
import { type DynamicModule, Module } from '@nestjs/common';
import { settings } from './config.js';

@Module({})
class ProvisionerInMemoryModule {
  static register(given: ProvisionerSettings): DynamicModule {
    return {
      module: ProvisionerInMemoryModule,
      imports: [
        KubeModule.register({ kubeconfig: given.kubeconfig, userAgent: 'millrace-provisioner-in-memory' }),
        ProvisionerModule.register(provisionerOptions(given, inMemoryDriverProvider)),
      ],
    };
  }
}

export const app: AppDefinition<typeof settings> = {
  name: 'provisioner-in-memory',
  description: 'Keeps the events of in-memory Channels: takes them in, queues and delivers them. One replica.',
  settings,
  managementPort: 7661,
  module: (options) => ProvisionerInMemoryModule.register(options),
};

export const start = () => runApp(app);
