import { Cron } from 'croner';

/** When something is due, to the minute. */
export interface CronSchedule {
  /** The first time that is due after `timeMs`, in milliseconds since the epoch; undefined where there is none any more. */
  nextAfter(timeMs: number): number | undefined;
}

export type CronScheduleReading =
  | { readonly outcome: 'valid'; readonly schedule: CronSchedule }
  /** `message` continues a sentence: `minute 60 …`. */
  | { readonly outcome: 'invalid'; readonly message: string };

/** The zone of a schedule that names none: that of the adapter's machine in 2019, which was UTC in a container. */
export const DEFAULT_TIME_ZONE = 'UTC';

const MACROS = new Set(['@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually']);

const MONTHS = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const DAYS = 'sun|mon|tue|wed|thu|fri|sat';

/** The five fields, and which names may stand in each besides numbers. */
const FIELDS: readonly (readonly [name: string, names: string | undefined])[] = [
  ['minute', undefined],
  ['hour', undefined],
  ['day of month', undefined],
  ['month', MONTHS],
  ['day of week', DAYS],
];

/**
 * Reads a schedule as cron does and as robfig/cron v1 did for Knative Eventing Sources v0.4: five fields (minute, hour, day of month, month, day of week;
 * numbers, names, `*`, `?`, lists, ranges, steps) or a macro. `@every`, seconds, years and the extensions `L`, `W` and `#` are none. Where both
 * days are given, either will do.
 *
 * When the clocks of the time zone change, a schedule at fixed times keeps to one run for each: a time that is left out is due when the clock has
 * jumped, one that comes twice is due the first time. A schedule with `*` or a step in minute or hour is due whenever a clock shows its time (design: docs/adr/0029).
 *
 * @param timeZone IANA name; it must be one (`isTimeZone`)
 */
export function readCronSchedule(expression: string, timeZone: string = DEFAULT_TIME_ZONE): CronScheduleReading {
  const fault = formFault(expression);
  if (fault !== undefined) return { outcome: 'invalid', message: fault };
  try {
    const options = { mode: '5-part', sloppyRanges: true, fixedTimeRule: 'no-wildcard' } as const;
    const cron = new Cron(expression, { ...options, timezone: timeZone, paused: true });
    const schedule = { nextAfter: (timeMs: number) => cron.nextRun(new Date(timeMs))?.getTime() };
    if (schedule.nextAfter(0) === undefined) return { outcome: 'invalid', message: 'there is no such day in any year' };
    return { outcome: 'valid', schedule };
  } catch (error) {
    return {
      outcome: 'invalid',
      message: `${(error as Error).message.replace(/^CronPattern: /, '').replace(/\.$/, '')}; ${RANGES}`,
    };
  }
}

/** Whether a time zone of that IANA name is known here: `Europe/Berlin`, `UTC`. An offset such as `+01:00` is no name. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const RANGES =
  'minutes are 0 to 59, hours 0 to 23, days of the month 1 to 31, months 1 to 12 or jan to dec, days of the week 0 to 7 or sun to sat, steps 1 or more';

/** What is no schedule of ours, though the parser would take it. */
function formFault(expression: string): string | undefined {
  const text = expression.trim();
  if (text.startsWith('@')) {
    return MACROS.has(text) ? undefined : `"${text}" is none of ${[...MACROS].join(', ')}`;
  }
  const fields = text.split(/\s+/);
  if (fields.length !== FIELDS.length) {
    const names = FIELDS.map(([name]) => name).join(', ');
    return `five fields are needed (${names}), as in "*/15 * * * *", or a macro, as in "@hourly"`;
  }
  for (const [index, [name, names]] of FIELDS.entries()) {
    const parts = names === undefined ? String.raw`[\d*?,/-]` : String.raw`[\d*?,/-]|${names}`;
    const field = fields[index] ?? '';
    if (!new RegExp(`^(?:${parts})+$`, 'i').test(field) || /(?:^|,)\//.test(field)) {
      const allowed = names === undefined ? 'numbers' : `numbers, ${names.replaceAll('|', ', ')}`;
      return `"${field}" is no ${name}: ${allowed}, *, lists (1,3), ranges (1-5) and steps (*/2) are`;
    }
  }
  return undefined;
}
