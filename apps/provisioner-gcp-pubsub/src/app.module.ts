import { KubeModule } from '@millrace/kube';
import { type AppDefinition, runApp } from '@millrace/platform';
import { ProvisionerModule, provisionerOptions, type ProvisionerSettings } from '@millrace/provisioner-runtime';
import { gcpPubSubDriverProvider } from '@millrace/provisioners-gcp-pubsub';
import { type DynamicModule, Module } from '@nestjs/common';
import { settings } from './config.js';

@Module({})
class ProvisionerGcpPubSubModule {
  static register(given: ProvisionerSettings): DynamicModule {
    return {
      module: ProvisionerGcpPubSubModule,
      imports: [
        KubeModule.register({ kubeconfig: given.kubeconfig, userAgent: 'millrace-provisioner-gcp-pubsub' }),
        ProvisionerModule.register(provisionerOptions(given, gcpPubSubDriverProvider)),
      ],
    };
  }
}

export const app: AppDefinition<typeof settings> = {
  name: 'provisioner-gcp-pubsub',
  description: 'Keeps the events of Google Pub/Sub Channels: takes them in, stores and delivers them.',
  settings,
  managementPort: 7667,
  module: (options) => ProvisionerGcpPubSubModule.register(options),
};

export const start = () => runApp(app);
