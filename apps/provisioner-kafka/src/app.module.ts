import { KubeModule } from '@millrace/kube';
import { type AppDefinition, runApp } from '@millrace/platform';
import { ProvisionerModule, provisionerOptions, type ProvisionerSettings } from '@millrace/provisioner-runtime';
import { kafkaDriverProvider } from '@millrace/provisioners-kafka';
import { type DynamicModule, Module } from '@nestjs/common';
import { settings } from './config.js';

@Module({})
class ProvisionerKafkaModule {
  static register(given: ProvisionerSettings): DynamicModule {
    return {
      module: ProvisionerKafkaModule,
      imports: [
        KubeModule.register({ kubeconfig: given.kubeconfig, userAgent: 'millrace-provisioner-kafka' }),
        ProvisionerModule.register(provisionerOptions(given, kafkaDriverProvider)),
      ],
    };
  }
}

export const app: AppDefinition<typeof settings> = {
  name: 'provisioner-kafka',
  description: 'Keeps the events of Kafka Channels: takes them in, stores and delivers them.',
  settings,
  managementPort: 7663,
  module: (options) => ProvisionerKafkaModule.register(options),
};

export const start = () => runApp(app);
