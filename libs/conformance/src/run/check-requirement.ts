import type { ConformanceHarness } from '../harness/conformance-harness.types.js';
import { needOf } from '../requirement/profiles.js';
import type { Outcome, Requirement } from '../requirement/requirement.types.js';
import { ConformanceSubject } from '../subject/conformance-subject.js';
import { within } from '../subject/waiting.js';

/** A requirement waits several times; one that waits for more than this many patiences waits for nothing. */
const PATIENCES = 6;

/** The longest that a requirement may take, in milliseconds; its clean-up takes its time too. */
export function longestCheckMs({ patienceMs }: ConformanceHarness): number {
  return PATIENCES * patienceMs;
}

/** Tries one requirement with a driver of its own. Never rejects. */
export async function checkRequirement(requirement: Requirement, harness: ConformanceHarness): Promise<Outcome> {
  const { hook } = requirement;
  const cannotShow = harness.cannotShow?.[requirement.id];
  if (cannotShow !== undefined) return { outcome: 'not run', reason: cannotShow };
  let driver;
  try {
    driver = await within(harness.open(), longestCheckMs(harness), 'open');
  } catch (error) {
    return failed(error);
  }
  const subject = new ConformanceSubject(driver, harness);
  try {
    const offer = { capabilities: harness.capabilities, driver, harness };
    for (const need of [needOf(requirement.profile), requirement.needs]) {
      if (need && !need.isMet(offer)) return { outcome: 'skipped', capability: need.name };
    }
    if (hook && !harness[hook]) return { outcome: 'not run', reason: `the harness has no ${hook}` };
    await within(requirement.check(subject), longestCheckMs(harness), 'The check');
    return { outcome: 'passed' };
  } catch (error) {
    return failed(error);
  } finally {
    await subject.end();
  }
}

function failed(error: unknown): Outcome {
  const message = error instanceof Error ? error.message : String(error);
  return { outcome: 'failed', message, cause: error };
}
