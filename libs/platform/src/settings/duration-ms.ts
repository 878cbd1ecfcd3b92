import { parseDurationMs } from '@millrace/eventing-api';

/** Milliseconds of a setting with `format: 'duration'`; `runApp` has refused what is none. */
export function durationMs(text: string): number {
  const milliseconds = parseDurationMs(text);
  if (milliseconds === undefined) throw new Error(`"${text}" is not an ISO 8601 duration`);
  return milliseconds;
}
