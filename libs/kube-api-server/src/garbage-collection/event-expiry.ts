import { EVENT } from '@millrace/eventing-api';
import { resourceName, type ObjectStore } from '../storage/object-store.js';

/** The `--event-ttl` of the Kubernetes API server. */
const TIME_TO_LIVE_MS = 3_600_000;
const MAX_EVENTS = 5_000;
const BATCH = 200;

/** Removes a batch of Events that were last written an hour ago, or are the oldest of too many; true when there may be more. */
export function removeOutdatedEvents(store: ObjectStore, nowMs: number): boolean {
  const resource = resourceName(EVENT);
  const outdated = store.outdated(resource, { writtenMs: nowMs - TIME_TO_LIVE_MS, keep: MAX_EVENTS, limit: BATCH });
  store.transaction(() => {
    for (const event of outdated) store.remove(resource, event);
  });
  return outdated.length === BATCH;
}
