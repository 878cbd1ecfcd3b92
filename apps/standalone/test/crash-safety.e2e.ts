import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONFIG_MAP, type ConfigMap } from '@millrace/eventing-api';
import { createKubeClient, type KubeClient } from '@millrace/kube';
import { prepareStandalone } from './stack.js';

const KILLS = 50;
/** Kills are spread over this time after the start, so that they hit start-up, writing and idling. */
const KILL_WITHIN_MS = 600;

describe('kill -9 of standalone', () => {
  let home: Awaited<ReturnType<typeof prepareStandalone>>;

  beforeAll(async () => {
    home = await prepareStandalone();
  });

  afterAll(() => rm(home.dataDir, { recursive: true, force: true }));

  const connect = () => createKubeClient({ kubeconfig: home.kubeconfig, userAgent: 'millrace-test' });

  it(`at ${KILLS} random moments leaves a store that opens with all that was acknowledged`, async () => {
    const acknowledged = new Map<string, number>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const standalone = await home.start();
      const client = connect();
      await expectAllThere(client, acknowledged);
      const writing = writeUntilRefused(client, `kill-${kill}`, acknowledged);
      await delay(Math.random() * KILL_WITHIN_MS);
      await standalone.end('SIGKILL');
      await writing;
      await client.close();
    }
    const standalone = await home.start();
    const client = connect();
    await expectAllThere(client, acknowledged);
    expect(acknowledged.size).toBeGreaterThan(KILLS);
    await client.close();
    expect(await standalone.end('SIGTERM')).toBe(0);
  }, 600_000);
});

/** Creates and updates objects one after the other until the API is gone, and notes each version that was acknowledged. */
async function writeUntilRefused(client: KubeClient, prefix: string, acknowledged: Map<string, number>): Promise<void> {
  for (let i = 0; ; i += 1) {
    const name = `${prefix}-${i}`;
    try {
      const created = await client.create(CONFIG_MAP, configMap(name, 'first'));
      acknowledged.set(name, version(created));
      const updated = await client.update(CONFIG_MAP, { ...created, data: { text: 'second' } });
      acknowledged.set(name, version(updated));
    } catch {
      return;
    }
  }
}

/** Each object is there in the acknowledged version, or in a later one whose acknowledgement was cut off by the kill. */
async function expectAllThere(client: KubeClient, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const list = await client.list(CONFIG_MAP, { namespace: 'default' });
  const found = new Map(list.items.map((object) => [object.metadata.name, version(object)]));
  const lost = [...acknowledged].filter(([name, atLeast]) => (found.get(name) ?? -1) < atLeast);
  expect(lost).toEqual([]);
  expect(Number(list.metadata.resourceVersion)).toBeGreaterThanOrEqual(Math.max(0, ...acknowledged.values()));
}

function configMap(name: string, text: string): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name }, data: { text } };
}

function version(object: ConfigMap): number {
  return Number(object.metadata.resourceVersion);
}
