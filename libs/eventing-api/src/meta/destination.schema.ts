import { Type, type Static } from 'typebox';
import { ObjectReference } from './object-reference.schema.js';

/** Where events are sent (fields of Knative's `Destination`, knative/pkg `destination.go`): exactly one of `ref` and `uri`. */
export const Destination = Type.Object(
  {
    ref: Type.Optional(ObjectReference),
    uri: Type.Optional(Type.String({ description: 'Absolute http(s) URL.' })),
  },
  {
    description:
      'Where events are sent: exactly one of ref (a Service, a Channel, any object with an address) and uri.',
  },
);
export type Destination = Static<typeof Destination>;
