import type { PrinterColumn } from './resource-kind.types.js';

/** API group of Channel, Subscription and ClusterChannelProvisioner. */
export const EVENTING_GROUP = 'eventing.knative.dev';
/** API group of the sources. */
export const SOURCES_GROUP = 'sources.eventing.knative.dev';
/** The one version of both groups. */
export const VERSION = 'v1alpha1';

/** The columns of 2019 (spec/knative-2019.md section 1.1). */
export const READY_COLUMNS: readonly PrinterColumn[] = [
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
];
