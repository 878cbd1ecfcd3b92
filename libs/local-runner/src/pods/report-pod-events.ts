import type { Pod } from '@millrace/eventing-api';
import type { EventRecorder } from '@millrace/kube';
import type { ContainerReport } from './container-runner.js';

/** What has been told of a container already. */
export interface ToldOfContainer {
  readonly failed: boolean;
  readonly started: boolean;
  readonly crashLooping: boolean;
}

const NOTHING_TOLD: ToldOfContainer = { failed: false, started: false, crashLooping: false };

/** What an earlier run of this program told: a Pod that still cannot run is no news. */
export function toldBefore(pod: Pod): Map<string, ToldOfContainer> {
  const statuses = pod.status?.containerStatuses ?? [];
  return new Map(
    statuses
      .filter(({ state, restartCount }) => state?.['waiting'] !== undefined && restartCount === 0)
      .map(({ name }) => [name, { ...NOTHING_TOLD, failed: true }]),
  );
}

/**
 * Records what is news about a container and returns what has been told by now. Each thing is told once: a source that watches Events would
 * otherwise make an event of every restart of the consumer that is down.
 */
export function reportContainerEvents(
  recorder: Pick<EventRecorder, 'record'>,
  pod: Pod,
  report: ContainerReport,
  told: ToldOfContainer = NOTHING_TOLD,
): ToldOfContainer {
  const { name, image, state, lastRun, crashLooping } = report;
  const cannotRun = state.phase === 'waiting' && lastRun === undefined && state.reason !== 'ContainerCreating';
  if (cannotRun && !told.failed) recorder.record(pod, 'Warning', 'Failed', state.message);
  const hasStarted = state.phase === 'running' || lastRun !== undefined;
  if (hasStarted && !told.started) {
    recorder.record(pod, 'Normal', 'Started', `Started container ${name} (image ${image}) as a process.`);
  }
  if (crashLooping && !told.crashLooping) {
    const message = `Back-off restarting container ${name}: it ${lastRun?.message ?? 'ended'}.`;
    recorder.record(pod, 'Warning', 'BackOff', message);
  }
  return { failed: cannotRun, started: hasStarted, crashLooping };
}
