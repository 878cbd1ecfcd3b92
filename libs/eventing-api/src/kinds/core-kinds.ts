import type { KubeObject } from '../meta/kube-object.types.js';
import type { ObjectReference } from '../meta/object-reference.schema.js';
import type { Condition } from '../meta/condition.schema.js';
import type { ResourceKind } from './resource-kind.types.js';

/** `v1 Namespace`, as far as we read it. */
export interface Namespace extends KubeObject {
  status?: { phase?: 'Active' | 'Terminating' };
}
export const NAMESPACE: ResourceKind<Namespace> = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};

/** `v1 Service`, as far as we read and write it. */
export interface Service extends KubeObject {
  spec?: {
    type?: 'ClusterIP' | 'ExternalName' | 'NodePort' | 'LoadBalancer';
    clusterIP?: string;
    externalName?: string;
    selector?: Record<string, string>;
    ports?: { name?: string; port: number; targetPort?: number | string; protocol?: string; appProtocol?: string }[];
  };
}
export const SERVICE: ResourceKind<Service> = {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  namespaced: true,
};

/** `discovery.k8s.io/v1 EndpointSlice`: where a Service really answers. */
export interface EndpointSlice extends KubeObject {
  addressType: 'IPv4' | 'IPv6' | 'FQDN';
  endpoints: { addresses: string[]; conditions?: { ready?: boolean }; targetRef?: ObjectReference }[];
  ports?: { name?: string; port?: number; protocol?: string }[];
}
export const ENDPOINT_SLICE: ResourceKind<EndpointSlice> = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
};

/** A container as Deployments and Pods list it. */
export interface Container {
  name: string;
  image: string;
  args?: string[];
  command?: string[];
  env?: { name: string; value?: string; valueFrom?: Record<string, unknown> }[];
  ports?: { name?: string; containerPort: number; protocol?: string }[];
  imagePullPolicy?: string;
}

export interface PodSpec {
  containers: Container[];
  serviceAccountName?: string;
  restartPolicy?: string;
  nodeName?: string;
}

/** `apps/v1 Deployment`. */
export interface Deployment extends KubeObject {
  spec?: {
    replicas?: number;
    selector: { matchLabels?: Record<string, string> };
    template: { metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }; spec?: PodSpec };
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    unavailableReplicas?: number;
    conditions?: (Condition & { lastUpdateTime?: string })[];
  };
}
export const DEPLOYMENT: ResourceKind<Deployment> = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
};

/** `v1 Pod`. */
export interface Pod extends KubeObject {
  spec?: PodSpec;
  status?: {
    phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
    reason?: string;
    message?: string;
    podIP?: string;
    hostIP?: string;
    startTime?: string;
    conditions?: {
      type: string;
      status: 'True' | 'False' | 'Unknown';
      reason?: string;
      message?: string;
      lastTransitionTime?: string;
    }[];
    containerStatuses?: {
      name: string;
      image: string;
      imageID?: string;
      ready: boolean;
      started?: boolean;
      restartCount: number;
      state?: Record<
        string,
        { reason?: string; message?: string; startedAt?: string; finishedAt?: string; exitCode?: number }
      >;
      lastState?: Record<
        string,
        { reason?: string; message?: string; startedAt?: string; finishedAt?: string; exitCode?: number }
      >;
    }[];
  };
}
export const POD: ResourceKind<Pod> = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };

/** `v1 Event`: what happened to an object. */
export interface Event extends KubeObject {
  involvedObject: ObjectReference;
  reason?: string;
  message?: string;
  type?: 'Normal' | 'Warning';
  count?: number;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  source?: { component?: string; host?: string };
  reportingComponent?: string;
  reportingInstance?: string;
  action?: string;
}
export const EVENT: ResourceKind<Event> = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};

/** `coordination.k8s.io/v1 Lease`. */
export interface Lease extends KubeObject {
  spec?: {
    holderIdentity?: string | null;
    leaseDurationSeconds?: number;
    acquireTime?: string | null;
    renewTime?: string | null;
    leaseTransitions?: number;
  };
}
export const LEASE: ResourceKind<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
};

/** `v1 ConfigMap`. */
export interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}
export const CONFIG_MAP: ResourceKind<ConfigMap> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};

/** `v1 Secret`; `data` is base64. */
export interface Secret extends KubeObject {
  type?: string;
  data?: Record<string, string>;
  stringData?: Record<string, string>;
}
export const SECRET: ResourceKind<Secret> = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
};

/** `serving.knative.dev/v1alpha1 Service`: the consumer of the walk-through. */
export interface KnativeService extends KubeObject {
  spec?: {
    runLatest?: {
      configuration?: {
        revisionTemplate?: {
          metadata?: { labels?: Record<string, string> };
          spec?: { container?: Partial<Container> };
        };
      };
    };
    template?: { metadata?: { labels?: Record<string, string> }; spec?: { containers?: Partial<Container>[] } };
  };
  status?: {
    observedGeneration?: number;
    conditions?: Condition[];
    address?: { hostname?: string; url?: string };
    domain?: string;
    domainInternal?: string;
    url?: string;
  };
}
export const KNATIVE_SERVICE: ResourceKind<KnativeService> = {
  group: 'serving.knative.dev',
  version: 'v1alpha1',
  kind: 'Service',
  plural: 'services',
  namespaced: true,
};

/** `networking.istio.io/v1alpha3 VirtualService`, as far as we write it. */
export interface VirtualService extends KubeObject {
  spec?: {
    hosts: string[];
    gateways?: string[];
    http: {
      rewrite?: { authority?: string; uri?: string };
      route: { destination: { host: string; port?: { number: number } } }[];
    }[];
  };
}
export const VIRTUAL_SERVICE: ResourceKind<VirtualService> = {
  group: 'networking.istio.io',
  version: 'v1alpha3',
  kind: 'VirtualService',
  plural: 'virtualservices',
  namespaced: true,
};
