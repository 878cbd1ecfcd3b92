/** A number; only the last part of a duration may have a fraction. */
const NUMBER = String.raw`\d+(?:[.,]\d+(?=[A-Z]$))?`;

const part = (name: string, designator: string) => `(?:(?<${name}>${NUMBER})${designator})?`;

const DURATION = new RegExp(
  `^P(?=.)${part('weeks', 'W')}${part('days', 'D')}(?:T(?=.)${part('hours', 'H')}${part('minutes', 'M')}${part('seconds', 'S')})?$`,
);

/** Which texts `parseDurationMs` takes, as the `pattern` of a JSON Schema. */
export const DURATION_PATTERN = DURATION.source;

/** What such a text is, for people. */
export const DURATION_RULE =
  'must be an ISO 8601 duration in weeks, days, hours, minutes and seconds, as in PT0.2S, PT30S or PT1M';

const UNITS_MS = { weeks: 604_800_000, days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1_000 };

/**
 * Milliseconds of an ISO 8601 duration such as `PT0.2S`, `PT5M`, `P1DT12H` or `P2W`, rounded; undefined where the text is none.
 *
 * Refused, though ISO 8601 has them: years and months (their length depends on the date; Knative guesses), signs (no wait is negative) and
 * empty forms (`P`, `PT`). The libraries for this accept what has to be refused, so that one expression is less code than taming one.
 */
export function parseDurationMs(text: string): number | undefined {
  const parts = DURATION.exec(text)?.groups;
  if (parts === undefined) {
    return undefined;
  }
  const totalMs = Object.entries(UNITS_MS).reduce(
    (sum, [unit, unitMs]) => sum + Number((parts[unit] ?? '0').replace(',', '.')) * unitMs,
    0,
  );
  return Math.round(totalMs);
}

/**
 * As `parseDurationMs`, for text that has been checked to be a duration.
 *
 * @throws Error where it is none
 */
export function durationMs(text: string): number {
  const milliseconds = parseDurationMs(text);
  if (milliseconds === undefined) throw new Error(`"${text}" is not an ISO 8601 duration`);
  return milliseconds;
}
