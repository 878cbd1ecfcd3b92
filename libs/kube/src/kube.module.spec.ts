import { CONFIG_MAP, LIFE_CYCLE, type LifeCycle, type ProcessPart } from '@millrace/eventing-api';
import { expect, it } from 'vitest';
import { KubeTestServer } from '@millrace/testing';
import type { KubeClient } from './client/kube-client.types.js';
import { KubeConnectionError } from './client/kube-errors.js';
import { KUBE_CLIENT, KubeModule } from './kube.module.js';

it('KubeModule provides one client to every module, and closes it with the process', async () => {
  const server = await KubeTestServer.start();
  const parts: ProcessPart[] = [];
  const { global, exports, providers } = KubeModule.register({ kubeconfig: server.kubeconfig, userAgent: 'spec' });
  expect({ global, exports }).toEqual({ global: true, exports: [KUBE_CLIENT] });
  expect(providers).toMatchObject([{ provide: KUBE_CLIENT, inject: [LIFE_CYCLE] }]);
  const [provider] = providers as { useFactory: (lifeCycle: LifeCycle) => KubeClient }[];

  const client = provider!.useFactory({ register: (part) => parts.push(part), ports: () => ({}) });
  await expect(client.list(CONFIG_MAP)).resolves.toMatchObject({ items: [] });
  expect(parts.map(({ name }) => name)).toEqual(['kube-client']);
  await parts[0]?.close?.();
  await expect(client.list(CONFIG_MAP)).rejects.toThrow(KubeConnectionError);
  await server.close();
});
