import { readCount, readFlag } from '../rest/resource-request.js';
import { badRequest } from '../rest/status-error.js';

/** `core/v1 PodLogOptions`. */
export interface PodLogOptions {
  readonly container: string | undefined;
  readonly follow: boolean;
  /** The log of the process before this one. */
  readonly previous: boolean;
  /** Keep the time in front of each line. */
  readonly timestamps: boolean;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
  /** Only lines of this time or later, in milliseconds since the epoch. */
  readonly sinceMs: number | undefined;
}

export function readPodLogOptions(query: URLSearchParams, nowMs: number): PodLogOptions {
  return {
    container: query.get('container') ?? undefined,
    follow: readFlag(query, 'follow') ?? false,
    previous: readFlag(query, 'previous') ?? false,
    timestamps: readFlag(query, 'timestamps') ?? false,
    tailLines: readCount(query, 'tailLines'),
    limitBytes: readCount(query, 'limitBytes'),
    sinceMs: readSince(query, nowMs),
  };
}

function readSince(query: URLSearchParams, nowMs: number): number | undefined {
  const seconds = readCount(query, 'sinceSeconds');
  if (seconds !== undefined) return nowMs - seconds * 1_000;
  const time = query.get('sinceTime');
  if (time === null) return undefined;
  const sinceMs = Date.parse(time);
  if (Number.isNaN(sinceMs)) throw badRequest(`sinceTime: Invalid value: "${time}": must be an RFC 3339 time`);
  return sinceMs;
}
