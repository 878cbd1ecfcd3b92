import type { PrinterColumn } from './resource-kind.types.js';

/** API group of Channel, Subscription and ClusterChannelProvisioner. */
export const EVENTING_GROUP = 'eventing.knative.dev';
/** API group of the sources. */
export const SOURCES_GROUP = 'sources.eventing.knative.dev';
/** The one version of both groups. */
export const VERSION = 'v1alpha1';

/** What `kubectl get` prints of every kind (Knative Eventing v0.4 `300-channel.yaml`). */
export const READY_COLUMNS: readonly PrinterColumn[] = [
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
];
