import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LocalIntakes } from '@millrace/delivery';
import {
  noMetrics,
  silentLogger,
  systemClock,
  type Channel,
  type ClusterChannelProvisioner,
  type ProcessPart,
} from '@millrace/eventing-api';
import { createKubeClient, type KubeClient } from '@millrace/kube';
import { request } from 'undici';
import { KubeTestServer } from '@millrace/testing';
import { createIngress } from '../src/create-ingress.js';

/** A request as a provisioner got it. */
export interface Handed {
  readonly path: string;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** What stands in for a provisioner in another process: a port that keeps what it gets and answers as told. */
export class RemoteProvisioner {
  readonly handed: Handed[] = [];
  answer: (handed: Handed) => { status: number; headers?: Record<string, string>; text?: string } = () => ({
    status: 202,
  });

  private constructor(private readonly server: Server) {}

  static async start(): Promise<RemoteProvisioner> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const provisioner = new RemoteProvisioner(server);
    server.on('request', (incoming: IncomingMessage, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const { url = '', rawHeaders, headers } = incoming;
        const handed = { path: url, rawHeaders, headers, body: Buffer.concat(chunks) };
        provisioner.handed.push(handed);
        const { status, headers: answered, text } = provisioner.answer(handed);
        response.writeHead(status, answered).end(text);
      });
    });
    return provisioner;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A front door with a real port, a real API and provisioners behind it. */
export class IngressHarness {
  readonly localIntakes = new LocalIntakes();
  private parts: ProcessPart[] = [];
  private readonly remotes: RemoteProvisioner[] = [];

  private constructor(
    readonly api: KubeTestServer,
    private readonly client: KubeClient,
  ) {}

  static async create(): Promise<IngressHarness> {
    const api = await KubeTestServer.start();
    return new IngressHarness(api, createKubeClient({ kubeconfig: api.kubeconfig, userAgent: 'test' }));
  }

  async start(limits: { maxEventBytes?: number; maxBytesInFlight?: number } = {}): Promise<void> {
    const { maxEventBytes = 10_000, maxBytesInFlight = 100_000 } = limits;
    createIngress(
      { host: '127.0.0.1', port: 0, clusterDomain: 'cluster.local', maxEventBytes, maxBytesInFlight },
      {
        client: this.client,
        clock: systemClock,
        logger: silentLogger,
        metrics: noMetrics,
        lifeCycle: { register: (part) => this.parts.push(part), ports: () => ({}) },
        localIntakes: this.localIntakes,
      },
    );
    for (const part of this.parts) await part.start?.();
  }

  async remote(provisioner: string): Promise<RemoteProvisioner> {
    const remote = await RemoteProvisioner.start();
    this.remotes.push(remote);
    this.api.put(provisionerAt(provisioner, remote.url));
    return remote;
  }

  get url(): string {
    const port = this.parts.map((part) => part.ports?.()['ingress']).find((candidate) => candidate !== undefined);
    return `http://127.0.0.1:${port ?? 0}`;
  }

  async post(path: string, headers: Record<string, string | string[]> = {}, body = '{}') {
    const event = {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-source': '/t',
      'ce-type': 't',
    };
    const response = await request(`${this.url}${path}`, { method: 'POST', headers: { ...event, ...headers }, body });
    return {
      status: response.statusCode,
      retryAfter: response.headers['retry-after'],
      text: await response.body.text(),
    };
  }

  /** The ordered end of a process that has no time left. */
  async stop(): Promise<void> {
    for (const part of this.parts) await part.stopIntake?.();
    for (const part of this.parts.splice(0).reverse()) await part.close?.();
  }

  async close(): Promise<void> {
    await this.stop();
    await Promise.all(this.remotes.map((remote) => remote.close()));
    await this.client.close();
    await this.api.close();
  }
}

export function provisionerAt(name: string, url: string): ClusterChannelProvisioner {
  return {
    apiVersion: 'eventing.knative.dev/v1alpha1',
    kind: 'ClusterChannelProvisioner',
    metadata: { name },
    status: { address: { url } },
  };
}

export function channelOf(provisioner: string, name = 'orders', hostname?: string): Channel {
  return {
    apiVersion: 'eventing.knative.dev/v1alpha1',
    kind: 'Channel',
    metadata: { name, namespace: 'default' },
    spec: { provisioner: { name: provisioner } },
    ...(hostname === undefined ? {} : { status: { address: { hostname } } }),
  };
}
