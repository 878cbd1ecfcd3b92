import {
  CHANNEL_REASONS,
  routingOf,
  SERVICE,
  VIRTUAL_SERVICE,
  type ClusterChannelProvisioner,
  type KubeObject,
  type ResourceKind,
} from '@millrace/eventing-api';
import type { KubeClient, ObjectCache } from '@millrace/kube';
import { ensureObject } from '../../ensure-object.js';
import { messageOf } from '../../message-of.js';
import type { ProvisionerOptions } from '../../provisioner-options.js';
import type { ChannelDraft } from '../channel-draft.js';
import type { ChannelPhase, PhaseOutcome } from '../channel-phase.types.js';
import { channelService, type ChannelPlace } from '../resources/channel-service.js';
import { channelVirtualService } from '../resources/channel-virtual-service.js';

/** Makes the Service that gives the Channel its name, and with Istio the VirtualService that gives it a way. */
export class ExposeService implements ChannelPhase {
  readonly name = 'expose-service';

  constructor(
    private readonly client: KubeClient,
    private readonly provisioners: ObjectCache<ClusterChannelProvisioner>,
    private readonly options: Pick<ProvisionerOptions, 'systemNamespace' | 'clusterDomain'>,
  ) {}

  async run(draft: ChannelDraft): Promise<PhaseOutcome> {
    const place = this.placeOf(draft);
    await this.ensure(draft, SERVICE, channelService(draft.channel, place), 'K8sServiceCreateFailed');
    if (place.routing === 'Istio') {
      const virtualService = channelVirtualService(draft.channel, place);
      await this.ensure(draft, VIRTUAL_SERVICE, virtualService, 'VirtualServiceCreateFailed');
    }
    return 'continue';
  }

  private placeOf(draft: ChannelDraft): ChannelPlace {
    const { provisioner } = draft.openStore.origin;
    const object = this.provisioners.get({ name: provisioner });
    const { systemNamespace, clusterDomain } = this.options;
    return { provisioner, routing: object ? routingOf(object) : 'Ingress', systemNamespace, clusterDomain };
  }

  private async ensure<T extends KubeObject>(
    draft: ChannelDraft,
    kind: ResourceKind<T>,
    desired: T,
    eventReason: string,
  ): Promise<void> {
    try {
      const outcome = await ensureObject(this.client, kind, desired, draft.channel);
      if (outcome === 'foreign') throw new Error('an object of that name belongs to somebody else');
    } catch (error) {
      const cause = messageOf(error);
      const message = `${kind.kind} ${desired.metadata.name ?? ''} could not be made or repaired: ${cause}`;
      draft.markFalse('Addressable', CHANNEL_REASONS.ServiceFailed, message, eventReason);
      throw error;
    }
  }
}
