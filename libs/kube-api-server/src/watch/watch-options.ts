import { readCount, readFlag } from '../rest/resource-request.js';
import { badRequest } from '../rest/status-error.js';

/** Where a watch begins and how long it goes on. */
export interface WatchOptions {
  /** Tell the existing objects as ADDED first. */
  readonly initialState: boolean;
  /** Mark the end of the initial state with an annotated bookmark (streaming lists, KEP-3157). */
  readonly markEndOfInitialState: boolean;
  /** Tell what happened after this revision; undefined: from now on. With an initial state: it must not lie in the future. */
  readonly revision: number | undefined;
  readonly bookmarks: boolean;
  readonly timeoutMs: number;
}

const DEFAULT_TIMEOUT_SECONDS = 1_800;

/** An unknown parameter could ask for something that a client then waits for in vain; these are understood. */
const PARAMETERS = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'includeObject',
  'labelSelector',
  'limit',
  'pretty',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  // client-go sends it beside timeoutSeconds, for whatever stands between it and the server.
  'timeout',
  'timeoutSeconds',
  'watch',
];

/** Reads the query of a watch (Kubernetes API concepts, "Efficient detection of changes"). */
export function readWatchOptions(query: URLSearchParams): WatchOptions {
  const unknown = [...query.keys()].find((parameter) => !PARAMETERS.includes(parameter));
  if (unknown !== undefined) throw badRequest(`unknown watch parameter "${unknown}"`);
  const sendInitialEvents = readFlag(query, 'sendInitialEvents');
  const match = query.get('resourceVersionMatch') ?? '';
  if (sendInitialEvents === undefined && match !== '') {
    throw badRequest(
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    );
  }
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    throw badRequest(
      'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    );
  }
  const revision = readCount(query, 'resourceVersion') ?? 0;
  return {
    initialState: sendInitialEvents ?? revision === 0,
    markEndOfInitialState: sendInitialEvents === true,
    revision: revision === 0 ? undefined : revision,
    bookmarks: readFlag(query, 'allowWatchBookmarks') ?? false,
    timeoutMs: 1_000 * (readCount(query, 'timeoutSeconds') || DEFAULT_TIMEOUT_SECONDS),
  };
}
