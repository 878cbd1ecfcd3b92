import type { LeaderElection, LeadershipCallbacks } from './leader-election.types.js';

/** Leadership for the setting "off": there is one replica only, and it leads from start to stop. */
export function alwaysLeader({ onStarted, onStopped }: LeadershipCallbacks): LeaderElection {
  let term: AbortController | undefined;
  return {
    get isLeader() {
      return term !== undefined;
    },
    start() {
      if (term !== undefined) return;
      term = new AbortController();
      onStarted(term.signal);
    },
    async stop() {
      if (term === undefined) return;
      term.abort();
      term = undefined;
      await onStopped?.();
    },
  };
}
