import {
  CHANNEL,
  CHANNEL_LABEL,
  SERVICE,
  type Channel,
  type EndpointSlice,
  type KubeObject,
  type ObjectKey,
  type ObjectReference,
  type ResourceKind,
  type Service,
} from '@millrace/eventing-api';
import { KubeApiError, type KubeClient, type ObjectCache } from '@millrace/kube';
import { cachedOrLive } from './cached-or-live.js';
import { describeReference, watchedKind } from './referenced-kind.js';
import { referenceTo, type NoteReference } from './reference-tracker.js';
import {
  SERVICE_NAME_LABEL,
  readyEndpoint,
  resolveServiceUrl,
  serviceOfHost,
  type NamespacedName,
  type ServiceAddressing,
  type ServiceFacts,
  type UrlRest,
} from './resolve-service-url.js';

/** How long an object of a kind that nobody watches may be out of date. */
export const UNWATCHED_RECHECK_MS = 30_000;

/** An address, or what stands in its way, told as a sentence for the user. */
export type AddressResolution =
  | { readonly outcome: 'resolved'; readonly url: string; readonly recheckAfterMs?: number | undefined }
  | { readonly outcome: 'unresolved'; readonly message: string; readonly recheckAfterMs?: number | undefined };

/** Where addresses are read from. */
export interface AddressSources {
  readonly client: KubeClient;
  readonly channels: ObjectCache<Channel>;
  readonly services: ObjectCache<Service>;
  /** Absent where Services are reached by DNS. */
  readonly endpointSlices?: ObjectCache<EndpointSlice> | undefined;
}

/** The parts of an object that can make it Addressable (Knative Addressable contract; `domainInternal` as Knative Serving had it until 2019). */
interface AddressableStatus {
  readonly address?: { readonly url?: string; readonly hostname?: string };
  readonly domainInternal?: string;
}

/** Finds the URL at which a reference or a written address takes in events. Rejects only when the API cannot be asked. */
export class AddressResolver {
  /** Where each Service and port answered last, while the Service exists. */
  private readonly lastEndpoints = new Map<string, string>();

  constructor(
    private readonly sources: AddressSources,
    private readonly addressing: ServiceAddressing,
  ) {}

  /** Of an object in `namespace`: a core Service, or anything that shows an address in its status. */
  async resolveReference(
    namespace: string,
    reference: ObjectReference,
    note: NoteReference,
  ): Promise<AddressResolution> {
    const key = { namespace, name: reference.name ?? '' };
    const watched = watchedKind(reference);
    if (watched !== undefined) {
      note(referenceTo(watched, key));
      return watched === SERVICE ? this.resolveService(key, note) : this.resolveObject(key, reference, watched, note);
    }
    const recheckAfterMs = UNWATCHED_RECHECK_MS;
    const kind = await this.sources.client.resolveKind(reference.apiVersion ?? '', reference.kind ?? '');
    if (kind !== undefined) return { ...(await this.resolveObject(key, reference, kind, note)), recheckAfterMs };
    const message = `The API does not know kind "${reference.kind ?? ''}" of "${reference.apiVersion ?? ''}". Install its CustomResourceDefinition, or name something else.`;
    return { outcome: 'unresolved', message, recheckAfterMs };
  }

  /** Of a URL, or of a bare host (`sink`, `sink.other.svc.cluster.local:8080`) as `dnsName` had it in 2019. */
  resolveUrl(text: string, namespace: string, note: NoteReference): AddressResolution {
    const url = parseHttpUrl(text);
    if (url === undefined) {
      return { outcome: 'unresolved', message: `"${text}" is neither an http(s) URL nor a host name.` };
    }
    const isBareName = !text.includes('://') && !url.hostname.includes('.') && url.hostname !== 'localhost';
    const service = isBareName
      ? { namespace, name: url.hostname }
      : serviceOfHost(url.hostname, this.addressing.clusterDomain);
    if (url.protocol === 'http:' && service !== undefined) {
      const reachable = this.serviceUrl(service, note, {
        port: url.port === '' ? undefined : Number(url.port),
        path: `${url.pathname}${url.search}`,
      });
      // Where DNS does it, what the user wrote stays as it was written.
      const isAsWritten = !isBareName && this.addressing.serviceAddresses === 'dns';
      if (!isAsWritten) return { outcome: 'resolved', url: reachable };
    }
    return { outcome: 'resolved', url: text.includes('://') ? text : url.href };
  }

