const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

interface Step {
  readonly below: number;
  readonly unit: readonly [seconds: number, suffix: string];
  readonly rest?: readonly [seconds: number, suffix: string];
}

/** Up to which age (in seconds) a duration is told in which units, as kubectl does it (apimachinery util/duration HumanDuration). */
const STEPS: readonly Step[] = [
  { below: 2 * MINUTE, unit: [1, 's'] },
  { below: 10 * MINUTE, unit: [MINUTE, 'm'], rest: [1, 's'] },
  { below: 3 * HOUR, unit: [MINUTE, 'm'] },
  { below: 8 * HOUR, unit: [HOUR, 'h'], rest: [MINUTE, 'm'] },
  { below: 2 * DAY, unit: [HOUR, 'h'] },
  { below: 8 * DAY, unit: [DAY, 'd'], rest: [HOUR, 'h'] },
  { below: 2 * YEAR, unit: [DAY, 'd'] },
  { below: 8 * YEAR, unit: [YEAR, 'y'], rest: [DAY, 'd'] },
];
const OLDEST: Step = { below: Infinity, unit: [YEAR, 'y'] };

/** A duration as kubectl prints ages: `5s`, `3m12s`, `2d`. Clocks may differ by a second or two; beyond that it is `<invalid>`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.trunc(durationMs / 1000);
  if (Number.isNaN(seconds) || seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  const { unit, rest } = STEPS.find(({ below }) => seconds < below) ?? OLDEST;
  const whole = `${Math.floor(seconds / unit[0])}${unit[1]}`;
  const remainder = rest === undefined ? 0 : Math.floor((seconds % unit[0]) / rest[0]);
  return rest === undefined || remainder === 0 ? whole : `${whole}${remainder}${rest[1]}`;
}

/** The time since an RFC 3339 time. */
export function formatAge(timestamp: string, nowMs: number): string {
  return formatDuration(nowMs - Date.parse(timestamp));
}
