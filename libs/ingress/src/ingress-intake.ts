import type { ChannelIntake, IntakeRequest, IntakeResult, LocalIntakes } from '@millrace/delivery';
import type { Channel, ClusterChannelProvisioner } from '@millrace/eventing-api';
import { isDeleting, type LiveLookup, type ObjectCache } from '@millrace/kube';
import type { RemoteIntake } from './remote-intake.js';

const NOT_READY_RETRY_MS = 1000;

export interface IngressIntakeContext {
  readonly channels: ObjectCache<Channel>;
  readonly liveChannels: LiveLookup<Channel>;
  readonly provisioners: ObjectCache<ClusterChannelProvisioner>;
  /** Intakes of provisioners in this process. */
  readonly localIntakes: LocalIntakes | undefined;
  readonly remoteIntake: RemoteIntake;
}

/** Finds the Channel that a request names, and hands the request to the provisioner that keeps its events. */
export class IngressIntake implements ChannelIntake {
  constructor(private readonly context: IngressIntakeContext) {}

  accept(request: IntakeRequest): Promise<IntakeResult> {
    const channel = this.context.channels.get(request.channel);
    return channel ? this.acceptKnown(channel, request) : this.acceptUnknown(request);
  }

  /** The cache may have outlived the Channel: where the provisioner knows another one, the API is asked, once. */
  private async acceptKnown(channel: Channel, request: IntakeRequest): Promise<IntakeResult> {
    const result = await this.handOver(channel, request);
    if (result.outcome === 'accepted' || result.code !== 'not-found') return result;
    const live = await this.look(request);
    if (live === 'no-answer' || !live || live.metadata.uid === channel.metadata.uid) return result;
    return this.handOver(live, request);
  }

  private async acceptUnknown(request: IntakeRequest): Promise<IntakeResult> {
    const live = await this.look(request);
    const { namespace, name } = request.channel;
    if (live === 'no-answer') {
      return unavailable(`Channel ${namespace}/${name} is not known here, and the API does not answer`);
    }
    return live ? this.handOver(live, request) : this.notFound(request);
  }

  private handOver(channel: Channel, request: IntakeRequest): Promise<IntakeResult> {
    if (isDeleting(channel)) return Promise.resolve(this.notFound(request));
    const { namespace = '', name = '', uid } = channel.metadata;
    const addressed = { ...request, channel: { namespace, name, uid } };
    const provisioner = channel.spec?.provisioner?.name ?? '';
    const local = this.context.localIntakes?.get(provisioner);
    if (local) return local.accept(addressed);
    const { address, capabilities } = this.context.provisioners.get({ name: provisioner })?.status ?? {};
    if (address?.url !== undefined) {
      // One that declares nothing may do so.
      const acknowledgesDelivery = capabilities?.['acknowledgesDelivery'] !== false;
      return this.context.remoteIntake.accept(address.url, addressed, acknowledgesDelivery);
    }
    const message = `Channel ${namespace}/${name} cannot take events: nobody serves its provisioner "${provisioner}" now`;
    return Promise.resolve(unavailable(message));
  }

  private async look({ channel: { namespace, name } }: IntakeRequest): Promise<Channel | 'no-answer' | undefined> {
    try {
      return await this.context.liveChannels.find({ namespace, name });
    } catch {
      return 'no-answer';
    }
  }

  private notFound({ channel: { namespace, name } }: IntakeRequest): IntakeResult {
    const swapped = this.context.channels.get({ namespace: name, name: namespace });
    const hint = swapped ? `; did you mean /${name}/${namespace}?` : '';
    return { outcome: 'rejected', code: 'not-found', message: `There is no Channel ${namespace}/${name}${hint}` };
  }
}

function unavailable(message: string): IntakeResult {
  return { outcome: 'rejected', code: 'unavailable', message, retryAfterMs: NOT_READY_RETRY_MS };
}
