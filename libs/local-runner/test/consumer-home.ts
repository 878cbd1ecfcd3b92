import {
  CHANNEL,
  CLUSTER_CHANNEL_PROVISIONER,
  DRIVER_CLAIMS_ANNOTATION,
  KNATIVE_SERVICE,
  SUBSCRIPTION,
  driverLeaseName,
  silentLogger,
  type Channel,
  type Clock,
  type Subscription,
} from '@millrace/eventing-api';
import { LeaderElector, ListWatchCache } from '@millrace/kube';
import type { ControlPlane } from '../../control-plane/src/index.js';
import { controlPlaneOf, SYSTEM_NAMESPACE } from './control-plane.js';
import type { Laptop } from './laptop.js';

const EVENTING = 'eventing.knative.dev/v1alpha1';
const KEY = { namespace: 'default', name: 'orders' };

/**
 * A laptop with a control plane, a Channel and a Subscription to a consumer that the runner runs; a provisioner is played by a Lease and by the
 * status that it would write.
 */
export class ConsumerHome {
  /** Every state that the Subscription was in, as `<Ready> <subscriberURI>`, repetitions left out. */
  readonly states: string[] = [];
  private readonly controlPlane: ControlPlane;
  private readonly lease: LeaderElector;
  private readonly subscriptions: ListWatchCache<Subscription>;
  private readonly channels: ListWatchCache<Channel>;

  constructor(
    private readonly laptop: Laptop,
    clock: Clock,
  ) {
    const parts = { client: laptop.client, clock, logger: silentLogger };
    this.controlPlane = controlPlaneOf(laptop, clock);
    const annotations = { [DRIVER_CLAIMS_ANNOTATION]: 'in-memory' };
    const name = driverLeaseName('in-memory');
    const onStarted = () => undefined;
    this.lease = new LeaderElector({
      ...parts,
      namespace: SYSTEM_NAMESPACE,
      name,
      identity: 'a',
      annotations,
      onStarted,
    });
    this.subscriptions = new ListWatchCache({ ...parts, kind: SUBSCRIPTION });
    this.channels = new ListWatchCache({ ...parts, kind: CHANNEL });
  }

  /** @param env of the consumer */
  async start(env: Record<string, string>): Promise<void> {
    await this.createObjects(env);
    this.subscriptions.subscribe(({ object }) => this.note(object));
    this.channels.subscribe(({ object }) => void this.playProvisioner(object));
    this.subscriptions.start();
    this.channels.start();
    this.lease.start();
    await this.controlPlane.start();
  }

  async stop(): Promise<void> {
    await this.controlPlane.stopIntake();
    await this.controlPlane.close();
    await Promise.all([this.lease.stop(), this.subscriptions.stop(), this.channels.stop()]);
  }

  private async createObjects(env: Record<string, string>): Promise<void> {
    const { client } = this.laptop;
    const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
    const container = { image: 'sample', env: variables };
    await client.create(KNATIVE_SERVICE, {
      apiVersion: 'serving.knative.dev/v1alpha1',
      kind: 'Service',
      metadata: { namespace: 'default', name: 'dumper' },
      spec: { runLatest: { configuration: { revisionTemplate: { spec: { container } } } } },
    });
    const kind = CLUSTER_CHANNEL_PROVISIONER.kind;
    await client.create(CLUSTER_CHANNEL_PROVISIONER, { apiVersion: EVENTING, kind, metadata: { name: 'in-memory' } });
    const spec = { provisioner: { apiVersion: EVENTING, kind, name: 'in-memory' } };
    await client.create(CHANNEL, { apiVersion: EVENTING, kind: 'Channel', metadata: KEY, spec });
    const ref = { apiVersion: 'serving.knative.dev/v1alpha1', kind: 'Service', name: 'dumper' };
    await client.create(SUBSCRIPTION, {
      apiVersion: EVENTING,
      kind: 'Subscription',
      metadata: { namespace: 'default', name: 'to-dumper' },
      spec: { channel: { apiVersion: EVENTING, kind: 'Channel', name: 'orders' }, subscriber: { ref } },
    });
  }

  private note({ status }: Subscription): void {
    const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'Unknown';
    const state = `${ready} ${status?.physicalSubscription?.subscriberURI ?? ''}`.trim();
    if (this.states.at(-1) !== state) this.states.push(state);
  }

  private async playProvisioner(channel: Channel): Promise<void> {
    const { status, spec } = channel;
    const subscribers = (spec?.subscribable?.subscribers ?? []).map(({ uid = '', generation = 0 }) => ({
      uid,
      observedGeneration: generation,
      ready: 'True' as const,
    }));
    if (status?.address !== undefined && status.subscribers?.length === subscribers.length) return;
    const conditions = ['Addressable', 'Provisioned', 'Ready'].map((type) => ({ type, status: 'True' as const }));
    const address = { hostname: 'orders', url: 'http://ingress/default/orders' };
    const written = { ...channel, status: { address, conditions, subscribers } };
    // A Conflict: there is a newer one, and it comes here too.
    await this.laptop.client.updateStatus(CHANNEL, written).catch(() => undefined);
  }
}
