import {
  CHANNEL_REASONS,
  CLUSTER_CHANNEL_PROVISIONER_REASONS,
  READY,
  channelConditions,
  findCondition,
  isReady,
  keepTransitionTimes,
  type Channel,
  type ChannelStatus,
  type ClusterChannelProvisioner,
  type Condition,
} from '@millrace/eventing-api';
import type { ChannelProvisioner } from './channel-provisioner.js';

/**
 * The status of a Channel that no provisioner looks after: its columns would stay empty for ever otherwise, or go on saying what was true as long as
 * somebody did. Undefined where the status is the provisioner's business: it has said something, its ClusterChannelProvisioner exists and is served.
 */
export function unservedStatus(channel: Channel, found: ChannelProvisioner, now: Date): ChannelStatus | undefined {
  const before = channel.status?.conditions;
  const initial = channelConditions.initialize(before, now);
  const told = (conditions: typeof initial): ChannelStatus => ({
    ...channel.status,
    ...(channel.metadata.generation === undefined ? {} : { observedGeneration: channel.metadata.generation }),
    conditions: keepTransitionTimes(before, conditions),
  });
  if (found.outcome === 'missing') {
    const message = notFoundMessage(found.name, found.existing);
    return told(channelConditions.markFalse(initial, 'Provisioned', CHANNEL_REASONS.ProvisionerNotFound, message, now));
  }
  // A provisioner that works speaks for itself, and soon.
  if (isReady(found.provisioner)) return undefined;
  const ready = findCondition(found.provisioner.status?.conditions, READY);
  const isServed = !isNotServed(found.provisioner);
  const provisioned = findCondition(before, 'Provisioned');
  const isOver = !isServed && provisioned?.status !== 'False';
  if (!isOver && !isUnspoken(provisioned)) return undefined;
  const { name = '' } = found.provisioner.metadata;
  const why = ready?.message;
  const message = `ClusterChannelProvisioner "${name}" is not Ready${why ? `: ${why}` : '. Is the process that hosts it running?'}`;
  const mark = isServed ? 'markUnknown' : 'markFalse';
  return told(channelConditions[mark](initial, 'Provisioned', CHANNEL_REASONS.ProvisionerNotReady, message, now));
}

/** Whether the ClusterChannelProvisioner says that no process serves it. */
export function isNotServed({ status }: ClusterChannelProvisioner): boolean {
  return findCondition(status?.conditions, READY)?.reason === CLUSTER_CHANNEL_PROVISIONER_REASONS.NotServed;
}

/** True for what nobody, or only this function, has said. */
function isUnspoken(provisioned: Condition | undefined): boolean {
  return (
    provisioned === undefined ||
    (provisioned.status === 'Unknown' && provisioned.reason === undefined) ||
    provisioned.reason === CHANNEL_REASONS.ProvisionerNotFound ||
    provisioned.reason === CHANNEL_REASONS.ProvisionerNotReady
  );
}

function notFoundMessage(name: string, existing: readonly string[]): string {
  const what = name === '' ? 'spec.provisioner names nothing' : `There is no ClusterChannelProvisioner "${name}"`;
  const choice =
    existing.length === 0
      ? 'None exists: install a provisioner.'
      : `These exist: ${existing.join(', ')}. A Channel keeps its provisioner for life: create the provisioner, or the Channel again with one of these.`;
  return `${what}. ${choice}`;
}
