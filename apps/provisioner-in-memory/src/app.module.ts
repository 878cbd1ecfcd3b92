import { KubeModule } from '@millrace/kube';
import { type AppDefinition, durationMs, runApp } from '@millrace/platform';
import { ProvisionerModule } from '@millrace/provisioner-runtime';
import { inMemoryDriverProvider } from '@millrace/provisioners-in-memory';
import { type DynamicModule, Module } from '@nestjs/common';
import { type ProvisionerInMemorySettings, settings } from './config.js';

@Module({})
class ProvisionerInMemoryModule {
  static register({
    kubeconfig,
    intakeHost,
    deletionGracePeriod,
    resumeGracePeriod,
    ...options
  }: ProvisionerInMemorySettings): DynamicModule {
    return {
      module: ProvisionerInMemoryModule,
      imports: [
        KubeModule.register({ kubeconfig, userAgent: 'millrace-provisioner-in-memory' }),
        ProvisionerModule.register({
          ...options,
          host: intakeHost,
          providers: [inMemoryDriverProvider],
          deletionGracePeriodMs: durationMs(deletionGracePeriod),
          resumeGracePeriodMs: durationMs(resumeGracePeriod),
        }),
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
