import {
  CRON_JOB_SOURCE,
  CRON_JOB_SOURCE_REASONS,
  cronJobSourceConditions,
  isTimeZone,
  readCronSchedule,
  type Clock,
  type Condition,
  type CronJobSource,
  type ObjectKey,
} from '@millrace/eventing-api';
import {
  isDeleting,
  updateStatusIfChanged,
  type EventRecorder,
  type KubeClient,
  type ObjectCache,
  type Reconciler,
} from '@millrace/kube';
import { adapterContainerSource } from '../adapter-container-source.js';
import { ensureContainerSource } from '../ensure-container-source.js';
import { sourceStatus } from '../source-status.js';
import { cronAdapterArguments } from './cron-adapter-arguments.js';

export const CRON_JOB_SOURCE_CONTROLLER = 'cronjob-source-controller';

export interface CronJobSourceReconcilerParts {
  readonly client: KubeClient;
  readonly sources: ObjectCache<CronJobSource>;
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly clock: Clock;
  /** Image of the receive adapter. */
  readonly image: string;
}

/** Runs the receive adapter of a CronJobSource as a ContainerSource and shows its conditions beside `ValidSchedule`. */
export class CronJobSourceReconciler implements Reconciler {
  readonly name = CRON_JOB_SOURCE_CONTROLLER;

  constructor(private readonly parts: CronJobSourceReconcilerParts) {}

  async reconcile(key: ObjectKey): Promise<undefined> {
    const source = this.parts.sources.get(key);
    // What it owns goes with it: the garbage collector follows the owner reference.
    if (source === undefined || isDeleting(source)) return;
    const now = new Date(this.parts.clock.now());
    const fault = scheduleFault(source);
    if (fault !== undefined) {
      const initial = cronJobSourceConditions.initialize(source.status?.conditions, now);
      const { Invalid } = CRON_JOB_SOURCE_REASONS;
      const conditions = cronJobSourceConditions.markFalse(initial, 'ValidSchedule', Invalid, fault, now);
      await this.report(source, conditions, source.status?.sinkUri);
      return;
    }
    const desired = adapterContainerSource(source, { image: this.parts.image, args: cronAdapterArguments(source) });
    const { status } = await ensureContainerSource(source, desired, this.parts);
    const initial = cronJobSourceConditions.initialize(status?.conditions, now);
    await this.report(source, cronJobSourceConditions.markTrue(initial, 'ValidSchedule', now), status?.sinkUri);
  }

  private async report(source: CronJobSource, conditions: Condition[], sinkUri: string | undefined): Promise<void> {
    const status = sourceStatus(source, conditions, sinkUri);
    await updateStatusIfChanged(this.parts.client, CRON_JOB_SOURCE, source, status);
  }
}

/** Admission lets no such object in; one that was stored without it must not make an adapter that ends at once, again and again. */
function scheduleFault({ spec }: CronJobSource): string | undefined {
  if (spec?.timeZone !== undefined && !isTimeZone(spec.timeZone)) {
    return `spec.timeZone "${spec.timeZone}" is not known here.`;
  }
  const reading = readCronSchedule(spec?.schedule ?? '', spec?.timeZone);
  return reading.outcome === 'valid' ? undefined : `spec.schedule "${spec?.schedule ?? ''}": ${reading.message}.`;
}
