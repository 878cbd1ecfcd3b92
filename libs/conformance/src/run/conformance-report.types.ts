import type { Capabilities } from '@millrace/eventing-api';
import type { Outcome, Requirement } from '../requirement/requirement.types.js';

/** A requirement and what became of it. */
export interface RequirementResult {
  readonly requirement: Requirement;
  readonly result: Outcome;
}

/** What a run found. It holds no times and nothing of the machine, so that it can be committed. */
export interface ConformanceReport {
  /** Name of the harness. */
  readonly driver: string;
  /** Absent where the store could not be reached. */
  readonly capabilities?: Capabilities | undefined;
  /** In the order of the suite. */
  readonly results: readonly RequirementResult[];
}

/** How many of each. */
export interface OutcomeCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly notRun: number;
}

export function countOutcomes({ results }: ConformanceReport): OutcomeCounts {
  const count = (outcome: Outcome['outcome']) => results.filter(({ result }) => result.outcome === outcome).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped'), notRun: count('not run') };
}
