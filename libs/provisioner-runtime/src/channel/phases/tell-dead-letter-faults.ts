import type { ChannelDraft } from '../channel-draft.js';
import type { ChannelPhase, PhaseOutcome } from '../channel-phase.types.js';

/** Tells whose dead letters cannot be stored: condition `DeadLettersStored`. Each is paused meanwhile. */
export class TellDeadLetterFaults implements ChannelPhase {
  readonly name = 'tell-dead-letter-faults';

  run(draft: ChannelDraft): Promise<PhaseOutcome> {
    draft.reportDeadLetterFaults(draft.hosted.consumptions.deadLetterFaults());
    return Promise.resolve('continue');
  }
}
