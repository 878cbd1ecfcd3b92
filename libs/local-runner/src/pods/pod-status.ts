import type { Pod } from '@millrace/eventing-api';
import type { ContainerReport, FinishedRun } from './container-runner.js';

type PodStatus = NonNullable<Pod['status']>;
type ContainerStatus = NonNullable<PodStatus['containerStatuses']>[number];
type PodCondition = NonNullable<PodStatus['conditions']>[number];

/** Every child listens on this machine only. */
export const POD_IP = '127.0.0.1';

/** The status of a Pod from what its containers do, as a kubelet would write it. Transition times move with the status only. */
export function podStatus(pod: Pod, containers: readonly ContainerReport[], nowMs: number): PodStatus {
  const phase = phaseOf(containers);
  const isReady = phase === 'Running' && containers.every(isContainerReady);
  const waiting = containers.find(({ state }) => state.phase === 'waiting')?.state;
  const why = isReady || waiting?.phase !== 'waiting' ? {} : { reason: 'ContainersNotReady', message: waiting.message };
  const condition = (type: string, holds: boolean, details: object = {}): PodCondition => {
    const status = holds ? 'True' : 'False';
    const before = pod.status?.conditions?.find((other) => other.type === type);
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : timeOf(nowMs);
    return { type, status, ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }), ...details };
  };
  return {
    phase,
    ...(waiting?.phase === 'waiting' && phase === 'Pending' ? { message: waiting.message } : {}),
    conditions: [
      condition('ContainersReady', isReady, why),
      condition('Initialized', true),
      condition('PodScheduled', true),
      condition('Ready', isReady, why),
    ],
    podIP: POD_IP,
    hostIP: POD_IP,
    startTime: pod.status?.startTime ?? timeOf(nowMs),
    containerStatuses: containers.map(containerStatus),
  };
}

export function isContainerReady({ state }: ContainerReport): boolean {
  return state.phase === 'running' && state.ports !== undefined;
}

function phaseOf(containers: readonly ContainerReport[]): NonNullable<PodStatus['phase']> {
  const runs = containers.map(({ state }) => (state.phase === 'terminated' ? state.run : undefined));
  if (runs.every((run) => run !== undefined)) return runs.every((run) => run.exitCode === 0) ? 'Succeeded' : 'Failed';
  // A container that has never run keeps its Pod pending; one that runs again soon does not.
  const neverRan = containers.some(({ state, lastRun }) => state.phase === 'waiting' && lastRun === undefined);
  return neverRan ? 'Pending' : 'Running';
}

function containerStatus(report: ContainerReport): ContainerStatus {
  const { name, image, state, restartCount, lastRun } = report;
  return {
    name,
    image,
    imageID: '',
    ready: isContainerReady(report),
    started: state.phase === 'running',
    restartCount,
    state: stateOf(report),
    ...(lastRun === undefined || state.phase === 'terminated'
      ? {}
      : { lastState: { terminated: terminatedOf(lastRun) } }),
  };
}

function stateOf({ state }: ContainerReport): NonNullable<ContainerStatus['state']> {
  switch (state.phase) {
    case 'running':
      return { running: { startedAt: timeOf(state.startedAtMs) } };
    case 'waiting':
      return { waiting: { reason: state.reason, message: state.message } };
    case 'terminated':
      return { terminated: terminatedOf(state.run) };
  }
}

function terminatedOf(run: FinishedRun) {
  return {
    exitCode: run.exitCode,
    reason: run.exitCode === 0 ? 'Completed' : 'Error',
    message: run.message,
    startedAt: timeOf(run.startedAtMs),
    finishedAt: timeOf(run.finishedAtMs),
  };
}

/** Whole seconds, as Kubernetes writes `metav1.Time`. */
function timeOf(nowMs: number): string {
  return new Date(nowMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** Whether it is known how the start of a Pod went: it is ready, it has ended, or it says what keeps it. */
export function hasSettled({ status }: Pod): boolean {
  const isReady = status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True');
  const hasEnded = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  const isKept = status?.containerStatuses?.some(({ state }) => {
    const reason = state?.['waiting']?.reason;
    return reason !== undefined && reason !== 'ContainerCreating';
  });
  return isReady === true || hasEnded || isKept === true;
}
