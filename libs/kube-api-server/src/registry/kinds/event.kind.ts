import { EVENT, type Event } from '@millrace/eventing-api';
import { formatAge } from '../../table/age.js';
import { builtInKind, column, wideColumn } from '../built-in-kind.js';
import { CoreEvent, NewEvent, toCoreEvent, toNewEvent } from './event-shapes.js';

/** One store, two shapes: `v1` and `events.k8s.io/v1`. */
export const EVENT_KIND = builtInKind<Event>(EVENT, {
  shortNames: ['ev'],
  schema: CoreEvent,
  aliases: [{ group: 'events.k8s.io', version: 'v1', fromStored: toNewEvent, toStored: toCoreEvent, schema: NewEvent }],
  // kubectl describe and kubectl events --for select by the object, people by reason and type.
  selectableFields: [
    'involvedObject.apiVersion',
    'involvedObject.fieldPath',
    'involvedObject.kind',
    'involvedObject.name',
    'involvedObject.namespace',
    'involvedObject.uid',
    'reason',
    'type',
  ],
  printerColumns: [
    column('Last Seen', (event, nowMs) => age(lastSeen(event), nowMs)),
    column('Type', ({ type }) => type),
    column('Reason', ({ reason }) => reason),
    column('Object', ({ involvedObject: { kind = '', name = '' } }) => `${kind.toLowerCase()}/${name}`),
    wideColumn('Source', ({ source, reportingComponent }) => source?.component || reportingComponent),
    column('Message', ({ message }) => message),
    wideColumn('First Seen', (event, nowMs) => age(event.firstTimestamp ?? event.eventTime, nowMs)),
    wideColumn('Count', ({ count }) => count ?? 1),
    wideColumn('Name', ({ metadata }) => metadata.name),
  ],
});

function lastSeen({ lastTimestamp, eventTime, firstTimestamp, series }: Event): string | null | undefined {
  const again = (series as { lastObservedTime?: string } | undefined)?.lastObservedTime;
  return again ?? lastTimestamp ?? eventTime ?? firstTimestamp;
}

function age(timestamp: string | null | undefined, nowMs: number): string {
  return timestamp ? formatAge(timestamp, nowMs) : '<unknown>';
}
