import type { Defaulted } from '../admission/admission.js';
import type { AdmissionLookup } from '../admission/admission.types.js';
import { CLUSTER_CHANNEL_PROVISIONER_KIND } from '../cluster-channel-provisioner/cluster-channel-provisioner.kind.js';
import {
  chooseDefaultProvisioner,
  IS_DEFAULT_PROVISIONER_ANNOTATION,
} from '../cluster-channel-provisioner/default-provisioner.js';
import { apiVersionOf } from '../kinds/resource-kind.types.js';
import type { ObjectReference } from '../meta/object-reference.schema.js';
import type { Channel } from './channel.schema.js';

/**
 * Fills in `spec.provisioner` where it is absent: on an update with what is stored (as a Service keeps its clusterIP), else with the default of the
 * namespace or cluster. Nothing else of `spec` is touched; 2019 lost `arguments` here. Without any default it stays absent, which validation refuses.
 */
export function applyChannelDefaults(
  channel: Channel,
  previous: Channel | undefined,
  lookup: AdmissionLookup,
): Defaulted<Channel> {
  const present = channel.spec?.provisioner ?? previous?.spec?.provisioner;
  if (present !== undefined) {
    return { object: withProvisioner(channel, completeProvisionerReference(present)) };
  }
  const { name, contenders } = chooseDefaultProvisioner(channel.metadata.namespace ?? '', lookup);
  if (name === undefined) {
    return { object: channel };
  }
  const warnings =
    contenders.length > 1
      ? [
          `${contenders.length} ClusterChannelProvisioners are marked as default (${contenders.join(', ')}); the newest, ${name}, was taken. ` +
            `Remove the annotation ${IS_DEFAULT_PROVISIONER_ANNOTATION} from the others.`,
        ]
      : [];
  return { object: withProvisioner(channel, completeProvisionerReference({ name })), warnings };
}

/** A reference by name alone, as in 2019, says the same as one with apiVersion and kind: it is stored in the long form. */
export function completeProvisionerReference(reference: ObjectReference): ObjectReference {
  return {
    ...reference,
    apiVersion: nonEmpty(reference.apiVersion) ?? apiVersionOf(CLUSTER_CHANNEL_PROVISIONER_KIND),
    kind: nonEmpty(reference.kind) ?? CLUSTER_CHANNEL_PROVISIONER_KIND.kind,
  };
}

function withProvisioner(channel: Channel, provisioner: ObjectReference): Channel {
  return { ...channel, spec: { ...channel.spec, provisioner } };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
