import { Type, type Static } from 'typebox';

/**
 * A reference to another object (`core/v1 ObjectReference`). Which of its fields may be set depends on where it stands: a
 * Subscription or source allows only `apiVersion`, `kind` and `name` (`localReferenceFaults`).
 */
export const ObjectReference = Type.Object(
  {
    apiVersion: Type.Optional(
      Type.String({ description: 'API version of the object, as in `v1` or `group/version`.' }),
    ),
    kind: Type.Optional(Type.String({ description: 'Kind of the object.' })),
    name: Type.Optional(Type.String({ description: 'Name of the object.' })),
    namespace: Type.Optional(Type.String({ description: 'Namespace of the object.' })),
    uid: Type.Optional(Type.String({ description: 'UID of the object.' })),
    resourceVersion: Type.Optional(Type.String({ description: 'Version of the object.' })),
    fieldPath: Type.Optional(Type.String({ description: 'Part of the object that is meant.' })),
  },
  { description: 'A reference to another object.' },
);
export type ObjectReference = Static<typeof ObjectReference>;
