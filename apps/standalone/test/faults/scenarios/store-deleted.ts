import { expect } from 'vitest';
import type { FaultOutcome, FaultScenario, FaultStage } from '../fault-scenario.types.js';
import type { BrokerHandle, StoreNames } from '../fault-subject.types.js';
import type { SentEvent } from '../steady-load.js';
import { Story } from '../story.js';

/** So that many events wait when what keeps them goes away. */
const SLOW_MS = 400;
const QUICK_MS = 10;
const EVENTS_WAITING = 300;

export const storeDeleted: FaultScenario = {
  id: 'store-deleted',
  title: 'somebody deletes what keeps the events of a Channel, under its running consumer',
  play: (stage) => playDeletion(stage, (handle, store) => handle.deleteStore(store)),
};

export const positionsDeleted: FaultScenario = {
  id: 'positions-deleted',
  title: 'somebody deletes what keeps the position of a Subscription, under its running consumer',
  play: (stage) => playDeletion(stage, (handle, store) => handle.deletePositions(store)),
};

/** What was sent before things were well again may be gone, nothing of what was sent after. The log says that something was lost. */
async function playDeletion(
  stage: FaultStage,
  remove: (handle: BrokerHandle, store: StoreNames) => Promise<void>,
): Promise<FaultOutcome> {
  await using story = await Story.begin(stage);
  const handle = await stage.store.open();
  await story.flows('before the deletion');
  story.consumer.workMs = SLOW_MS;
  await story.accepts(EVENTS_WAITING);
  await remove(handle, story.channel.status?.store ?? {});
  const removedAtMs = Date.now();
  story.consumer.workMs = QUICK_MS;
  await story.flows('after the deletion');
  const wellAtMs = takenAgainAtMs(story.sent, removedAtMs) ?? Date.now();
  await story.flows('and go on to');
  const account = await story.end(({ sentAtMs }) => sentAtMs < wellAtMs);
  const log = stage.home.replicas.map((replica) => replica.output()).join('');
  const lines = log.split('\n').filter((line) => line.includes(`"${stage.name}"`));
  expect(lines.find((line) => LOSS.test(line))).toBeDefined();
  story.expectPoliteRefusals(account);
  const after = account.gone.filter(({ sentAtMs }) => sentAtMs >= removedAtMs).length;
  return { account, note: `the log tells of the loss; of those gone, ${after} were sent after the deletion` };
}

/** When the first event was taken after one had been refused; undefined where none was refused. */
function takenAgainAtMs(sent: readonly SentEvent[], sinceMs: number): number | undefined {
  const answeredAtMs = (event: SentEvent | undefined) => event && event.sentAtMs + event.answeredAfterMs;
  const refusedAtMs = answeredAtMs(sent.find(({ sentAtMs, answer }) => sentAtMs >= sinceMs && answer === 503));
  if (refusedAtMs === undefined) return undefined;
  return answeredAtMs(sent.find(({ sentAtMs, answer }) => sentAtMs > refusedAtMs && answer === 202));
}

/** As the runtime says it, whatever the broker. */
const LOSS = /A consumption was lost|The store has lost what keeps the events/;
