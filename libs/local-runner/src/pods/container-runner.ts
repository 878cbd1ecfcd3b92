import type { Clock, Logger, Timer } from '@millrace/eventing-api';
import { Child, type ChildCommand, type Ports } from './child.js';
import { ContainerLog } from './container-log.js';
import { STABLE_AFTER_MS, restartDelayMs } from './restart-delay.js';

/** When a container is started again after it ended (`spec.restartPolicy` of a Pod). */
export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

/** One finished run of a container. */
export interface FinishedRun {
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly exitCode: number;
  readonly message: string;
}

/** What a container is doing. */
export type ContainerState =
  | { readonly phase: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly phase: 'running'; readonly startedAtMs: number; readonly ports: Ports | undefined }
  | { readonly phase: 'terminated'; readonly run: FinishedRun };

/** Everything that the status of a Pod tells of one of its containers. */
export interface ContainerReport {
  readonly name: string;
  readonly image: string;
  readonly state: ContainerState;
  readonly restartCount: number;
  readonly lastRun?: FinishedRun | undefined;
  /** True from the first crash until a run has held: one crash loop is one piece of news. */
  readonly crashLooping: boolean;
}

export interface ContainerRunnerOptions {
  readonly name: string;
  readonly image: string;
  readonly command: ChildCommand;
  readonly restartPolicy: RestartPolicy;
  readonly logPath: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The report is another one now. */
  readonly onChange: () => void;
}

/** Keeps one container running as its restart policy says. */
export class ContainerRunner {
  private state: ContainerState = { phase: 'waiting', reason: 'ContainerCreating', message: '' };
  private child: Child | undefined;
  private lastRun: FinishedRun | undefined;
  private restarts = 0;
  private failures = 0;
  private restartTimer: Timer | undefined;
  private stableTimer: Timer | undefined;
  private stopped = false;

  constructor(private readonly options: ContainerRunnerOptions) {}

  get report(): ContainerReport {
    const { name, image } = this.options;
    const { state, restarts: restartCount, lastRun } = this;
    return { name, image, state, restartCount, lastRun, crashLooping: this.failures > 0 };
  }

  start(): void {
    const startedAtMs = this.options.clock.now();
    try {
      this.launch(startedAtMs);
    } catch (error) {
      const message = `could not be started: ${(error as Error).message}`;
      this.ended({ startedAtMs, finishedAtMs: startedAtMs, exitCode: 127, message });
    }
    this.options.onChange();
  }

  /** Ends the container for good. Resolves when its process is gone. */
  async stop(graceMs: number): Promise<void> {
    this.stopped = true;
    this.restartTimer?.cancel();
    this.stableTimer?.cancel();
    await this.child?.stop(graceMs);
  }

  private launch(startedAtMs: number): void {
    const { clock, logger, logPath, command } = this.options;
    const log = new ContainerLog({ path: logPath, clock, logger });
    this.state = { phase: 'running', startedAtMs, ports: undefined };
    this.stableTimer = clock.schedule(STABLE_AFTER_MS, () => this.change(() => (this.failures = 0)));
    this.child = new Child(command, log, clock, {
      onReady: (ports) => this.change(() => (this.state = { phase: 'running', startedAtMs, ports })),
      onExit: ({ exitCode, message }) => {
        this.change(() => this.ended({ startedAtMs, finishedAtMs: clock.now(), exitCode, message }));
      },
    });
  }

  private ended(run: FinishedRun): void {
    const { restartPolicy, clock } = this.options;
    this.stableTimer?.cancel();
    this.lastRun = run;
    const isFinal = restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && run.exitCode === 0);
    if (isFinal || this.stopped) {
      this.state = { phase: 'terminated', run };
      return;
    }
    this.failures += 1;
    const delayMs = restartDelayMs(this.failures);
    const message = `The container ${run.message}; it is started again after ${delayMs / 1000} s. See kubectl logs.`;
    this.state = { phase: 'waiting', reason: 'CrashLoopBackOff', message };
    this.restartTimer = clock.schedule(delayMs, () => {
      this.restarts += 1;
      this.start();
    });
  }

  private change(how: () => unknown): void {
    how();
    this.options.onChange();
  }
}
