import { admission } from '../admission/admission.js';
import { MISSING_SINK_WARNING } from '../container-source/sink.validation.js';
import { CronJobSourceSpec, type CronJobSource } from './cron-job-source.schema.js';
import { validateCronJobSource } from './cron-job-source.validation.js';

/** Admits a CronJobSource: validation; it has no defaults and everything may change. */
export const admitCronJobSource = admission<CronJobSource>({
  spec: CronJobSourceSpec,
  validate: validateCronJobSource,
  warn: ({ spec }) => (spec?.sink === undefined ? [MISSING_SINK_WARNING] : []),
});
