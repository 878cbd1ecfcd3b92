import { appendFileSync } from 'node:fs';
import { afterAll, describe, it } from 'vitest';
import type { ConformanceHarness, UnreachableStore } from '../harness/conformance-harness.types.js';
import type { Outcome, Requirement } from '../requirement/requirement.types.js';
import { checkRequirement, longestCheckMs } from './check-requirement.js';
import { countOutcomes, type RequirementResult } from './conformance-report.types.js';
import { formatReport } from './format-report.js';
import { selectRequirements, type RequirementSelection } from './run-conformance.js';

declare module 'vitest' {
  interface TaskMeta {
    /** Why a requirement was not tried; `npm test` repeats it at its end. */
    notRun?: string;
    /** What the driver does not claim to be able to. */
    missingCapability?: string;
  }
}

/** Beside the check: opening before it, the clean-up after it. */
const AROUND_CHECK = 3;

/**
 * Declares one vitest test for each requirement. A capability that the driver does not declare skips with its name; an unreachable store is "not run".
 * The environment that `npm run conformance` sets chooses requirements (`CONFORMANCE_ONLY`, `CONFORMANCE_PROFILE`) and wants the report appended to a file
 * (`CONFORMANCE_REPORT`: a line of JSON with its text and counts).
 */
export function describeConformance(
  harness: ConformanceHarness | UnreachableStore,
  selection: RequirementSelection = selectionOfEnvironment(),
): void {
  const requirements = selectRequirements(selection);
  const results: RequirementResult[] = [];
  describe(`${harness.name} keeps the plugin contract`, () => {
    const declare = (requirement: Requirement, concurrent: boolean) => {
      const test = concurrent ? it.concurrent : it;
      test(`${requirement.title} [${requirement.source}]`, { timeout: timeoutOf(harness) }, async ({ task, skip }) => {
        const result = await tryOne(requirement, harness);
        results.push({ requirement, result });
        if (result.outcome === 'failed') throw result.cause;
        if (result.outcome === 'skipped') {
          task.meta.missingCapability = result.capability;
          skip(`the driver does not declare ${result.capability}`);
        }
        if (result.outcome === 'not run') {
          task.meta.notRun = result.reason;
          skip(result.reason);
        }
      });
    };
    const concurrent = 'concurrency' in harness && (harness.concurrency ?? 1) > 1;
    for (const requirement of requirements.filter(({ hook }) => !hook)) declare(requirement, concurrent);
    for (const requirement of requirements.filter(({ hook }) => hook)) declare(requirement, false);
    afterAll(async () => {
      if ('close' in harness) await harness.close?.();
      writeReport(harness, requirements, results);
    });
  });
}

function tryOne(requirement: Requirement, harness: ConformanceHarness | UnreachableStore): Promise<Outcome> {
  if ('notRun' in harness) return Promise.resolve({ outcome: 'not run', reason: harness.notRun });
  return checkRequirement(requirement, harness);
}

function timeoutOf(harness: ConformanceHarness | UnreachableStore): number {
  return 'notRun' in harness ? 1000 : AROUND_CHECK * longestCheckMs(harness);
}

/** What `npm run conformance` was asked for. */
function selectionOfEnvironment(): RequirementSelection {
  const { CONFORMANCE_ONLY: only, CONFORMANCE_PROFILE: profile } = process.env;
  return { only: only?.split(','), profile };
}

function writeReport(
  harness: ConformanceHarness | UnreachableStore,
  requirements: readonly Requirement[],
  results: readonly RequirementResult[],
): void {
  const { CONFORMANCE_REPORT: path } = process.env;
  if (!path) return;
  const inOrder = requirements.flatMap(({ id }) => results.find(({ requirement }) => requirement.id === id) ?? []);
  const capabilities = 'capabilities' in harness ? harness.capabilities : undefined;
  const report = { driver: harness.name, capabilities, results: inOrder };
  const { passed, failed, skipped, notRun } = countOutcomes(report);
  appendFileSync(
    path,
    `${JSON.stringify({ text: formatReport(report), counts: [passed, failed, skipped, notRun] })}\n`,
  );
}
