import type { Capabilities, ChannelDriver } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import type { ConformanceHarness } from '../harness/conformance-harness.types.js';
import { REQUIREMENTS } from '../requirements/requirements.js';
import { countOutcomes } from './conformance-report.types.js';
import { formatReport } from './format-report.js';
import { runConformance } from './run-conformance.js';

const capabilities: Capabilities = {
  durable: true,
  ordering: ['none'],
  orderingScope: 'key',
  replay: [],
  sharedConsumption: false,
  deadLetters: false,
  backlog: false,
  acknowledgesDelivery: false,
};

/** A driver that can do nothing at all. */
const nothing = { health: () => Promise.reject(new Error('a | b\nand more')) } as unknown as ChannelDriver;

const harness: ConformanceHarness = {
  name: 'nothing',
  capabilities,
  patienceMs: 20,
  open: () => Promise.resolve(nothing),
};

const outcomes = async (only: string[]) => {
  const { results } = await runConformance(() => harness, { only });
  return Object.fromEntries(results.map(({ requirement, result }) => [requirement.id, result]));
};

describe('a run of the suite', () => {
  it('skips with the name of the capability that is missing', async () => {
    expect(await outcomes(['replicas/share-events', 'ordering/per-key', 'accounts/terms'])).toEqual({
      'replicas/share-events': { outcome: 'skipped', capability: 'sharedConsumption' },
      'ordering/per-key': { outcome: 'skipped', capability: 'ordering: key' },
      'accounts/terms': { outcome: 'skipped', capability: 'accounts' },
    });
  });

  it('does not run what the harness has no hook for', async () => {
    expect(await outcomes(['outage/health-tells'])).toEqual({
      'outage/health-tells': { outcome: 'not run', reason: 'the harness has no killStore' },
    });
  });

  it('fails with the words of what went wrong', async () => {
    expect(await outcomes(['health/up'])).toMatchObject({
      'health/up': { outcome: 'failed', message: 'a | b\nand more' },
    });
  });

  it('fails everything where the driver cannot be opened', async () => {
    const closed = { ...harness, open: () => Promise.reject(new Error('wrong parameters')) };
    const report = await runConformance(() => closed, { only: ['channel'] });
    expect(countOutcomes(report)).toMatchObject({ passed: 0, skipped: 0, notRun: 0 });
  });

  it('runs nothing where the store cannot be reached, and is never green', async () => {
    const report = await runConformance(() => ({ name: 'kafka', notRun: 'no broker: npm run brokers -- install' }));
    expect(countOutcomes(report)).toEqual({ passed: 0, failed: 0, skipped: 0, notRun: REQUIREMENTS.length });
    expect(formatReport(report)).toContain('not run (no broker: npm run brokers -- install)');
  });

  it('can be of one area, one requirement or one profile, and knows what there is', async () => {
    const idsOf = async (selection: Parameters<typeof runConformance>[1]) =>
      (await runConformance(() => ({ name: 'x', notRun: 'x' }), selection)).results.map(
        ({ requirement }) => requirement.id,
      );
    expect(await idsOf({ only: ['replay', 'health/up'] })).toEqual([
      'replay/from-earliest',
      'replay/from-time',
      'health/up',
    ]);
    expect(await idsOf({ profile: 'room' })).toEqual([
      'room/refuses-for-all',
      'room/reports-its-room',
      'room/settled-makes-room',
    ]);
    await expect(idsOf({ only: ['control', 'nope'] })).rejects.toThrow('No requirement and no area is named nope');
    await expect(idsOf({ profile: 'nope' })).rejects.toThrow('No profile is named nope; there are core, ');
  });
});

describe('a report', () => {
  it('is a table for each area and a line of counts, the same whenever and wherever it is made', async () => {
    const selection = { only: ['health', 'replay/from-time', 'outage/health-tells'] };
    const report = formatReport(await runConformance(() => harness, selection));
    expect(report).toMatch(
      /^# Conformance of nothing\n\nThe driver declares:\n\n- `durable`: yes\n- `ordering`: none\n/,
    );
    expect(report).toContain('- `replay`: none\n');
    expect(report.match(/^## .*$/gm)).toEqual(['## replay', '## outage', '## health']);
    expect(report).toContain('| core | **failed**: a \\| b |\n');
    expect(report).toContain('| replay | skipped (replay: time) |\n');
    expect(report).toMatch(/\n\n0 passed, 2 failed, 1 skipped, 1 not run\n$/);
    expect(formatReport(await runConformance(() => harness, selection))).toBe(report);
  });
});

describe('the requirements', () => {
  it('have ids of their own and titles that say how binding they are', () => {
    const ids = REQUIREMENTS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { title, source } of REQUIREMENTS) {
      expect(title).toMatch(/^(MUST|SHOULD|MAY)( NOT)? /);
      expect(source).not.toBe('');
    }
  });
});
