import { relative, sep } from 'node:path';
import {
  CLOCK,
  LIFE_CYCLE,
  LOGGER,
  type Clock,
  type KubeObject,
  type LifeCycle,
  type Logger,
} from '@millrace/eventing-api';
import { KUBE_CLIENT, ManifestFolder, type KubeClient } from '@millrace/kube';
import { Module, type DynamicModule } from '@nestjs/common';
import type { StandaloneSettings } from './config.js';
import { FirstContact } from './first-contact.js';
import { atStoreOf, manifestFoldersOf } from './hosted-drivers.js';

export interface QuickstartPaths {
  readonly kubeconfig: string;
  readonly podLogDir: string;
}

/** Applies the manifests and tells a newcomer what happens. */
@Module({})
export class QuickstartModule {
  static register(settings: StandaloneSettings, paths: QuickstartPaths, ingressUrl: string): DynamicModule {
    return {
      module: QuickstartModule,
      providers: [
        {
          provide: FirstContact,
          inject: [KUBE_CLIENT, CLOCK, LOGGER, LIFE_CYCLE],
          useFactory: (client: KubeClient, clock: Clock, logger: Logger, lifeCycle: LifeCycle) => {
            const adapt = (object: KubeObject) => atStoreOf(settings, object);
            const folders = manifestFoldersOf(settings.provisioners).map(
              (folder) => new ManifestFolder({ client, folder, clock, logger, adapt }),
            );
            const own = new ManifestFolder({ client, folder: settings.manifests, clock, logger });
            const contact = new FirstContact({
              ...{ client, clock, logger },
              ...{ kubeconfig: shortPath(paths.kubeconfig), podLogDir: shortPath(paths.podLogDir) },
              print: (line) => process.stdout.write(`${line}\n`),
              urls: {
                api: `http://127.0.0.1:${settings.apiPort}`,
                ingress: ingressUrl,
                management: () => `http://${settings.managementHost}:${lifeCycle.ports()['management'] ?? 0}`,
              },
            });
            lifeCycle.register({
              name: 'manifests',
              start: async () => {
                for (const folder of [...folders, own]) await folder.apply();
                own.watch();
              },
              stopIntake: () => {
                own.stop();
                return Promise.resolve();
              },
            });
            // Told last: a start that fails has nothing to try next.
            lifeCycle.register(contact);
            return contact;
          },
        },
      ],
    };
  }
}

/** As it is typed from here, where that is shorter. */
function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith(`..${sep}`) ? path : fromHere;
}
