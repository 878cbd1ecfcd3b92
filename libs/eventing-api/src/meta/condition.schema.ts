import { Type, type Static } from 'typebox';
import { Timestamp } from './schema-parts.js';

/** One observed condition of an object (knative/pkg `conditions_types.go`; Knative specs, "error-signalling"). */
export const Condition = Type.Object(
  {
    type: Type.String({ description: 'Name of the condition, in CamelCase.' }),
    status: Type.Enum(['True', 'False', 'Unknown'], { description: 'True, False or Unknown.' }),
    severity: Type.Optional(
      Type.Enum(['', 'Warning', 'Info'], { description: 'Empty means that a False condition is an error.' }),
    ),
    lastTransitionTime: Type.Optional(Timestamp),
    reason: Type.Optional(Type.String({ description: 'One CamelCase word; why the condition is as it is.' })),
    message: Type.Optional(
      Type.String({ description: 'A sentence for people; says what to do where something must be done.' }),
    ),
  },
  { description: 'One observed condition.' },
);
export type Condition = Static<typeof Condition>;

/** The list of conditions of an object, one per type, sorted by type. */
export const Conditions = Type.Array(Condition, {
  description: 'Latest observations of the state of the object, one per type.',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
});

/** The address that an Addressable object shows in its status. */
export const Address = Type.Object(
  {
    hostname: Type.Optional(
      Type.String({ description: 'DNS name of the Service, without scheme, port or path (as in 2019).' }),
    ),
    url: Type.Optional(Type.String({ description: 'Absolute URL that a producer can really reach.' })),
  },
  { description: 'Where the object takes in events.' },
);
export type Address = Static<typeof Address>;
