import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import type { Pod } from '@millrace/eventing-api';
import { preferredPort } from './preferred-port.js';

const podOf = (deployment: string, pod: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    namespace: 'default',
    name: pod,
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: deployment, uid: '1', controller: true }],
  },
});

it('is the same for every Pod of a Deployment, while it is free', async () => {
  const port = await preferredPort(podOf('spec-a', 'spec-a-1'));

  expect(port).toBeGreaterThanOrEqual(20_000);
  expect(await preferredPort(podOf('spec-a', 'spec-a-2'))).toBe(port);
  expect(await preferredPort(podOf('spec-b', 'spec-b-1'))).not.toBe(port);
});

it('is any free one while somebody else listens there', async () => {
  const port = await preferredPort(podOf('spec-c', 'spec-c-1'));
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');

  expect(await preferredPort(podOf('spec-c', 'spec-c-2'))).toBe(0);
  other.close();
});
