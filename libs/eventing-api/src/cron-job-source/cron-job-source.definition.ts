import { SOURCES_GROUP, READY_COLUMNS, VERSION } from '../kinds/groups.js';
import type { ResourceDefinition } from '../kinds/resource-kind.types.js';
import { admitCronJobSource } from './cron-job-source.admission.js';
import { CronJobSource } from './cron-job-source.schema.js';

/** The CronJobSource kind (Knative Eventing Sources v0.4 `300-cronjobsource.yaml`). */
export const CRON_JOB_SOURCE: ResourceDefinition<CronJobSource> = {
  group: SOURCES_GROUP,
  version: VERSION,
  kind: 'CronJobSource',
  plural: 'cronjobsources',
  singular: 'cronjobsource',
  namespaced: true,
  shortNames: [],
  categories: ['all', 'knative', 'eventing', 'sources'],
  definitionLabels: { 'eventing.knative.dev/source': 'true' },
  printerColumns: [...READY_COLUMNS, { name: 'Schedule', type: 'string', jsonPath: '.spec.schedule' }],
  schema: CronJobSource,
  statusSubresource: true,
  admit: admitCronJobSource,
};
