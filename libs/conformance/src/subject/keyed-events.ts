import type { StoredEvent } from '@millrace/eventing-api';
import { expect } from 'vitest';
import { testEvent } from './test-event.js';

/** Events of several keys, in turn: `k0-0, k1-0, ..., k0-1, k1-1, ...`, each id after `idPrefix`. */
export function keyedEvents(keys: number, perKey: number, idPrefix = ''): StoredEvent[] {
  return Array.from({ length: keys * perKey }, (_, index) => {
    const key = `k${index % keys}`;
    return testEvent(`${idPrefix}${key}-${Math.floor(index / keys)}`, { partitionKey: key });
  });
}

/** The ids of each key, in their order; a repetition counts once, at its first place. */
export function idsByKey(events: readonly StoredEvent[]): Record<string, string[]> {
  const byKey: Record<string, string[]> = {};
  for (const { id, partitionKey } of events) {
    if (partitionKey === undefined) continue;
    const ids = (byKey[partitionKey] ??= []);
    if (!ids.includes(id)) ids.push(id);
  }
  return byKey;
}

/** All that were stored have come, each key in the order of the store. */
export function expectOrderByKey(seen: readonly StoredEvent[], stored: readonly StoredEvent[]): void {
  expect(idsByKey(seen), 'the events of each key, in the order in which they came').toEqual(idsByKey(stored));
}
