import { join } from 'node:path';
import type { Clock, Container, Logger, Pod } from '@millrace/eventing-api';
import type { ImageCatalogue } from '../images/image-catalogue.js';
import type { Ports } from './child.js';
import { containerCommand } from './container-command.js';
import { ContainerRunner, type ContainerReport, type RestartPolicy } from './container-runner.js';
import { podLogFolder } from './pod-log-folder.js';

export interface PodRunnerParts {
  readonly images: ImageCatalogue;
  readonly kubeconfig: string;
  readonly podLogDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Runs the containers of one Pod. */
export class PodRunner {
  readonly uid: string;
  private readonly containers: { readonly runner?: ContainerRunner; readonly report: () => ContainerReport }[];

  constructor(
    readonly pod: Pod,
    private readonly parts: PodRunnerParts & { readonly port: number },
    private readonly onChange: () => void,
  ) {
    this.uid = pod.metadata.uid ?? '';
    this.containers = (pod.spec?.containers ?? []).map((container) => this.prepare(container));
  }

  get reports(): readonly ContainerReport[] {
    return this.containers.map(({ report }) => report());
  }

  /** Where its containers listen; undefined while one of them is not ready. */
  get ports(): Ports | undefined {
    let all: Ports = {};
    for (const { state } of this.reports) {
      if (state.phase !== 'running' || state.ports === undefined) return undefined;
      all = { ...state.ports, ...all };
    }
    return all;
  }

  start(): void {
    for (const { runner } of this.containers) runner?.start();
  }

  async stop(graceMs: number): Promise<void> {
    await Promise.all(this.containers.flatMap(({ runner }) => runner?.stop(graceMs) ?? []));
  }

  private prepare(container: Container) {
    const { podLogDir, clock, logger } = this.parts;
    const { name, image } = container;
    const found = containerCommand(container, this.parts);
    if (found.outcome === 'cannot-run') {
      const { reason, message } = found;
      const state = { phase: 'waiting', reason, message } as const;
      const report: ContainerReport = { name, image, state, restartCount: 0, crashLooping: false };
      return { report: () => report };
    }
    const runner = new ContainerRunner({
      name,
      image,
      command: found.command,
      restartPolicy: (this.pod.spec?.restartPolicy ?? 'Always') as RestartPolicy,
      logPath: join(podLogDir, podLogFolder(this.pod), `${name}.log`),
      clock,
      logger,
      onChange: this.onChange,
    });
    return { runner, report: () => runner.report };
  }
}
