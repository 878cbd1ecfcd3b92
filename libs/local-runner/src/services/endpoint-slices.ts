import { ENDPOINT_SLICE, apiVersionOf, type EndpointSlice, type Pod, type Service } from '@millrace/eventing-api';
import { ownerReferenceTo } from '@millrace/kube';
import type { Ports } from '../pods/child.js';
import { POD_IP } from '../pods/pod-status.js';

/** Labels of discovery/v1: the Service of a slice, and who keeps the slice. */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
export const MANAGED_BY_LABEL = 'endpointslice.kubernetes.io/managed-by';
export const MANAGED_BY_RUNNER = 'local-runner.millrace';

/** A Pod that is ready, and where it listens. */
export interface ReadyPod {
  readonly pod: Pod;
  readonly ports: Ports;
}

/**
 * Where a Service answers: a slice for each ready Pod, since on one machine the Pods share an address and differ by their ports, and a slice
 * has one list of ports for all of its endpoints.
 */
export function endpointSlices(service: Service, pods: readonly ReadyPod[]): EndpointSlice[] {
  return pods.flatMap(({ pod, ports }) => {
    const slicePorts = (service.spec?.ports ?? []).flatMap(({ name, targetPort, port, protocol }) => {
      const real = realPort(targetPort ?? port, pod, ports);
      if (real === undefined) return [];
      return [{ ...(name === undefined ? {} : { name }), port: real, protocol: protocol ?? 'TCP' }];
    });
    return slicePorts.length === 0 ? [] : [sliceOf(service, pod, slicePorts)];
  });
}

/** True when a Service sends to a Pod with these labels; a Service without selector sends to none. */
export function selects(service: Service, labels: Readonly<Record<string, string>> | undefined): boolean {
  const selector = Object.entries(service.spec?.selector ?? {});
  return selector.length > 0 && selector.every(([key, value]) => labels?.[key] === value);
}

function sliceOf(service: Service, pod: Pod, ports: NonNullable<EndpointSlice['ports']>): EndpointSlice {
  const { name = '', namespace = '' } = service.metadata;
  const { name: podName, uid: podUid } = pod.metadata;
  return {
    apiVersion: apiVersionOf(ENDPOINT_SLICE),
    kind: ENDPOINT_SLICE.kind,
    metadata: {
      name: `${name}-${(podUid ?? '').slice(0, 8)}`,
      namespace,
      labels: { [SERVICE_NAME_LABEL]: name, [MANAGED_BY_LABEL]: MANAGED_BY_RUNNER },
      ownerReferences: [ownerReferenceTo(service)],
    },
    addressType: 'IPv4',
    endpoints: [
      {
        addresses: [POD_IP],
        conditions: { ready: true },
        targetRef: {
          kind: 'Pod',
          namespace,
          ...(podName === undefined ? {} : { name: podName }),
          ...(podUid === undefined ? {} : { uid: podUid }),
        },
      },
    ],
    ports,
  };
}

/** A Service means a port by its name, or by the number that the container would have on a cluster; here the process chose its own. */
function realPort(targetPort: number | string, pod: Pod, ports: Ports): number | undefined {
  const declared = pod.spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
  const name =
    typeof targetPort === 'string'
      ? targetPort
      : declared.find(({ containerPort }) => containerPort === targetPort)?.name;
  if (name !== undefined && ports[name] !== undefined) return ports[name];
  const { management: _, ...others } = ports;
  const [only, ...more] = Object.values(others);
  return others['http'] ?? (more.length === 0 ? only : undefined);
}
