import { describe, expect, it } from 'vitest';
import {
  countOutcomes,
  REQUIREMENTS,
  runConformance,
  type ConformanceHarness,
  type ConformanceReport,
} from '../src/index.js';
import type { BrokenDriver } from './broken-drivers/broken-driver.types.js';
import { BROKEN_DRIVERS } from './broken-drivers/broken-drivers.js';
import { WrappedDriver } from './broken-drivers/wrapped-driver.js';
import { inMemory, log, type Wrapping } from './harnesses.js';

const TIMEOUT_MS = 60_000;

function harnessOf({ madeOf, fault, claims, breakDriver, breakProvider }: BrokenDriver): ConformanceHarness {
  const harness = wrapped(madeOf, fault, breakDriver);
  const capabilities = { ...harness.capabilities, ...claims };
  const provider = { ...harness.provider!, capabilities, capabilitiesFor: () => capabilities };
  return { ...harness, capabilities, provider: breakProvider?.(provider) ?? provider };
}

function wrapped(madeOf: BrokenDriver['madeOf'], name: string, wrap: Wrapping): ConformanceHarness {
  switch (madeOf) {
    case 'in-memory':
      return inMemory(name, wrap);
    case 'acknowledged':
      return inMemory(name, wrap, { acknowledge: 'delivered' });
    case 'log':
      return log(name, wrap);
  }
}

/** By id, with how: a run that fails otherwise than expected should say so. */
function failuresIn({ results }: ConformanceReport): Record<string, string> {
  return Object.fromEntries(
    results.flatMap(({ requirement, result }) =>
      result.outcome === 'failed' ? [[requirement.id, result.message]] : [],
    ),
  );
}

/** Enough where nothing is to be waited for. What fails unexpectedly with that is tried again in peace: the machine may have been busy. */
const HASTE_MS = 1000;

/** What fails, by id, with how. */
async function failuresOf(harness: ConformanceHarness, expected: readonly string[]): Promise<Record<string, string>> {
  const hasty = failuresIn(await runConformance(() => ({ ...harness, patienceMs: HASTE_MS })));
  const unexpected = Object.keys(hasty).filter((id) => !expected.includes(id));
  if (unexpected.length === 0) return hasty;
  const patient = failuresIn(await runConformance(() => ({ ...harness, concurrency: 1 }), { only: unexpected }));
  return { ...Object.fromEntries(Object.entries(hasty).filter(([id]) => expected.includes(id))), ...patient };
}

describe.concurrent('a driver that', () => {
  it.for(BROKEN_DRIVERS)(
    '$fault fails what finds that out, and nothing else',
    { timeout: TIMEOUT_MS },
    async (broken) => {
      const expected = [...broken.foundOutBy, ...(broken.alsoFails ?? [])].sort();
      const failures = await failuresOf(harnessOf(broken), expected);
      expect(Object.keys(failures).sort(), JSON.stringify(failures, null, 2)).toEqual(expected);
    },
  );

  it.for(['in-memory', 'acknowledged', 'log'] as const)(
    'is %s in a wrapper that breaks nothing fails nothing',
    { timeout: TIMEOUT_MS },
    async (madeOf) => {
      const report = await runConformance(() => wrapped(madeOf, madeOf, (inner) => new WrappedDriver(inner)));
      expect(failuresIn(report)).toEqual({});
      expect(countOutcomes(report).passed).toBeGreaterThan(REQUIREMENTS.length / 2);
    },
  );
});

it('every requirement is failed by some driver, so that none is there for show', () => {
  const failed = new Set(BROKEN_DRIVERS.flatMap(({ foundOutBy, alsoFails = [] }) => [...foundOutBy, ...alsoFails]));
  expect(REQUIREMENTS.map(({ id }) => id).filter((id) => !failed.has(id))).toEqual([]);
});
