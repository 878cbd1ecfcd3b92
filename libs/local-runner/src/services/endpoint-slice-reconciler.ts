import { isDeepStrictEqual } from 'node:util';
import { ENDPOINT_SLICE, type EndpointSlice, type ObjectKey, type Pod, type Service } from '@millrace/eventing-api';
import { isDeleting, type KubeClient, type ObjectCache, type Reconciler } from '@millrace/kube';
import type { Ports } from '../pods/child.js';
import { MANAGED_BY_LABEL, MANAGED_BY_RUNNER, SERVICE_NAME_LABEL, endpointSlices, selects } from './endpoint-slices.js';

export interface EndpointSliceReconcilerParts {
  readonly client: KubeClient;
  readonly services: ObjectCache<Service>;
  readonly pods: ObjectCache<Pod>;
  /** Where a Pod listens; undefined while it is not ready. */
  readonly portsOf: (pod: Pod) => Ports | undefined;
}

/** Keeps the EndpointSlices of a Service at the ports of its ready Pods. */
export class EndpointSliceReconciler implements Reconciler {
  readonly name = 'local-endpoint-slices';

  constructor(private readonly parts: EndpointSliceReconcilerParts) {}

  async reconcile(key: ObjectKey): Promise<undefined> {
    const { client, services } = this.parts;
    const service = services.get(key);
    const desired = service === undefined || isDeleting(service) ? [] : this.desiredSlices(service);
    const { items } = await client.list(ENDPOINT_SLICE, {
      namespace: key.namespace,
      labelSelector: `${SERVICE_NAME_LABEL}=${key.name},${MANAGED_BY_LABEL}=${MANAGED_BY_RUNNER}`,
    });
    const actual = new Map(items.map((slice) => [slice.metadata.name, slice]));
    for (const slice of desired) {
      await this.store(slice, actual.get(slice.metadata.name));
      actual.delete(slice.metadata.name);
    }
    for (const name of actual.keys()) {
      await client.delete(ENDPOINT_SLICE, { namespace: key.namespace, name: name ?? '' });
    }
  }

  private desiredSlices(service: Service): EndpointSlice[] {
    const { pods, portsOf } = this.parts;
    const ready = pods
      .list(service.metadata.namespace)
      .filter((pod) => selects(service, pod.metadata.labels) && !isDeleting(pod))
      .flatMap((pod) => {
        const ports = portsOf(pod);
        return ports === undefined ? [] : [{ pod, ports }];
      });
    return endpointSlices(service, ready);
  }

  private async store(desired: EndpointSlice, actual: EndpointSlice | undefined): Promise<void> {
    const { client } = this.parts;
    if (actual === undefined) {
      await client.create(ENDPOINT_SLICE, desired);
      return;
    }
    const isSame =
      isDeepStrictEqual(actual.ports, desired.ports) && isDeepStrictEqual(actual.endpoints, desired.endpoints);
    if (isSame) return;
    await client.update(ENDPOINT_SLICE, { ...actual, endpoints: desired.endpoints, ports: desired.ports ?? [] });
  }
}
