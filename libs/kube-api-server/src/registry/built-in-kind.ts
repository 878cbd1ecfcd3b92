import { ObjectMeta, type KubeObject, type PrinterColumn, type ResourceKind } from '@millrace/eventing-api';
import { Type, type TProperties } from 'typebox';
import type { ComputedColumn, ServedKind, Verb } from './served-kind.types.js';

export const ALL_VERBS: readonly Verb[] = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

type Described<T extends KubeObject> = Pick<ServedKind<T>, 'schema' | 'printerColumns'> & Partial<ServedKind<T>>;

/** A kind of Kubernetes itself: every verb, no subresource, no short names, no generation, unless said otherwise. */
export function builtInKind<T extends KubeObject>(kind: ResourceKind<T>, details: Described<T>): ServedKind<T> {
  return {
    ...kind,
    singular: kind.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    verbs: ALL_VERBS,
    subresources: [],
    custom: false,
    hasGeneration: false,
    ...details,
  };
}

/** The schema of a whole object from those of its fields beside `apiVersion`, `kind` and `metadata`. */
export function objectSchema<F extends TProperties>(description: string, fields: F) {
  return Type.Object(
    {
      apiVersion: Type.String({ description: 'Group and version of the schema of this object.' }),
      kind: Type.String({ description: 'Kind of this object.' }),
      metadata: ObjectMeta,
      ...fields,
    },
    { description },
  );
}

/** A column that `kubectl get` always prints. */
export function column<T extends KubeObject>(name: string, cell: ComputedColumn<T>['cell']): ComputedColumn<T> {
  return { name, cell };
}

/** A column that `kubectl get -o wide` adds. */
export function wideColumn<T extends KubeObject>(name: string, cell: ComputedColumn<T>['cell']): ComputedColumn<T> {
  return { name, cell, priority: 1 };
}

/** The time since an object was created. */
export const AGE_COLUMN: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

/** The time itself, as kubectl shows it of Roles and CustomResourceDefinitions. */
export const CREATED_AT_COLUMN: PrinterColumn = {
  name: 'Created At',
  type: 'string',
  jsonPath: '.metadata.creationTimestamp',
};
