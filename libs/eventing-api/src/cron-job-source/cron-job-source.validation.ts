import type { FieldFault } from '../admission/admission.types.js';
import { invalid, required } from '../admission/faults.js';
import { sinkFaults } from '../container-source/sink.validation.js';
import type { CronJobSource } from './cron-job-source.schema.js';
import { isTimeZone, readCronSchedule } from './cron-schedule.js';

/** The adapter gets the data as an argument, and Linux passes none that is longer than twice this. */
const MAX_DATA_BYTES = 65_536;

/** Faults of a CronJobSource. */
export function validateCronJobSource({ spec }: CronJobSource): FieldFault[] {
  return [...scheduleFaults(spec?.schedule, spec?.timeZone), ...dataFaults(spec?.data), ...sinkFaults(spec?.sink)];
}

function scheduleFaults(schedule: string | undefined, timeZone: string | undefined): FieldFault[] {
  const isZoneKnown = timeZone === undefined || isTimeZone(timeZone);
  const zoneFaults = isZoneKnown
    ? []
    : [invalid('spec.timeZone', timeZone, 'must be the IANA name of a time zone, as in "Europe/Berlin"')];
  if (schedule === undefined) {
    return [required('spec.schedule', 'when to send an event, as in "*/15 * * * *" or "@hourly"'), ...zoneFaults];
  }
  const reading = readCronSchedule(schedule, isZoneKnown ? timeZone : undefined);
  return reading.outcome === 'valid'
    ? zoneFaults
    : [invalid('spec.schedule', schedule, reading.message), ...zoneFaults];
}

function dataFaults(data: string | undefined): FieldFault[] {
  const bytes = Buffer.byteLength(data ?? '');
  return bytes <= MAX_DATA_BYTES
    ? []
    : [invalid('spec.data', `${bytes} bytes`, `may not be longer than ${MAX_DATA_BYTES} bytes`)];
}
