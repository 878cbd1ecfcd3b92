import type { ChannelDraft } from './channel-draft.js';

/** Whether the phases after this one make sense now. */
export type PhaseOutcome = 'continue' | 'end';

/**
 * One step on the way of a Channel to its desired state. It throws when trying again may help; what it has drafted until then is
 * written all the same.
 */
export interface ChannelPhase {
  readonly name: string;
  run(draft: ChannelDraft): Promise<PhaseOutcome>;
}
