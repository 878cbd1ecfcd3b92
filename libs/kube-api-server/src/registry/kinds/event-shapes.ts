import { ObjectReference, OpaqueObject, Timestamp, type KubeObject } from '@millrace/eventing-api';
import { Type } from 'typebox';
import { objectSchema } from '../built-in-kind.js';

const text = (description: string) => Type.Optional(Type.String({ description }));

const DESCRIPTION = 'An Event tells what happened to an object. It is kept for an hour.';

const SHARED = {
  reason: text('What happened, in one CamelCase word.'),
  type: text('Normal or Warning.'),
  action: text('What was done to the object.'),
  eventTime: Type.Optional(Type.String({ format: 'date-time', description: 'When it first happened.' })),
  series: Type.Optional(OpaqueObject({ description: 'How often it happened again, and when last.' })),
  related: Type.Optional(ObjectReference),
  reportingInstance: text('Which copy of the component reports.'),
};

/** Fields with their names in `v1` and in `events.k8s.io/v1` (k8s.io/api/events/v1 types.go). */
const RENAMED = [
  ['involvedObject', 'regarding', Type.Optional(ObjectReference)],
  ['message', 'note', text('What happened, in a sentence.')],
  ['reportingComponent', 'reportingController', text('Who reports.')],
  ['count', 'deprecatedCount', Type.Optional(Type.Integer({ description: 'How often it happened.' }))],
  ['firstTimestamp', 'deprecatedFirstTimestamp', Type.Optional(Timestamp)],
  ['lastTimestamp', 'deprecatedLastTimestamp', Type.Optional(Timestamp)],
  ['source', 'deprecatedSource', Type.Optional(OpaqueObject({ description: 'component: who reports; host: where.' }))],
] as const;

/** `v1 Event`, the stored form. */
export const CoreEvent = objectSchema(DESCRIPTION, {
  ...SHARED,
  ...Object.fromEntries(RENAMED.map(([core, , schema]) => [core, schema])),
  involvedObject: ObjectReference,
});

/** `events.k8s.io/v1 Event`. */
export const NewEvent = objectSchema(DESCRIPTION, {
  ...SHARED,
  ...Object.fromEntries(RENAMED.map(([, renamed, schema]) => [renamed, schema])),
});

const TO_NEW = new Map<string, string>(RENAMED.map(([core, renamed]) => [core, renamed]));
const TO_CORE = new Map<string, string>(RENAMED.map(([core, renamed]) => [renamed, core]));

/** A stored Event in the shape of `events.k8s.io/v1`. */
export function toNewEvent(event: KubeObject): KubeObject {
  return renameFields(event, TO_NEW);
}

/** An `events.k8s.io/v1` Event in the stored shape, which always has an `involvedObject`. */
export function toCoreEvent(event: KubeObject): KubeObject {
  return { involvedObject: {}, ...renameFields(event, TO_CORE) };
}

function renameFields(object: KubeObject, names: ReadonlyMap<string, string>): KubeObject {
  const renamed = Object.entries(object).map(([field, value]) => [names.get(field) ?? field, value]);
  return Object.fromEntries(renamed) as KubeObject;
}
