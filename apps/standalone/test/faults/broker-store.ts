import {
  findBroker,
  type Broker,
  type BrokerCredentials,
  type BrokerNeeds,
  type BrokerNotRun,
} from '@millrace/brokers';
import {
  CLUSTER_CHANNEL_PROVISIONER,
  isReady,
  SECRET,
  silentLogger,
  systemClock,
  type ChannelDriver,
  type Parameters,
} from '@millrace/eventing-api';
import type { FaultHome } from './fault-home.js';
import type { BrokerHandle, FaultSubject } from './fault-subject.types.js';

const SYSTEM_NAMESPACE = 'knative-eventing';

/** A broker of our own, with a ClusterChannelProvisioner on it. */
export class BrokerStore implements AsyncDisposable {
  private driver: ChannelDriver | undefined;
  private handle: BrokerHandle | undefined;

  private constructor(
    private readonly subject: FaultSubject,
    readonly broker: Broker,
    private credentials: BrokerCredentials | undefined,
    /** Name of the ClusterChannelProvisioner, and of its Secret. */
    readonly provisioner: string,
  ) {}

  static async find(
    subject: FaultSubject,
    needs: BrokerNeeds,
    kind = needs.credentials ? 'guarded' : (needs.version ?? `of-${needs.nodes ?? 1}`),
  ): Promise<BrokerStore | BrokerNotRun> {
    const broker = await findBroker(subject.name, { ...needs, faults: true });
    if ('notRun' in broker) return broker;
    return new BrokerStore(subject, broker, needs.credentials, `${subject.name}-${kind}`);
  }

  get parameters(): Parameters {
    return this.subject.parameters(this.broker, this.credentials && this.provisioner);
  }

  /** Makes the ClusterChannelProvisioner, without a look at what becomes of it. */
  async createProvisioner({ client }: FaultHome): Promise<void> {
    if (this.credentials) {
      const metadata = { namespace: SYSTEM_NAMESPACE, name: this.provisioner };
      await client.create(SECRET, { apiVersion: 'v1', kind: 'Secret', metadata, data: secretData(this.credentials) });
    }
    await client.create(CLUSTER_CHANNEL_PROVISIONER, {
      apiVersion: 'eventing.knative.dev/v1alpha1',
      kind: 'ClusterChannelProvisioner',
      metadata: { name: this.provisioner },
      spec: { driver: this.subject.provider.driver, parameters: this.parameters },
    });
  }

  async ready(home: FaultHome): Promise<void> {
    await home.provisioner(this.provisioner, 'is Ready', isReady);
  }

  /** The broker lets in others from now on; what Millrace knows stays as it is until `updateSecret`. */
  async changeCredentials(credentials: BrokerCredentials): Promise<void> {
    await this.broker.changeCredentials?.(credentials);
    this.credentials = credentials;
  }

  async updateSecret({ client }: FaultHome): Promise<void> {
    if (!this.credentials) return;
    const key = { namespace: SYSTEM_NAMESPACE, name: this.provisioner };
    await client.patch(SECRET, key, 'application/merge-patch+json', { data: secretData(this.credentials) });
  }

  /** The driver on this broker, for what the suite looks at itself. */
  async openDriver(): Promise<ChannelDriver> {
    const secrets = this.credentials ? { [this.provisioner]: { ...this.credentials } } : {};
    const context = { logger: silentLogger, clock: systemClock };
    return (this.driver ??= await this.subject.provider.open(this.parameters, secrets, context));
  }

  /** The broker, past the driver. */
  async open(): Promise<BrokerHandle> {
    return (this.handle ??= await this.subject.connect(this.broker));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.driver?.close();
    await this.handle?.close();
    await this.broker.stop();
  }
}

function secretData(values: BrokerCredentials): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value as string).toString('base64')]),
  );
}
