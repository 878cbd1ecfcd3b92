import type { SentEvent } from './steady-load.js';

/** What became of the events of one scenario: every event that got a 202 is in exactly one of delivered, dead, gone and lost. */
export interface FaultAccount {
  readonly sent: number;
  readonly accepted: number;
  readonly delivered: number;
  /** In the dead-letter place. */
  readonly dead: number;
  /** Those that went with what somebody deleted: the store, a position, the Channel. */
  readonly gone: readonly SentEvent[];
  /** Ids that have no outcome. */
  readonly lost: readonly string[];
  /** Deliveries of events that had been delivered before. */
  readonly duplicates: number;
  /** Ids of events whose first delivery came after that of a later one of their key. */
  readonly outOfOrder: readonly string[];
  /** Answers other than 202, and how often they were given. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly longestAnswerMs: number;
}

export interface FaultEvidence {
  readonly sent: readonly SentEvent[];
  /** Ids as the consumer took them, in that order. */
  readonly taken: readonly string[];
  readonly dead: ReadonlySet<string>;
  /** Whether an event may be gone with what kept it. */
  readonly mayBeGone: (event: SentEvent) => boolean;
}

export function accountOf({ sent, taken, dead, mayBeGone }: FaultEvidence): FaultAccount {
  const accepted = sent.filter(({ answer }) => answer === 202);
  const delivered = new Set(taken);
  const isDead = ({ id }: SentEvent) => !delivered.has(id) && dead.has(id);
  const missing = accepted.filter(({ id }) => !delivered.has(id) && !dead.has(id));
  return {
    sent: sent.length,
    accepted: accepted.length,
    delivered: accepted.filter(({ id }) => delivered.has(id)).length,
    dead: accepted.filter(isDead).length,
    gone: missing.filter(mayBeGone),
    lost: missing.filter((event) => !mayBeGone(event)).map(({ id }) => id),
    duplicates: taken.length - delivered.size,
    outOfOrder: outOfOrder(
      accepted.filter((event) => !mayBeGone(event)),
      delivered,
    ),
    refusals: countRefusals(sent),
    longestAnswerMs: sent.reduce((longest, { answeredAfterMs }) => Math.max(longest, answeredAfterMs), 0),
  };
}

/** Of events that got a 202 (when one that got another answer was stored, if at all, nobody can tell), and that nobody has deleted from under us. */
function outOfOrder(accepted: readonly SentEvent[], delivered: ReadonlySet<string>): string[] {
  const byId = new Map(accepted.map((event) => [event.id, event]));
  const latest = new Map<string, number>();
  const late: string[] = [];
  // A Set keeps the order in which its members came first.
  for (const id of delivered) {
    const event = byId.get(id);
    if (!event) continue;
    const { key, sequence } = event;
    if (sequence < (latest.get(key) ?? -1)) late.push(id);
    else latest.set(key, sequence);
  }
  return late;
}

function countRefusals(sent: readonly SentEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { answer } of sent) {
    if (answer !== 202) counts[String(answer)] = (counts[String(answer)] ?? 0) + 1;
  }
  return counts;
}
