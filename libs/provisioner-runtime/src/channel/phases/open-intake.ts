import type { ChannelDraft } from '../channel-draft.js';
import type { ChannelPhase, PhaseOutcome } from '../channel-phase.types.js';

/** Lets producers in, now that no event can miss a Subscription, and begins to deliver. */
export class OpenIntake implements ChannelPhase {
  readonly name = 'open-intake';

  run(draft: ChannelDraft): Promise<PhaseOutcome> {
    draft.hosted.opened = true;
    draft.hosted.storeMissing = false;
    draft.hosted.follow(draft.channel);
    return Promise.resolve('continue');
  }
}
