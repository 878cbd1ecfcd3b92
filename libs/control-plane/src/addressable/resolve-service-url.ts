import type { EndpointSlice, Service } from '@millrace/eventing-api';

/** Label by which an EndpointSlice names its Service (Kubernetes discovery/v1). */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

/**
 * How a Service is reached: `dns` = by its cluster DNS name; `endpoints` = at the first ready address of its EndpointSlices, for homes
 * without cluster DNS.
 */
export type ServiceAddresses = 'dns' | 'endpoints';

/** How this home reaches Services. */
export interface ServiceAddressing {
  /** Domain of the cluster's DNS, usually `cluster.local`. */
  readonly clusterDomain: string;
  readonly serviceAddresses: ServiceAddresses;
}

/** Names an object of a namespaced kind. */
export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/** What is known of a Service when its URL is wanted. */
export interface ServiceFacts {
  readonly service?: Service | undefined;
  readonly endpointSlices: readonly EndpointSlice[];
  /** Host and port that were ready last, where none is now. */
  readonly lastEndpoint?: string | undefined;
}

/** The part of a URL behind its host. */
export interface UrlRest {
  /** Port of the Service. Default 80. */
  readonly port?: number | undefined;
  /** Path and query, with a leading slash. Default `/`. */
  readonly path?: string | undefined;
}

/**
 * The URL of a core Service: `http://<name>.<namespace>.svc.<domain>/`, as the Knative Destination contract has it; with
 * `serviceAddresses: endpoints` the first ready endpoint address and its port where there is one, else the last one that was: where there is no cluster
 * DNS, asking for such a name takes seconds, and a Service that is down for a while has not moved.
 */
export function resolveServiceUrl(
  key: NamespacedName,
  facts: ServiceFacts,
  addressing: ServiceAddressing,
  rest: UrlRest = {},
): string {
  const path = rest.path ?? '/';
  if (addressing.serviceAddresses === 'endpoints') {
    const endpoint = readyEndpoint(facts, rest.port ?? 80) ?? facts.lastEndpoint;
    if (endpoint !== undefined) return `http://${endpoint}${path}`;
  }
  const host = `${key.name}.${key.namespace}.svc.${addressing.clusterDomain}`;
  const port = rest.port === undefined || rest.port === 80 ? '' : `:${rest.port}`;
  return `http://${host}${port}${path}`;
}

/** The Service that a host of the form `<name>.<namespace>.svc[.<domain>]` means; undefined for any other host. */
export function serviceOfHost(hostname: string, clusterDomain: string): NamespacedName | undefined {
  const [name, namespace, svc, ...domain] = hostname.replace(/\.$/, '').split('.');
  if (!name || !namespace || svc !== 'svc') return undefined;
  if (domain.length > 0 && domain.join('.') !== clusterDomain) return undefined;
  return { name, namespace };
}

/** Host and port of the first endpoint that is ready, of those behind a port of the Service. */
export function readyEndpoint(facts: ServiceFacts, servicePort: number): string | undefined {
  const portName = facts.service?.spec?.ports?.find(({ port }) => port === servicePort)?.name;
  const slices = [...facts.endpointSlices].sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
  for (const slice of slices) {
    const port = (slice.ports?.find(({ name }) => name === portName) ?? slice.ports?.[0])?.port;
    const address = slice.endpoints.find(({ conditions }) => conditions?.ready !== false)?.addresses[0];
    if (address === undefined || port === undefined) continue;
    return `${slice.addressType === 'IPv6' ? `[${address}]` : address}:${port}`;
  }
  return undefined;
}
