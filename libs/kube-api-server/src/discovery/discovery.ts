import { preferredVersion, type JsonForm } from '../negotiation/accept.js';
import type { KindRegistry, ResolvedKind, ServedVersion } from '../registry/kind-registry.js';
import type { ServedKind } from '../registry/served-kind.types.js';
import { jsonResponse, type ApiResponse } from '../server/api-exchange.js';

const AGGREGATED: JsonForm<'v2' | 'v2beta1'> = {
  name: 'APIGroupDiscoveryList',
  group: 'apidiscovery.k8s.io',
  versions: ['v2', 'v2beta1'],
};

const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

/**
 * Answers `/api` and `/apis` (every kubectl command), `/api/v1` and `/apis/<group>/<version>` (our own KubeClient, client-node); undefined for any
 * other path. kubectl asks for all groups and kinds in one document (`apidiscovery.k8s.io`); other clients get plain lists.
 */
export function discover(registry: KindRegistry, path: string, accept: string | undefined): ApiResponse | undefined {
  if (path === '/api' || path === '/apis') {
    const versions = registry.versions.filter(({ group }) => (group === '') === (path === '/api'));
    return rootDocument(path, versions, preferredVersion(accept, AGGREGATED));
  }
  const version = registry.versions.find((served) => served.path === path);
  return version && jsonResponse(200, apiResourceList(version));
}

function rootDocument(
  path: '/api' | '/apis',
  versions: readonly ServedVersion[],
  aggregated: 'v2' | 'v2beta1' | undefined,
): ApiResponse {
  const headers = { Vary: 'Accept' };
  if (aggregated === undefined) {
    const document = path === '/api' ? apiVersions(versions) : apiGroupList(versions);
    return { ...jsonResponse(200, document), headers };
  }
  return {
    ...jsonResponse(200, aggregatedDiscovery(versions, aggregated)),
    // Clients tell the two forms apart by these parameters alone.
    contentType: `application/json;g=apidiscovery.k8s.io;v=${aggregated};as=APIGroupDiscoveryList`,
    headers,
  };
}

function apiVersions(versions: readonly ServedVersion[]): object {
  return { kind: 'APIVersions', versions: versions.map(({ version }) => version), serverAddressByClientCIDRs: [] };
}

function apiGroupList(versions: readonly ServedVersion[]): object {
  const groups = [...Map.groupBy(versions, ({ group }) => group)].map(([name, ofGroup]) => {
    const offered = ofGroup.map(({ apiVersion, version }) => ({ groupVersion: apiVersion, version }));
    return { name, versions: offered, preferredVersion: offered[0] };
  });
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

function apiResourceList({ apiVersion, kinds }: ServedVersion): object {
  const resources = kinds.flatMap((resolved) => {
    const { kind, plural, singular, namespaced, verbs } = resolved.kind;
    return [
      { name: plural, singularName: singular, namespaced, kind, verbs, ...namesBeside(resolved) },
      ...resolved.kind.subresources.map((name) => ({
        name: `${plural}/${name}`,
        singularName: '',
        namespaced,
        kind,
        ...(name === 'scale' ? SCALE : {}),
        verbs: subresourceVerbs(name),
      })),
    ];
  });
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersion, resources };
}

function aggregatedDiscovery(versions: readonly ServedVersion[], form: 'v2' | 'v2beta1'): object {
  const items = [...Map.groupBy(versions, ({ group }) => group)].map(([name, ofGroup]) => ({
    metadata: name === '' ? {} : { name },
    versions: ofGroup.map(({ version, kinds }) => ({
      version,
      resources: kinds.map(resourceDiscovery),
      freshness: 'Current',
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${form}`, metadata: {}, items };
}

function resourceDiscovery(resolved: ResolvedKind): object {
  const { group, version } = resolved;
  const { kind, plural, singular, namespaced, verbs, subresources } = resolved.kind;
  const responseKind = { group, version, kind };
  return {
    resource: plural,
    responseKind,
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...namesBeside(resolved),
    subresources: subresources.map((name) => ({
      subresource: name,
      responseKind: name === 'scale' ? SCALE : responseKind,
      verbs: subresourceVerbs(name),
    })),
  };
}

/** Under another name the same objects must neither be ambiguous nor show up twice in `kubectl get all`. */
function namesBeside({ kind, alias }: ResolvedKind): Pick<ServedKind, 'shortNames' | 'categories'> {
  return alias ? { shortNames: [], categories: [] } : { shortNames: kind.shortNames, categories: kind.categories };
}

function subresourceVerbs(name: ServedKind['subresources'][number]): string[] {
  return name === 'log' ? ['get'] : ['get', 'patch', 'update'];
}
