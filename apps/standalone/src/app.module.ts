import { join, resolve } from 'node:path';
import { ControlPlaneModule } from '@millrace/control-plane';
import { LocalIntakes } from '@millrace/delivery';
import { durationMs, RESOURCE_DEFINITIONS } from '@millrace/eventing-api';
import { IngressModule } from '@millrace/ingress';
import { KubeModule } from '@millrace/kube';
import { KubeApiServerModule } from '@millrace/kube-api-server';
import { LocalRunnerModule } from '@millrace/local-runner';
import type { AppDefinition } from '@millrace/platform';
import { ProvisionerModule } from '@millrace/provisioner-runtime';
import { Module, type DynamicModule } from '@nestjs/common';
import { standaloneSettings, type StandaloneSettings } from './config.js';
import { withFreePorts } from './free-ports.js';
import { providersOf } from './hosted-drivers.js';
import { QuickstartModule } from './quickstart.module.js';

const HOST = '127.0.0.1';
const SYSTEM_NAMESPACE = 'knative-eventing';
const IMAGES = ['message-dumper', 'source-cron', 'source-kubernetes'];

/** Events go from the ingress to a provisioner of this process without a hop. */
@Module({})
class LocalIntakesModule {
  static register(): DynamicModule {
    return {
      module: LocalIntakesModule,
      global: true,
      providers: [{ provide: LocalIntakes, useFactory: () => new LocalIntakes() }],
      exports: [LocalIntakes],
    };
  }
}

/** The modules of the separate apps, in one process. */
@Module({})
class StandaloneModule {}

async function standaloneModule(given: StandaloneSettings): Promise<DynamicModule> {
  const settings = await withFreePorts(given);
  const { clusterDomain, maxEventBytes } = settings;
  const dataDir = resolve(settings.dataDir);
  const kubeconfig = join(dataDir, 'kubeconfig');
  const podLogDir = join(dataDir, 'pod-logs');
  const ingressUrl = `http://${HOST}:${settings.ingressPort}`;
  return {
    module: StandaloneModule,
    imports: [
      KubeApiServerModule.register({
        ...{ host: HOST, port: settings.apiPort, dataDir, podLogDir },
        ...{ kubeconfigPath: kubeconfig, definitions: RESOURCE_DEFINITIONS },
      }),
      KubeModule.register({ kubeconfig, userAgent: 'millrace-standalone' }),
      LocalRunnerModule.register({ podLogDir, images: localImages(), kubeconfig, clusterDomain }),
      LocalIntakesModule.register(),
      ProvisionerModule.register({
        ...{ providers: await providersOf(settings.provisioners), host: HOST, intakePort: 0 },
        ...{ clusterDomain, systemNamespace: SYSTEM_NAMESPACE, maxEventBytes },
        channelUrlTemplate: `${ingressUrl}/{namespace}/{name}`,
        deletionGracePeriodMs: 30_000,
        resumeGracePeriodMs: durationMs(settings.resumeGracePeriod),
        leaderElection: false,
      }),
      ControlPlaneModule.register({
        ...{ clusterDomain, serviceAddresses: 'endpoints', leaderElection: false, systemNamespace: SYSTEM_NAMESPACE },
        receiveAdapterImages: { kubernetes: 'millrace/source-kubernetes', cron: 'millrace/source-cron' },
      }),
      IngressModule.register({
        ...{ host: settings.ingressHost, port: settings.ingressPort, clusterDomain, maxEventBytes },
        maxBytesInFlight: 64 * maxEventBytes,
      }),
      QuickstartModule.register(settings, { kubeconfig, podLogDir }, ingressUrl),
    ],
  };
}

export const app: AppDefinition<typeof standaloneSettings> = {
  name: 'standalone',
  description:
    'Millrace in one process: a Kubernetes-compatible API, the controllers, the ingress and the provisioners.',
  settings: standaloneSettings,
  managementPort: 7642,
  logLevel: 'warn',
  // Somebody sits in front of it and has pressed Ctrl-C.
  shutdownTimeout: 'PT10S',
  module: standaloneModule,
};

/** The apps of this repository that run as child processes, by image name. */
function localImages(): Record<string, { main: string }> {
  return Object.fromEntries(
    IMAGES.map((app) => [app, { main: join(import.meta.dirname, '../../', app, 'dist/main.js') }]),
  );
}
