import { CHANNEL } from '@millrace/eventing-api';
import { withFinalizer, writeFinalizers, type KubeClient } from '@millrace/kube';
import { controllerName } from '../../stores/serving-provider.js';
import type { ChannelDraft } from '../channel-draft.js';
import type { ChannelPhase, PhaseOutcome } from '../channel-phase.types.js';

/** Puts our finalizer on the Channel before anything is made in the store. */
export class AddFinalizer implements ChannelPhase {
  readonly name = 'add-finalizer';

  constructor(private readonly client: KubeClient) {}

  async run(draft: ChannelDraft): Promise<PhaseOutcome> {
    const wanted = withFinalizer(draft.channel, controllerName(draft.openStore.origin.provider.driver));
    if (wanted === draft.channel) return 'continue';
    const written = await writeFinalizers(this.client, CHANNEL, wanted);
    if (!written) return 'end';
    draft.channel = written;
    return 'continue';
  }
}
