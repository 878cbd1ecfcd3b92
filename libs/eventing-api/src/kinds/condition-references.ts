import { CHANNEL_CONDITION_REFERENCE } from '../channel/channel.conditions.js';
import { CLUSTER_CHANNEL_PROVISIONER_CONDITION_REFERENCE } from '../cluster-channel-provisioner/cluster-channel-provisioner.conditions.js';
import type { ConditionReference } from '../conditions/condition-reference.js';
import { CONTAINER_SOURCE_CONDITION_REFERENCE } from '../container-source/container-source.conditions.js';
import { CRON_JOB_SOURCE_CONDITION_REFERENCE } from '../cron-job-source/cron-job-source.conditions.js';
import { SUBSCRIPTION_CONDITION_REFERENCE } from '../subscription/subscription.conditions.js';

/** The conditions of every kind that Millrace defines. */
export const CONDITION_REFERENCES: readonly ConditionReference[] = [
  CHANNEL_CONDITION_REFERENCE,
  SUBSCRIPTION_CONDITION_REFERENCE,
  CLUSTER_CHANNEL_PROVISIONER_CONDITION_REFERENCE,
  CONTAINER_SOURCE_CONDITION_REFERENCE,
  CRON_JOB_SOURCE_CONDITION_REFERENCE,
];
