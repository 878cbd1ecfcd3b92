import { RESOURCE_DEFINITIONS, type AdmissionLookup, type KubeObject } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { KindRegistry } from '../kind-registry.js';
import { servedKinds } from '../served-kinds.js';

const registry = new KindRegistry(servedKinds(RESOURCE_DEFINITIONS));
const emptyLookup: AdmissionLookup = { get: () => undefined, list: () => [] };

function admit(object: Omit<KubeObject, 'metadata'> & Pick<KubeObject, 'apiVersion' | 'kind'>, previous?: KubeObject) {
  const complete = { metadata: { name: 'a', namespace: 'default' }, ...object } as KubeObject;
  return registry.byKind(object.apiVersion, object.kind)!.kind.admission!(complete, previous, emptyLookup);
}

describe('A Secret', () => {
  it('stores what is written as text in base64, text winning', () => {
    const { object } = admit({
      apiVersion: 'v1',
      kind: 'Secret',
      data: { a: 'eA==', b: 'eQ==' },
      stringData: { b: 'geheim' },
    });
    expect(object).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a', namespace: 'default' },
      type: 'Opaque',
      data: { a: 'eA==', b: 'Z2VoZWlt' },
    });
  });
});

describe('A Namespace', () => {
  it('gets the label that it can be selected by, and is active', () => {
    const { object } = admit({ apiVersion: 'v1', kind: 'Namespace' });
    expect(object).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'a' } },
      status: { phase: 'Active' },
    });
  });
});

describe('A Pod', () => {
  it('is pending until somebody says otherwise', () => {
    expect(admit({ apiVersion: 'v1', kind: 'Pod' }).object).toMatchObject({ status: { phase: 'Pending' } });
    const running = { apiVersion: 'v1', kind: 'Pod', status: { phase: 'Running' } };
    expect(admit(running).object).toMatchObject(running);
  });
});

describe('A Service', () => {
  const service = (spec: object) => admit({ apiVersion: 'v1', kind: 'Service', spec });

  it('keeps what it was given and gets no address that nothing listens on', () => {
    const spec = { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] };
    expect(service(spec).object['spec']).toEqual({ type: 'ClusterIP', ...spec });
  });

  it('that is an alias of a name needs the name', () => {
    expect(service({ type: 'ExternalName', externalName: 'x.y' }).faults).toEqual([]);
    expect(service({ type: 'ExternalName' }).faults).toEqual([
      { field: 'spec.externalName', reason: 'FieldValueRequired', message: 'Required value' },
    ]);
  });
});

describe('A Deployment', () => {
  const labels = { app: 'web' };
  const deployment = (spec: object): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a' },
    spec,
  });
  const good = deployment({ selector: { matchLabels: labels }, template: { metadata: { labels } } });

  it('has one replica unless it says otherwise', () => {
    expect(admit(good).object).toMatchObject({ spec: { replicas: 1 } });
    expect(admit(deployment({ ...(good['spec'] as object), replicas: 0 })).object).toMatchObject({
      spec: { replicas: 0 },
    });
  });

  it('must select its own Pods', () => {
    expect(admit(deployment({ selector: { matchLabels: labels }, template: {} })).faults).toEqual([
      {
        field: 'spec.template.metadata.labels',
        reason: 'FieldValueInvalid',
        message: 'Invalid value: {}: `selector` does not match template `labels`',
      },
    ]);
  });

  it('keeps its selector for life', () => {
    const other = { app: 'other' };
    const changed = deployment({ selector: { matchLabels: other }, template: { metadata: { labels: other } } });
    expect(admit(changed, good).faults).toEqual([
      {
        field: 'spec.selector',
        reason: 'FieldValueInvalid',
        message: 'Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
      },
    ]);
    expect(admit(good, good).faults).toEqual([]);
  });

  it('of 2019 selects the labels of its template', () => {
    const { alias } = registry.resolve('extensions', 'v1beta1', 'deployments')!;
    const stored = alias!.toStored(deployment({ template: { metadata: { labels } } }));
    expect(stored).toMatchObject({ spec: { selector: { matchLabels: labels } } });
    expect(alias!.toStored(good)).toEqual(good);
  });
});

describe('Roles and RoleBindings', () => {
  it.each(['Role', 'RoleBinding'])('warn that nothing enforces them: %s', (kind) => {
    const { faults, warnings } = admit({ apiVersion: 'rbac.authorization.k8s.io/v1', kind });
    expect(faults).toEqual([]);
    expect(warnings).toEqual([`${kind} is stored but not enforced: every client of this API may do everything`]);
  });
});

describe('An Event', () => {
  const { alias } = registry.resolve('events.k8s.io', 'v1', 'events')!;
  const core = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'a' },
    involvedObject: { kind: 'Channel', name: 'orders' },
    reason: 'NotServed',
    message: 'nobody serves it',
    count: 2,
    firstTimestamp: '2019-02-20T08:00:00Z',
    source: { component: 'controller' },
    reportingComponent: 'controller',
  };

  it('has two shapes', () => {
    expect(alias!.fromStored!(core)).toMatchObject({
      metadata: { name: 'a' },
      regarding: { kind: 'Channel', name: 'orders' },
      reason: 'NotServed',
      note: 'nobody serves it',
      deprecatedCount: 2,
      deprecatedFirstTimestamp: '2019-02-20T08:00:00Z',
      deprecatedSource: { component: 'controller' },
      reportingController: 'controller',
    });
  });

  it('that regards nothing is stored with an empty object', () => {
    const event = { apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: { name: 'a' } };
    expect(alias!.toStored(event)).toEqual({ ...event, involvedObject: {} });
  });

  it('comes back from the other shape as it was', () => {
    expect(alias!.toStored(alias!.fromStored!(core))).toEqual(core);
  });
});
