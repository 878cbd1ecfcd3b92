import { LocalIntakes } from '@millrace/delivery';
import {
  CHANNEL,
  CLUSTER_CHANNEL_PROVISIONER,
  noMetrics,
  systemClock,
  type Channel,
  type ChannelSubscriber,
  type ClusterChannelProvisioner,
  type ManagementRoute,
  type ProcessPart,
} from '@millrace/eventing-api';
import { createKubeClient, type KubeClient } from '@millrace/kube';
import { request } from 'undici';
import { expect } from 'vitest';
import { eventually, KubeTestServer, RecordingLogger } from '@millrace/testing';
import type { Accounting } from '../src/accounting/accounting.js';
import { createProvisioner } from '../src/create-provisioner.js';
import type { ProvisionerOptions } from '../src/provisioner-options.js';
import type { ProvisionerRuntime } from '../src/provisioner-runtime.js';
import { inMemoryDriverProvider } from './in-memory-driver.js';
import { TestConsumer } from './test-consumer.js';
import { channelObject, provisionerObject, subscriptionObject } from './test-objects.js';

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

export interface HarnessSetup extends Partial<ProvisionerOptions> {
  /** Of the Channel. */
  readonly spec?: Channel['spec'];
  /** Of the ClusterChannelProvisioner. */
  readonly parameters?: Record<string, unknown>;
}

/** A provisioner of the in-memory driver in a process of its own, as far as a test can tell: API, intake and consumers are real servers. */
export class ProvisionerHarness {
  readonly localIntakes = new LocalIntakes();
  readonly logger = new RecordingLogger();
  runtime!: ProvisionerRuntime;
  private parts: ProcessPart[] = [];
  private readonly pages = new Map<string, ManagementRoute>();
  private readonly consumers: TestConsumer[] = [];

  private constructor(
    readonly api: KubeTestServer,
    readonly client: KubeClient,
  ) {}

  static async create(): Promise<ProvisionerHarness> {
    const api = await KubeTestServer.start();
    return new ProvisionerHarness(api, createKubeClient({ kubeconfig: api.kubeconfig, userAgent: 'test' }));
  }

  async start(options: Partial<ProvisionerOptions> = {}): Promise<void> {
    this.parts = [];
    this.runtime = createProvisioner(
      {
        providers: [inMemoryDriverProvider],
        host: '127.0.0.1',
        intakePort: 0,
        clusterDomain: 'cluster.local',
        systemNamespace: 'knative-eventing',
        channelUrlTemplate: 'http://{hostname}/',
        maxEventBytes: 10_000,
        deletionGracePeriodMs: 30_000,
        resumeGracePeriodMs: 3_600_000,
        leaderElection: false,
        ...options,
      },
      {
        client: this.client,
        clock: systemClock,
        logger: this.logger,
        metrics: noMetrics,
        managementRoutes: { add: (page) => this.pages.set(page.name, page) },
        lifeCycle: { register: (part) => this.parts.push(part), ports: () => ({}) },
        localIntakes: this.localIntakes,
      },
    );
    for (const part of this.parts) await part.start?.();
  }

  /** Starts with a Channel `orders` that has these subscribers, ready to be posted to. */
  async startWith(subscribers: readonly ChannelSubscriber[], setup: HarnessSetup = {}): Promise<void> {
    const driver = setup.parameters && { driver: 'in-memory', parameters: setup.parameters };
    this.api.put(provisionerObject('in-memory', driver));
    this.api.put(provisionerObject('in-memory-channel'));
    for (const { ref } of subscribers) if (ref?.name) this.api.put(subscriptionObject(ref.name));
    this.api.put(channelObject({ subscribable: { subscribers: [...subscribers] }, ...setup.spec }));
    const { spec: _, parameters: __, ...options } = setup;
    await this.start(options);
    await this.ready(subscribers.length);
  }

  /** Waits until the Channel is Ready with so many subscribers, and the intake open. */
  async ready(subscribers: number): Promise<void> {
    await eventually(async () => {
      const status = (await this.channel())?.status;
      expect(status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
      expect(status?.subscribers?.filter(({ ready }) => ready === 'True') ?? []).toHaveLength(subscribers);
      const { status: answer } = await this.post('probe', { headers: { 'ce-specversion': '9' } });
      expect(answer).toBe(400);
    });
  }

  /** The ordered end of a process. */
  async stop(deadline: AbortSignal = AbortSignal.abort()): Promise<void> {
    await this.stopIntake();
    await Promise.all(this.parts.map((part) => part.drain?.(deadline) ?? Promise.resolve()));
    for (const part of this.parts.reverse()) await part.close?.();
    this.parts = [];
  }

  async stopIntake(): Promise<void> {
    for (const part of this.parts) await part.stopIntake?.();
  }

  async drain(deadline: AbortSignal): Promise<void> {
    await Promise.all(this.parts.map((part) => part.drain?.(deadline) ?? Promise.resolve()));
  }

  async close(): Promise<void> {
    await this.stop();
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
    await this.client.close();
    await this.api.close();
  }

  async consumer(): Promise<TestConsumer> {
    const consumer = await TestConsumer.start();
    this.consumers.push(consumer);
    return consumer;
  }

  get intakeUrl(): string {
    const port = this.parts.map((part) => part.ports?.()['intake']).find((candidate) => candidate !== undefined);
    return `http://127.0.0.1:${port ?? 0}`;
  }

  /** `GET /accounting` of the management port. */
  async accounting(): Promise<Accounting> {
    return (await this.pages.get('accounting')?.read()) as Accounting;
  }

  channel(): Promise<Channel | undefined> {
    return this.client.get(CHANNEL, { namespace: 'default', name: 'orders' });
  }

  provisioner(name: string): Promise<ClusterChannelProvisioner | undefined> {
    return this.client.get(CLUSTER_CHANNEL_PROVISIONER, { name });
  }

  /** Changes the Channel as somebody with kubectl would. */
  async edit(change: (channel: Channel) => Channel): Promise<void> {
    this.api.put(change((await this.channel())!));
  }

  async post(id: string, to: { path?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
    const response = await request(`${this.intakeUrl}${to.path ?? '/default/orders'}`, {
      method: 'POST',
      headers: {
        'content-type': 'text/plain',
        'ce-specversion': '1.0',
        'ce-id': id,
        'ce-source': '/test',
        'ce-type': 'test',
        ...to.headers,
      },
      body: to.body ?? `body of ${id}`,
    });
    const retryAfter = response.headers['retry-after'];
    return {
      status: response.statusCode,
      retryAfter: retryAfter as string | undefined,
      text: await response.body.text(),
    };
  }
}
