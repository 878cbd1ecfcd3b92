import { CHANNEL } from '../channel/channel.definition.js';
import { CLUSTER_CHANNEL_PROVISIONER } from '../cluster-channel-provisioner/cluster-channel-provisioner.definition.js';
import { CONTAINER_SOURCE } from '../container-source/container-source.definition.js';
import { CRON_JOB_SOURCE } from '../cron-job-source/cron-job-source.definition.js';
import { KUBERNETES_EVENT_SOURCE } from '../kubernetes-event-source/kubernetes-event-source.definition.js';
import { SUBSCRIPTION } from '../subscription/subscription.definition.js';
import type { ResourceDefinition } from './resource-kind.types.js';

/** Every kind that Millrace defines. */
export const RESOURCE_DEFINITIONS: readonly ResourceDefinition[] = [
  CHANNEL,
  CLUSTER_CHANNEL_PROVISIONER,
  SUBSCRIPTION,
  CONTAINER_SOURCE,
  KUBERNETES_EVENT_SOURCE,
  CRON_JOB_SOURCE,
];
