import { RESOURCE_DEFINITIONS } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { KindRegistry } from '../registry/kind-registry.js';
import { servedKinds } from '../registry/served-kinds.js';
import { discover } from './discovery.js';

const registry = new KindRegistry(servedKinds(RESOURCE_DEFINITIONS));

const AGGREGATED_V2 = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const AGGREGATED_V2BETA1 = 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList';
/** As kubectl 1.32 sends it. */
const KUBECTL = `${AGGREGATED_V2},${AGGREGATED_V2BETA1},application/json`;

function get(path: string, accept?: string) {
  const response = discover(registry, path, accept)!;
  return { ...response, document: JSON.parse(String(response.body)) };
}

interface Version {
  version: string;
  resources: { resource: string; subresources: unknown[] }[];
}

function aggregated(path: string): { name: string | undefined; versions: Version[] }[] {
  const { items } = get(path, KUBECTL).document as { items: { metadata: { name?: string }; versions: Version[] }[] };
  return items.map(({ metadata, versions }) => ({ name: metadata.name, versions }));
}

describe('The form of discovery follows the Accept header', () => {
  it.each([
    ['as kubectl 1.32 asks', KUBECTL, 'v2'],
    ['as kubectl 1.27 asks', `${AGGREGATED_V2BETA1},application/json`, 'v2beta1'],
    [
      'with parameters in another order and an unknown one',
      'application/json;as=APIGroupDiscoveryList;profile=nopeer;v=v2;g=apidiscovery.k8s.io,application/json',
      'v2',
    ],
  ])('aggregated %s', (_case, accept, version) => {
    for (const path of ['/api', '/apis']) {
      const { contentType, document } = get(path, accept);
      expect(contentType).toBe(`application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`);
      expect(document).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}` });
    }
  });

  it.each([
    undefined,
    '*/*',
    'application/json',
    `application/json,${AGGREGATED_V2}`,
    'application/json;as=Other,application/json',
  ])('plain for %s', (accept) => {
    expect(get('/api', accept)).toMatchObject({
      contentType: 'application/json',
      document: { kind: 'APIVersions', versions: ['v1'] },
    });
    expect(get('/apis', accept)).toMatchObject({ contentType: 'application/json', document: { kind: 'APIGroupList' } });
  });
});

describe('Aggregated discovery', () => {
  it('tells all of a kind', () => {
    const eventing = aggregated('/apis').find(({ name }) => name === 'eventing.knative.dev')!;
    expect(eventing.versions.map(({ version }) => version)).toEqual(['v1alpha1']);
    const kind = { group: 'eventing.knative.dev', version: 'v1alpha1', kind: 'Channel' };
    expect(eventing.versions[0]!.resources.find(({ resource }) => resource === 'channels')).toEqual({
      resource: 'channels',
      responseKind: kind,
      scope: 'Namespaced',
      singularResource: 'channel',
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['chan'],
      categories: ['all', 'knative', 'eventing', 'channel'],
      subresources: [{ subresource: 'status', responseKind: kind, verbs: ['get', 'patch', 'update'] }],
    });
  });

  it('splits the core group from the others', () => {
    expect(aggregated('/api').map(({ name }) => name)).toEqual([undefined]);
    expect(aggregated('/apis').map(({ name }) => name)).not.toContain(undefined);
  });

  it('offers scale of Deployments under the group of Scale, and the log of Pods', () => {
    const apps = aggregated('/apis').find(({ name }) => name === 'apps')!;
    expect(apps.versions[0]!.resources[0]!.subresources).toContainEqual({
      subresource: 'scale',
      responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
      verbs: ['get', 'patch', 'update'],
    });
    const pods = aggregated('/api')[0]!.versions[0]!.resources.find(({ resource }) => resource === 'pods')!;
    expect(pods.subresources).toContainEqual(expect.objectContaining({ subresource: 'log', verbs: ['get'] }));
  });

  it('shows each object once in a category: aliases have neither categories nor short names', () => {
    const alias = aggregated('/apis').find(({ name }) => name === 'extensions')!;
    expect(alias.versions[0]!.resources[0]).toMatchObject({ resource: 'deployments', categories: [], shortNames: [] });
  });
});

describe('Plain discovery', () => {
  it('lists groups with their preferred versions', () => {
    const version = { groupVersion: 'apps/v1', version: 'v1' };
    const group = { name: 'apps', versions: [version], preferredVersion: version };
    expect(get('/apis').document.groups).toContainEqual(group);
  });

  it('lists resources and subresources of a version', () => {
    expect(get('/apis/apps/v1').document).toEqual({
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: 'apps/v1',
      resources: [
        expect.objectContaining({
          name: 'deployments',
          singularName: 'deployment',
          namespaced: true,
          shortNames: ['deploy'],
        }),
        {
          name: 'deployments/status',
          singularName: '',
          namespaced: true,
          kind: 'Deployment',
          verbs: ['get', 'patch', 'update'],
        },
        expect.objectContaining({ name: 'deployments/scale', group: 'autoscaling', version: 'v1', kind: 'Scale' }),
      ],
    });
    expect(get('/api/v1').document).toMatchObject({ groupVersion: 'v1' });
  });

  it.each([
    '/',
    '/api/v2',
    '/api/v1/pods',
    '/apis/',
    '/apis/apps',
    '/apis/apps/v2',
    '/apis/apps/v1/x',
    '/apis//v1',
    '/version',
  ])('has nothing at %s', (path) => {
    expect(discover(registry, path, undefined)).toBeUndefined();
  });
});
