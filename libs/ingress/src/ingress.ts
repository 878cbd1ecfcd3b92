import { ChannelLocator, type LocalIntakes } from '@millrace/delivery';
import {
  CHANNEL,
  CLUSTER_CHANNEL_PROVISIONER,
  type Channel,
  type Clock,
  type ClusterChannelProvisioner,
  type Health,
  type Logger,
  type ProcessPart,
} from '@millrace/eventing-api';
import { ListWatchCache, LiveLookup, type KubeClient, type ObjectChange } from '@millrace/kube';
import { IngressIntake } from './ingress-intake.js';
import { RemoteIntake } from './remote-intake.js';

/** What the front door needs of its process. */
export interface IngressHost {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Intakes of provisioners in the same process. */
  readonly localIntakes?: LocalIntakes | undefined;
}

/** What stands behind the port for events: which Channels there are, by which names, and who keeps their events. */
export class Ingress implements ProcessPart {
  readonly name = 'ingress-channels';
  readonly intake: IngressIntake;
  readonly locator: ChannelLocator;
  private readonly channels: ListWatchCache<Channel>;
  private readonly provisioners: ListWatchCache<ClusterChannelProvisioner>;
  private readonly remoteIntake: RemoteIntake;
  private unsubscribe: (() => void) | undefined;

  constructor(clusterDomain: string, { client, clock, logger, localIntakes }: IngressHost) {
    this.channels = new ListWatchCache({ client, kind: CHANNEL, clock, logger });
    this.provisioners = new ListWatchCache({ client, kind: CLUSTER_CHANNEL_PROVISIONER, clock, logger });
    this.locator = new ChannelLocator(clusterDomain);
    this.remoteIntake = new RemoteIntake(clock);
    this.intake = new IngressIntake({
      channels: this.channels,
      liveChannels: new LiveLookup({ client, kind: CHANNEL, clock }),
      provisioners: this.provisioners,
      localIntakes,
      remoteIntake: this.remoteIntake,
    });
  }

  /** Whether the caches have synced: before that nobody can tell which Channels there are. */
  get synced(): boolean {
    return this.channels.synced && this.provisioners.synced;
  }

  start(): Promise<void> {
    this.unsubscribe = this.channels.subscribe((change) => this.learn(change));
    this.channels.start();
    this.provisioners.start();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.unsubscribe?.();
    await Promise.all([this.channels.stop(), this.provisioners.stop(), this.remoteIntake.close()]);
  }

  health(): Health {
    return this.synced ? { status: 'up' } : { status: 'down', message: 'The Channels are not known yet' };
  }

  private learn({ type, object, previous }: ObjectChange<Channel>): void {
    const { namespace = '', name = '' } = object.metadata;
    const before = (previous ?? object).status?.address?.hostname;
    const now = type === 'deleted' ? undefined : object.status?.address?.hostname;
    this.locator.rename({ namespace, name }, before, now);
  }
}
