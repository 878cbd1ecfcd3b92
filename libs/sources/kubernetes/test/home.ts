import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EVENT,
  noMetrics,
  silentLogger,
  systemClock,
  type Clock,
  type Event,
  type ObjectReference,
} from '@millrace/eventing-api';
import { createKubeClient, type KubeClient } from '@millrace/kube';
import { KubeApiServer } from '@millrace/kube-api-server';
import { KubernetesEventAdapter } from '../src/kubernetes-event-adapter.js';

/** An embedded API whose Events can be forwarded. */
export interface Home {
  readonly client: KubeClient;
  startAdapter(sink: string, clock?: Clock): Promise<KubernetesEventAdapter>;
  close(): Promise<void>;
}

export async function startHome(): Promise<Home> {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-source-'));
  const kubeconfig = join(dataDir, 'kubeconfig');
  const options = { host: '127.0.0.1', port: 0, dataDir, kubeconfigPath: kubeconfig, definitions: [] };
  const api = new KubeApiServer(options, systemClock, silentLogger);
  await api.start();
  const client = createKubeClient({ kubeconfig, userAgent: 'test' });
  return {
    client,
    async startAdapter(sink, clock = systemClock) {
      const parts = { client, clock, logger: silentLogger, metrics: noMetrics };
      const adapter = new KubernetesEventAdapter(parts, { namespace: 'default', sink });
      await adapter.start();
      return adapter;
    },
    async close() {
      await client.close();
      await api.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export async function stopAdapter(adapter: KubernetesEventAdapter): Promise<void> {
  await adapter.stopIntake();
  await adapter.drain(AbortSignal.timeout(1_000));
  await adapter.close();
}

export function eventOf(name: string, overrides: Partial<Event> = {}): Event {
  const now = new Date().toISOString().replace(/\.\d+Z/, 'Z');
  const involvedObject: ObjectReference = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'busybox' };
  return {
    apiVersion: 'v1',
    kind: EVENT.kind,
    metadata: { name, namespace: 'default' },
    involvedObject,
    reason: 'Started',
    message: 'Started container',
    type: 'Normal',
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
    source: { component: 'kubelet' },
    ...overrides,
  };
}
