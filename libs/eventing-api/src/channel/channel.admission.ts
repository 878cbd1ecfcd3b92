import { admission } from '../admission/admission.js';
import type { AdmissionLookup } from '../admission/admission.types.js';
import { CLUSTER_CHANNEL_PROVISIONER_KIND } from '../cluster-channel-provisioner/cluster-channel-provisioner.kind.js';
import { applyChannelDefaults } from './channel.defaults.js';
import { ChannelSpec, type Channel } from './channel.schema.js';
import { validateChannel, validateChannelUpdate } from './channel.validation.js';

/** Admits a Channel: defaults, validation, immutability. */
export const admitChannel = admission<Channel>({
  spec: ChannelSpec,
  applyDefaults: applyChannelDefaults,
  validate: validateChannel,
  validateUpdate: validateChannelUpdate,
  warn: warnOfMissingProvisioner,
});

/** A Channel may be made before its provisioner; whoever misspelled the name should hear of it at once. */
function warnOfMissingProvisioner(
  channel: Channel,
  previous: Channel | undefined,
  lookup: AdmissionLookup,
): readonly string[] {
  const name = channel.spec?.provisioner?.name ?? '';
  return previous !== undefined || name === '' || lookup.get(CLUSTER_CHANNEL_PROVISIONER_KIND, { name }) !== undefined
    ? []
    : [`There is no ClusterChannelProvisioner "${name}" yet; the Channel is not Ready until there is.`];
}
