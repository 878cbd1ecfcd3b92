import { ingressHostname, type ProvisionerOptions } from '../../provisioner-options.js';
import type { ChannelDraft } from '../channel-draft.js';
import type { ChannelPhase, PhaseOutcome } from '../channel-phase.types.js';
import { channelUrl } from '../channel-url.js';
import { channelHostname } from '../resources/channel-service.js';

/** Tells where the Channel takes in events: condition `Addressable`. */
export class PublishAddress implements ChannelPhase {
  readonly name = 'publish-address';

  constructor(
    private readonly options: Pick<ProvisionerOptions, 'systemNamespace' | 'clusterDomain' | 'channelUrlTemplate'>,
  ) {}

  run(draft: ChannelDraft): Promise<PhaseOutcome> {
    const { name = '', namespace = '' } = draft.channel.metadata;
    const hostname = channelHostname(draft.channel, this.options.clusterDomain);
    const parts = { hostname, namespace, name, ingress: ingressHostname(this.options) };
    draft.address = { hostname, url: channelUrl(this.options.channelUrlTemplate, parts) };
    draft.markTrue('Addressable');
    return Promise.resolve('continue');
  }
}
