import { RESOURCE_DEFINITIONS } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { toTable } from '../../table/table.js';
import { KindRegistry } from '../kind-registry.js';
import { servedKinds } from '../served-kinds.js';

const CREATED = '2019-02-20T08:00:00Z';
const NOW_MS = Date.parse(CREATED) + 60_000;
const OPTIONS = { withColumns: true, includeObject: 'None' } as const;
const registry = new KindRegistry(servedKinds(RESOURCE_DEFINITIONS));

/** What `kubectl get` prints of an object; with wide, what `-o wide` adds. */
function printed(apiVersion: string, kind: string, fields: object, { wide = false } = {}): Record<string, unknown> {
  const resolved = registry.byKind(apiVersion, kind)!;
  const { metadata, ...rest } = { metadata: {}, ...fields };
  const object = { apiVersion, kind, metadata: { name: 'a', creationTimestamp: CREATED, ...metadata }, ...rest };
  const { columnDefinitions, rows } = toTable(resolved.kind, [object], {}, OPTIONS, NOW_MS) as {
    columnDefinitions: { name: string; priority: number }[];
    rows: { cells: unknown[] }[];
  };
  const cells = columnDefinitions.map(({ name, priority }, index) => ({ name, priority, cell: rows[0]!.cells[index] }));
  const shown = cells.filter(({ priority }) => wide || priority === 0);
  return Object.fromEntries(shown.map(({ name, cell }) => [name.toUpperCase(), cell]));
}

describe('kubectl get prints', () => {
  it('Namespaces', () => {
    const namespace = { status: { phase: 'Active' } };
    expect(printed('v1', 'Namespace', namespace)).toEqual({ NAME: 'a', STATUS: 'Active', AGE: '60s' });
  });

  it('ConfigMaps, Secrets and ServiceAccounts', () => {
    expect(printed('v1', 'ConfigMap', { data: { a: '1', b: '2' }, binaryData: { c: '' } })).toEqual({
      NAME: 'a',
      DATA: 3,
      AGE: '60s',
    });
    expect(printed('v1', 'Secret', { type: 'Opaque', data: { a: '' } })).toEqual({
      NAME: 'a',
      TYPE: 'Opaque',
      DATA: 1,
      AGE: '60s',
    });
    expect(printed('v1', 'ServiceAccount', {})).toEqual({ NAME: 'a', SECRETS: 0, AGE: '60s' });
  });

  it('Services', () => {
    const spec = {
      type: 'ClusterIP',
      clusterIP: '10.96.1.2',
      ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }],
      selector: { b: '2', a: '1' },
    };
    expect(printed('v1', 'Service', { spec }, { wide: true })).toEqual({
      NAME: 'a',
      TYPE: 'ClusterIP',
      'CLUSTER-IP': '10.96.1.2',
      'EXTERNAL-IP': '<none>',
      'PORT(S)': '80/TCP,53/UDP',
      AGE: '60s',
      SELECTOR: 'a=1,b=2',
    });
    expect(printed('v1', 'Service', { spec: { type: 'ExternalName', externalName: 'x.y' } }, { wide: true })).toEqual({
      NAME: 'a',
      TYPE: 'ExternalName',
      'CLUSTER-IP': '<none>',
      'EXTERNAL-IP': 'x.y',
      'PORT(S)': '<none>',
      AGE: '60s',
      SELECTOR: '<none>',
    });
  });

  it('EndpointSlices', () => {
    const addresses = ['10.0.0.1', '10.0.0.2'];
    const slice = { addressType: 'IPv4', endpoints: [{ addresses }], ports: [{ port: 8080 }] };
    expect(printed('discovery.k8s.io/v1', 'EndpointSlice', slice)).toEqual({
      NAME: 'a',
      ADDRESSTYPE: 'IPv4',
      PORTS: '8080',
      ENDPOINTS: '10.0.0.1,10.0.0.2',
      AGE: '60s',
    });
    expect(printed('discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'IPv4', endpoints: [] })).toMatchObject({
      PORTS: '<unset>',
      ENDPOINTS: '<unset>',
    });
  });

  it('Deployments', () => {
    const spec = {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: {
        spec: {
          containers: [
            { name: 'web', image: 'web:1' },
            { name: 'log', image: 'log:2' },
          ],
        },
      },
    };
    const status = { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 };
    expect(printed('apps/v1', 'Deployment', { spec, status }, { wide: true })).toEqual({
      NAME: 'a',
      READY: '1/2',
      'UP-TO-DATE': 2,
      AVAILABLE: 1,
      AGE: '60s',
      CONTAINERS: 'web,log',
      IMAGES: 'web:1,log:2',
      SELECTOR: 'app=web',
    });
    expect(printed('extensions/v1beta1', 'Deployment', { spec })).toMatchObject({ READY: '0/2', AVAILABLE: 0 });
  });

  it('Events, the name only where it is asked for', () => {
    const event = {
      involvedObject: { kind: 'Channel', name: 'orders' },
      type: 'Warning',
      reason: 'NotServed',
      message: 'nobody serves it',
      count: 3,
      firstTimestamp: '2019-02-20T07:00:00Z',
      lastTimestamp: '2019-02-20T08:00:30Z',
      source: { component: 'controller' },
    };
    expect(printed('v1', 'Event', event)).toEqual({
      'LAST SEEN': '30s',
      TYPE: 'Warning',
      REASON: 'NotServed',
      OBJECT: 'channel/orders',
      MESSAGE: 'nobody serves it',
    });
    expect(printed('v1', 'Event', event, { wide: true })).toMatchObject({
      SOURCE: 'controller',
      'FIRST SEEN': '61m',
      COUNT: 3,
      NAME: 'a',
    });
  });

  it('Events that were written as events.k8s.io/v1', () => {
    const event = {
      involvedObject: { kind: 'Channel', name: 'orders' },
      eventTime: '2019-02-20T08:00:50.000000Z',
      reportingComponent: 'controller',
    };
    expect(printed('v1', 'Event', event, { wide: true })).toMatchObject({
      'LAST SEEN': '10s',
      'FIRST SEEN': '10s',
      SOURCE: 'controller',
      COUNT: 1,
    });
  });

  it('Leases, Roles and RoleBindings', () => {
    expect(printed('coordination.k8s.io/v1', 'Lease', { spec: { holderIdentity: 'me' } })).toEqual({
      NAME: 'a',
      HOLDER: 'me',
      AGE: '60s',
    });
    expect(printed('rbac.authorization.k8s.io/v1', 'Role', {})).toEqual({ NAME: 'a', 'CREATED AT': CREATED });
    const binding = { roleRef: { kind: 'Role', name: 'reader' } };
    expect(printed('rbac.authorization.k8s.io/v1', 'RoleBinding', binding)).toEqual({
      NAME: 'a',
      ROLE: 'Role/reader',
      AGE: '60s',
    });
  });

  it('VirtualServices and Services of Knative', () => {
    const spec = { hosts: ['x.default'], http: [] };
    expect(printed('networking.istio.io/v1alpha3', 'VirtualService', { spec })).toEqual({
      NAME: 'a',
      GATEWAYS: null,
      HOSTS: '["x.default"]',
      AGE: '60s',
    });
    const status = { domain: 'a.default.example.com', conditions: [{ type: 'Ready', status: 'True' }] };
    expect(printed('serving.knative.dev/v1alpha1', 'Service', { status })).toEqual({
      NAME: 'a',
      DOMAIN: 'a.default.example.com',
      READY: 'True',
      REASON: null,
    });
  });
});

