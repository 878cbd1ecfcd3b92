import { Type, type Static } from 'typebox';
import { StringMap, Timestamp } from './schema-parts.js';

/** A reference to the object that owns this one; the garbage collector deletes an object whose owners are all gone. */
export const OwnerReference = Type.Object(
  {
    apiVersion: Type.String({ description: 'API version of the owner.' }),
    kind: Type.String({ description: 'Kind of the owner.' }),
    name: Type.String({ description: 'Name of the owner.' }),
    uid: Type.String({ description: 'UID of the owner.' }),
    controller: Type.Optional(Type.Boolean({ description: 'True for the one owner that manages this object.' })),
    blockOwnerDeletion: Type.Optional(
      Type.Boolean({ description: 'With foreground deletion the owner stays until this object is gone.' }),
    ),
  },
  { description: 'The object that owns this one.' },
);
export type OwnerReference = Static<typeof OwnerReference>;

/** Metadata of every Kubernetes object (the fields of `meta/v1 ObjectMeta` that exist today). */
export const ObjectMeta = Type.Object(
  {
    name: Type.Optional(Type.String({ description: 'Name, unique within the namespace and kind.' })),
    generateName: Type.Optional(Type.String({ description: 'Prefix from which the server makes a unique name.' })),
    namespace: Type.Optional(Type.String({ description: 'Namespace of the object; empty for cluster-scoped kinds.' })),
    uid: Type.Optional(Type.String({ description: 'Unique in time and space; set by the server.' })),
    resourceVersion: Type.Optional(
      Type.String({ description: 'Opaque version for optimistic concurrency and watch.' }),
    ),
    generation: Type.Optional(Type.Integer({ description: 'Goes up with each change of the desired state.' })),
    creationTimestamp: Type.Optional(Timestamp),
    deletionTimestamp: Type.Optional(Timestamp),
    deletionGracePeriodSeconds: Type.Optional(Type.Integer({ description: 'Seconds until a graceful deletion ends.' })),
    labels: Type.Optional(StringMap({ description: 'Keys and values by which objects are selected.' })),
    annotations: Type.Optional(StringMap({ description: 'Keys and values that tools attach; not selectable.' })),
    ownerReferences: Type.Optional(Type.Array(OwnerReference, { description: 'The owners of this object.' })),
    finalizers: Type.Optional(
      Type.Array(Type.String(), { description: 'Must be empty before a deleted object leaves the store.' }),
    ),
    selfLink: Type.Optional(Type.String({ description: 'Legacy; ignored.' })),
    managedFields: Type.Optional(
      Type.Array(
        Type.Unsafe<Record<string, unknown>>({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }),
        {
          description: 'Field ownership; kept as sent.',
        },
      ),
    ),
  },
  { description: 'Standard object metadata.' },
);
export type ObjectMeta = Static<typeof ObjectMeta>;