  private async resolveService(key: NamespacedName, note: NoteReference): Promise<AddressResolution> {
    const { services, client } = this.sources;
    const service = await cachedOrLive(services, client, SERVICE, key);
    if (service === undefined) return missing(`Service "${key.name}"`, key.namespace);
    return { outcome: 'resolved', url: this.serviceUrl(key, note) };
  }

  private async resolveObject(
    key: NamespacedName,
    reference: ObjectReference,
    kind: ResourceKind,
    note: NoteReference,
  ): Promise<AddressResolution> {
    const described = describeReference(reference);
    const { channels, client } = this.sources;
    const object =
      kind === CHANNEL ? await cachedOrLive(channels, client, CHANNEL, key) : await this.getLive(kind, key);
    if (object === undefined) return missing(described, key.namespace);
    const url = addressOf(object.status ?? {});
    if (url !== undefined) return this.resolveUrl(url, key.namespace, note);
    const message = `${described} has no address yet: neither status.address.url nor status.address.hostname is set. It gets one when it is ready.`;
    return { outcome: 'unresolved', message };
  }

  private async getLive(kind: ResourceKind, key: ObjectKey): Promise<KubeObject | undefined> {
    try {
      return await this.sources.client.get(kind, key);
    } catch (error) {
      // Not a Status of reason NotFound: the API does not serve the kind (its CustomResourceDefinition is not installed).
      if (error instanceof KubeApiError && error.code === 404) return undefined;
      throw error;
    }
  }

  private serviceUrl(key: NamespacedName, note: NoteReference, rest?: UrlRest): string {
    note(referenceTo(SERVICE, key));
    const service = this.sources.services.get(key);
    const ofChannel =
      this.addressing.serviceAddresses === 'endpoints' ? this.channelUrl(key, service, note) : undefined;
    if (ofChannel !== undefined) return ofChannel;
    const endpointSlices = (this.sources.endpointSlices?.list(key.namespace) ?? []).filter(
      ({ metadata }) => metadata.labels?.[SERVICE_NAME_LABEL] === key.name,
    );
    const lastEndpoint = this.lastEndpoint(key, { service, endpointSlices }, rest?.port ?? 80);
    return resolveServiceUrl(key, { service, endpointSlices, lastEndpoint }, this.addressing, rest);
  }

  private lastEndpoint({ namespace, name }: NamespacedName, facts: ServiceFacts, port: number): string | undefined {
    const id = `${namespace}/${name}:${port}`;
    const ready = readyEndpoint(facts, port);
    if (facts.service === undefined) this.lastEndpoints.delete(id);
    else if (ready !== undefined) this.lastEndpoints.set(id, ready);
    return this.lastEndpoints.get(id);
  }

  /** The Service of a Channel has no endpoints of its own: what answers is the Channel's URL. */
  private channelUrl(
    { namespace }: NamespacedName,
    service: Service | undefined,
    note: NoteReference,
  ): string | undefined {
    const name = service?.metadata.labels?.[CHANNEL_LABEL];
    if (name === undefined) return undefined;
    note(referenceTo(CHANNEL, { namespace, name }));
    return this.sources.channels.get({ namespace, name })?.status?.address?.url;
  }
}

function addressOf(status: AddressableStatus): string | undefined {
  if (status.address?.url) return status.address.url;
  const host = status.address?.hostname || status.domainInternal;
  return host ? `http://${host}/` : undefined;
}

function parseHttpUrl(text: string): URL | undefined {
  const withScheme = text.includes('://') ? text : `http://${text}`;
  if (/\s/.test(text) || !URL.canParse(withScheme)) return undefined;
  const url = new URL(withScheme);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

function missing(described: string, namespace: string) {
  return {
    outcome: 'unresolved',
    message: `${described} does not exist in namespace "${namespace}". Create it, or name another.`,
  } as const;
}
