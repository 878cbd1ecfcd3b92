import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
// For what it adds to a test's meta: why something was not run.
import type {} from '@millrace/conformance';
import type { Broker, BrokerNotRun } from '@millrace/brokers';
import { BrokerStore } from './broker-store.js';
import type { FaultAccount } from './fault-account.js';
import { FaultHome } from './fault-home.js';
import type { FaultScenario, FaultStage } from './fault-scenario.types.js';
import type { FaultSubject } from './fault-subject.types.js';
import { FaultTable } from './fault-table.js';

/** Scenarios that are played one after the other in one home; homes are played side by side. */
export interface FaultTrack {
  readonly replicas: number;
  readonly scenarios: readonly FaultScenario[];
}

export interface FaultPlan {
  readonly tracks: readonly FaultTrack[];
  /** What cannot be played with this broker, and why. */
  readonly notRun?: readonly { readonly scenario: FaultScenario; readonly reason: string }[];
}

/** Start of a broker, the scenario, waiting for all to heal, accounts. */
const TIMEOUT_MS = 300_000;

/** Declares one test for each scenario; the table of all is the end of the file. */
export function describeFaults(subject: FaultSubject, { tracks, notRun = [] }: FaultPlan): void {
  const scenarios = [...tracks.flatMap((track) => track.scenarios), ...notRun.map(({ scenario }) => scenario)];
  const table = new FaultTable(subject.name, scenarios);
  describe(`Millrace on ${subject.name} loses nothing that got a 202`, () => {
    for (const track of tracks) describeTrack(subject, track, table);
    for (const { scenario, reason } of notRun) {
      it(`when ${scenario.title}`, ({ task, skip }) => {
        table.add({ scenario, result: { outcome: 'not run', reason } });
        task.meta.notRun = reason;
        skip(reason);
      });
    }
    afterAll(() => table.publish());
  });
}

function describeTrack(subject: FaultSubject, { replicas, scenarios }: FaultTrack, table: FaultTable): void {
  describe.concurrent(replicas === 1 ? 'with one process' : `with ${replicas} replicas`, () => {
    const stages = new StageHand(subject, replicas);
    for (const scenario of scenarios) {
      it(`when ${scenario.title}`, { concurrent: false, timeout: TIMEOUT_MS }, async ({ task, skip }) => {
        const store = await stages.store(scenario);
        if ('notRun' in store) {
          table.add({ scenario, result: { outcome: 'not run', reason: store.notRun } });
          task.meta.notRun = store.notRun;
          skip(store.notRun);
          return;
        }
        table.ranOn(nameOf(store.broker));
        await play(scenario, { subject, store, home: await stages.home(), name: scenario.id }, table);
      });
    }
    afterAll(() => stages[Symbol.asyncDispose](), TIMEOUT_MS);
  });
}

async function play(scenario: FaultScenario, stage: FaultStage, table: FaultTable): Promise<void> {
  let account: FaultAccount | undefined;
  try {
    const outcome = await scenario.play(stage);
    account = outcome.account;
    expect({ lost: account.lost, outOfOrder: account.outOfOrder }).toEqual({ lost: [], outOfOrder: [] });
    expect(account.delivered + account.dead + account.gone.length).toBe(account.accepted);
    table.add({ scenario, result: { outcome: 'passed', account, note: outcome.note } });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    table.add({ scenario, result: { outcome: 'failed', account, message } });
    await tellWhatReplicasWrote(stage);
    throw error;
  }
}

async function tellWhatReplicasWrote({ home, subject, name }: FaultStage): Promise<void> {
  const file = join(tmpdir(), `millrace-fault-${subject.name}-${name}.log`);
  await writeFile(file, home.replicas.map((replica) => replica.output()).join('\n'));
  process.stderr.write(`${name}: what the provisioner wrote is in ${file}\n`);
}

/** Has ready what the scenarios of a track share: the processes, and a broker for each kind of need. */
class StageHand implements AsyncDisposable {
  private started: Promise<FaultHome> | undefined;
  private readonly stores = new Map<string, BrokerStore | BrokerNotRun>();

  constructor(
    private readonly subject: FaultSubject,
    private readonly replicas: number,
  ) {}

  home(): Promise<FaultHome> {
    return (this.started ??= FaultHome.start(this.subject.app, this.replicas));
  }

  async store({ id, needs = {}, fromNothing = false }: FaultScenario): Promise<BrokerStore | BrokerNotRun> {
    const key = fromNothing ? id : JSON.stringify(needs);
    const known = this.stores.get(key);
    if (known) return known;
    const store = await BrokerStore.find(this.subject, needs, fromNothing ? id : undefined);
    this.stores.set(key, store);
    if ('notRun' in store || fromNothing) return store;
    await store.createProvisioner(await this.home());
    await store.ready(await this.home());
    return store;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.started)?.[Symbol.asyncDispose]();
    for (const store of this.stores.values()) if (!('notRun' in store)) await store[Symbol.asyncDispose]();
  }
}

function nameOf({ name, version, addresses, way }: Broker): string {
  return `${name} ${version}, ${addresses.length === 1 ? 'one server' : `${addresses.length} servers`}, ${way}`;
}
