import type { ObjectReference } from '@millrace/eventing-api';
import { expect, it } from 'vitest';
import { eventOf } from '../test/home.js';
import { pathOfInvolvedObject } from './event-path.js';

const rows: [ObjectReference, string][] = [
  [
    { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'busybox' },
    '/apis/v1/namespaces/default/pods/busybox',
  ],
  [
    { apiVersion: 'eventing.knative.dev/v1alpha1', kind: 'Channel', namespace: 'default', name: 'orders' },
    '/apis/eventing.knative.dev/v1alpha1/namespaces/default/channels/orders',
  ],
  [{ apiVersion: 'v1', kind: 'Node', name: 'node-1' }, '/apis/v1/nodes/node-1'],
  [
    { apiVersion: 'apps', kind: 'Deployment', namespace: 'a', name: 'b' },
    '/apis/apps/versionUnknown/namespaces/a/deployments/b',
  ],
  [{ kind: 'Pod', namespace: 'a', name: 'b' }, '/apis/versionUnknown/namespaces/a/pods/b'],
  [{ apiVersion: 'v1', kind: 'Endpoints', namespace: 'a', name: 'b' }, '/apis/v1/namespaces/a/endpoints/b'],
  [
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace: 'a', name: 'b' },
    '/apis/networking.k8s.io/v1/namespaces/a/networkpolicies/b',
  ],
  [
    { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', namespace: 'a', name: 'b' },
    '/apis/networking.k8s.io/v1/namespaces/a/ingresses/b',
  ],
];

it.each(rows)('an Event about %o comes from %s', (involvedObject, source) => {
  expect(pathOfInvolvedObject(eventOf('x', { involvedObject }))).toBe(source);
});
