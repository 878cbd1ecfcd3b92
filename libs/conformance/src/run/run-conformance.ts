import type { ConformanceHarness, HarnessFactory } from '../harness/conformance-harness.types.js';
import { PROFILES } from '../requirement/profiles.js';
import type { Requirement } from '../requirement/requirement.types.js';
import { REQUIREMENTS } from '../requirements/requirements.js';
import { checkRequirement } from './check-requirement.js';
import type { ConformanceReport, RequirementResult } from './conformance-report.types.js';

/** Which requirements to try; default all. */
export interface RequirementSelection {
  /** Ids, or areas: the part of an id before its slash. */
  readonly only?: readonly string[] | undefined;
  /** Name of a profile. */
  readonly profile?: string | undefined;
}

/** @throws RangeError when `only` or `profile` names what is not there */
export function selectRequirements({ only, profile }: RequirementSelection): readonly Requirement[] {
  const unknown = only?.filter((name) => !REQUIREMENTS.some((requirement) => isNamed(requirement, name)));
  if (unknown && unknown.length > 0) throw new RangeError(`No requirement and no area is named ${unknown.join(', ')}`);
  if (profile !== undefined && !(profile in PROFILES)) {
    throw new RangeError(`No profile is named ${profile}; there are ${Object.keys(PROFILES).join(', ')}`);
  }
  return REQUIREMENTS.filter(
    (requirement) =>
      (only?.some((name) => isNamed(requirement, name)) ?? true) &&
      (profile === undefined || requirement.profile === profile),
  );
}

function isNamed({ id }: Requirement, name: string): boolean {
  return id === name || id.startsWith(`${name}/`);
}

/**
 * Tries the requirements, each with a driver of its own, and those that take the store away alone and last. Runs inside of a vitest test. Never rejects for anything
 * that the driver does.
 */
export async function runConformance(
  factory: HarnessFactory,
  selection: RequirementSelection = {},
): Promise<ConformanceReport> {
  const requirements = selectRequirements(selection);
  const harness = await factory();
  if ('notRun' in harness) {
    const result = { outcome: 'not run', reason: harness.notRun } as const;
    return { driver: harness.name, results: requirements.map((requirement) => ({ requirement, result })) };
  }
  const results = new Map<string, RequirementResult>();
  const tryAll = async (queue: Requirement[]): Promise<void> => {
    for (let requirement = queue.shift(); requirement; requirement = queue.shift()) {
      results.set(requirement.id, { requirement, result: await checkRequirement(requirement, harness) });
    }
  };
  const apart = requirements.filter(({ hook }) => hook === undefined);
  await Promise.all(Array.from({ length: concurrencyOf(harness) }, () => tryAll(apart)));
  await tryAll(requirements.filter(({ hook }) => hook !== undefined));
  await harness.close?.();
  const inOrder = requirements.flatMap(({ id }) => results.get(id) ?? []);
  return { driver: harness.name, capabilities: harness.capabilities, results: inOrder };
}

function concurrencyOf({ concurrency = 1 }: ConformanceHarness): number {
  return Math.max(1, concurrency);
}