describe('kubectl get pods prints', () => {
  const pod = (containers: object[], more: object = {}) => ({
    spec: { containers: containers.map(() => ({ name: 'c', image: 'i' })) },
    status: { phase: 'Running', containerStatuses: containers },
    ...more,
  });
  const running = { name: 'c', ready: true, restartCount: 0, state: { running: {} } };
  const ended = (reason?: string) => ({
    name: 'c',
    ready: false,
    restartCount: 0,
    state: { terminated: { exitCode: 3, ...(reason === undefined ? {} : { reason }) } },
  });

  it.each([
    ['a running one', pod([running]), '1/1', 'Running', '0'],
    [
      'one that waits to start again',
      pod([{ ...running, ready: false, state: { waiting: { reason: 'CrashLoopBackOff' } } }]),
      '0/1',
      'CrashLoopBackOff',
      '0',
    ],
    ['one that failed', pod([ended('Error')]), '0/1', 'Error', '0'],
    ['one that failed without a reason', pod([ended()]), '0/1', 'ExitCode:3', '0'],
    ['one that is done', pod([ended('Completed')]), '0/1', 'Completed', '0'],
    ['one of which a part is done', pod([running, ended('Completed')]), '1/2', 'Running', '0'],
    ['one that is not started', { spec: { containers: [{}] }, status: { phase: 'Pending' } }, '0/1', 'Pending', '0'],
    ['one that nobody looked at', { spec: { containers: [{}] } }, '0/1', 'Unknown', '0'],
    ['one with a reason of its own', { status: { phase: 'Failed', reason: 'Evicted' } }, '0/0', 'Evicted', '0'],
    ['one that goes away', pod([running], { metadata: { deletionTimestamp: CREATED } }), '1/1', 'Terminating', '0'],
    [
      'one that was started again',
      pod([{ ...running, restartCount: 2, lastState: { terminated: { finishedAt: '2019-02-20T08:00:40Z' } } }]),
      '1/1',
      'Running',
      '2 (20s ago)',
    ],
  ])('%s', (_case, object, ready, status, restarts) => {
    expect(printed('v1', 'Pod', object)).toEqual({
      NAME: 'a',
      READY: ready,
      STATUS: status,
      RESTARTS: restarts,
      AGE: '60s',
    });
  });
});
