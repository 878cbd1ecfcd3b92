import { POD, type ObjectKey, type Pod } from '@millrace/eventing-api';
import {
  isDeleting,
  updateStatusIfChanged,
  type EventRecorder,
  type KubeClient,
  type ObjectCache,
  type Reconciler,
} from '@millrace/kube';
import type { Ports } from './child.js';
import { removePodLogs } from './pod-log-folder.js';
import { PodRunner, type PodRunnerParts } from './pod-runner.js';
import { preferredPort } from './preferred-port.js';
import { podStatus } from './pod-status.js';
import { reportContainerEvents, toldBefore, type ToldOfContainer } from './report-pod-events.js';

/** How long a child may take to end before it is killed: less than platform gives a part for one step of the end. */
const TERMINATION_GRACE_MS = 4_000;

export interface PodReconcilerParts extends PodRunnerParts {
  readonly client: KubeClient;
  readonly pods: ObjectCache<Pod>;
  readonly recorder: Pick<EventRecorder, 'record'>;
  /** A container of this Pod did something: look at it again. */
  readonly wake: (key: ObjectKey) => void;
}

/** A Pod that runs here. */
interface RunningPod {
  readonly runner: PodRunner;
  readonly told: Map<string, ToldOfContainer>;
}

/** Plays kubelet: a Pod that is there runs, one that is gone ends; its status says how it goes. */
export class PodReconciler implements Reconciler {
  readonly name = 'local-pod-runner';
  private readonly running = new Map<string, RunningPod>();
  private readonly ending = new Set<Promise<void>>();

  constructor(private readonly parts: PodReconcilerParts) {}

  async reconcile(key: ObjectKey): Promise<undefined> {
    const pod = this.parts.pods.get(key);
    const id = idOf(key);
    const before = this.running.get(id);
    if (before !== undefined && (pod === undefined || before.runner.uid !== pod.metadata.uid || isDeleting(pod))) {
      this.running.delete(id);
      this.end(before.runner);
    }
    if (pod === undefined || isDeleting(pod)) return;
    const current = this.running.get(id) ?? (isFinished(pod) ? undefined : await this.launch(id, key, pod));
    if (current !== undefined) await this.report(pod, current);
  }

  /** Where the containers of a Pod listen; undefined while it does not run, or is not ready. */
  portsOf(pod: Pod): Ports | undefined {
    const current = this.running.get(idOf({ namespace: pod.metadata.namespace, name: pod.metadata.name ?? '' }));
    return current?.runner.uid === pod.metadata.uid ? current?.runner.ports : undefined;
  }

  /** Ends the Pods that `isMeant` and waits until they are gone. Their objects stay as they are: this machine goes to sleep, nobody deleted them. */
  async stop(isMeant: (pod: Pod) => boolean): Promise<void> {
    const meant = [...this.running].filter(([, { runner }]) => isMeant(runner.pod));
    for (const [id] of meant) this.running.delete(id);
    await Promise.all([...meant.map(([, { runner }]) => runner.stop(TERMINATION_GRACE_MS)), ...this.ending]);
  }

  private async launch(id: string, key: ObjectKey, pod: Pod): Promise<RunningPod> {
    const { recorder, wake } = this.parts;
    const runner = new PodRunner(pod, { ...this.parts, port: await preferredPort(pod) }, () => wake(key));
    const launched = { runner, told: toldBefore(pod) };
    this.running.set(id, launched);
    if (pod.status?.startTime === undefined) {
      recorder.record(pod, 'Normal', 'Scheduled', `Assigned ${key.namespace ?? ''}/${key.name} to this machine.`);
    }
    runner.start();
    return launched;
  }

  private async report(pod: Pod, { runner, told }: RunningPod): Promise<void> {
    const { client, clock, recorder } = this.parts;
    const { reports } = runner;
    for (const report of reports) {
      told.set(report.name, reportContainerEvents(recorder, pod, report, told.get(report.name)));
    }
    await updateStatusIfChanged(client, POD, pod, podStatus(pod, reports, clock.now()));
  }

  private end(runner: PodRunner): void {
    const { recorder, podLogDir, logger } = this.parts;
    if (runner.reports.some(({ state }) => state.phase === 'running')) {
      recorder.record(runner.pod, 'Normal', 'Killing', 'Stopping the containers: the Pod was deleted.');
    }
    const ended = runner
      .stop(TERMINATION_GRACE_MS)
      .then(() => removePodLogs(podLogDir, runner.pod))
      .catch((error: unknown) => logger.warn('A Pod could not be cleaned up', { pod: runner.pod.metadata.name, error }))
      .finally(() => this.ending.delete(ended));
    this.ending.add(ended);
  }
}

function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

function idOf(key: ObjectKey): string {
  return `${key.namespace ?? ''}/${key.name}`;
}
