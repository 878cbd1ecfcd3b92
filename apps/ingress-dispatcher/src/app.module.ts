import { IngressModule } from '@millrace/ingress';
import { KubeModule } from '@millrace/kube';
import { type AppDefinition, runApp } from '@millrace/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { type IngressDispatcherSettings, settings } from './config.js';

@Module({})
class IngressDispatcherModule {
  static register({ kubeconfig, ingressHost, ingressPort, ...limits }: IngressDispatcherSettings): DynamicModule {
    return {
      module: IngressDispatcherModule,
      imports: [
        KubeModule.register({ kubeconfig, userAgent: 'millrace-ingress-dispatcher' }),
        IngressModule.register({ host: ingressHost, port: ingressPort, ...limits }),
      ],
    };
  }
}

export const app: AppDefinition<typeof settings> = {
  name: 'ingress-dispatcher',
  description: 'The front door for events: finds the Channel and hands the event to its provisioner.',
  settings,
  managementPort: 7652,
  module: (options) => IngressDispatcherModule.register(options),
};

export const start = () => runApp(app);
