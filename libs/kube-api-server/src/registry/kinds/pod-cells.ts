import type { Pod } from '@millrace/eventing-api';
import { formatAge } from '../../table/age.js';

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

/** The STATUS cell: the most telling state of the containers, the first container winning, as kubectl shows it. */
export function podStatus({ metadata, status }: Pod): string {
  const containers = status?.containerStatuses ?? [];
  const reason = containers.map(troubleOf).find((trouble) => trouble !== undefined);
  const told = reason ?? status?.reason ?? status?.phase ?? 'Unknown';
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (told !== 'Completed' || !containers.some(isRunning)) return told;
  return containers.every(({ ready, state }) => ready || state?.['terminated'] !== undefined) ? 'Running' : 'NotReady';
}

/** Why a container does not run, in one word. */
function troubleOf({ state }: ContainerStatus): string | undefined {
  const { waiting, terminated } = state ?? {};
  if (waiting?.reason) return waiting.reason;
  if (terminated === undefined) return undefined;
  return terminated.reason || `ExitCode:${terminated.exitCode ?? 0}`;
}

function isRunning({ ready, state }: ContainerStatus): boolean {
  return ready && state?.['running'] !== undefined;
}

/** The RESTARTS cell: how often, and how long ago the last one was (`3 (5m ago)`). */
export function podRestarts({ status }: Pod, nowMs: number): string {
  const containers = status?.containerStatuses ?? [];
  const restarts = containers.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const ends = containers
    .map(({ lastState }) => lastState?.['terminated']?.finishedAt)
    .filter((end) => end !== undefined)
    .sort();
  const last = ends.at(-1);
  return restarts > 0 && last !== undefined ? `${restarts} (${formatAge(last, nowMs)} ago)` : String(restarts);
}
