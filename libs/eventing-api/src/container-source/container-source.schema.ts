import { Type, type Static } from 'typebox';
import { customResource } from '../kinds/custom-resource.schema.js';
import { Conditions } from '../meta/condition.schema.js';
import { ObjectReference } from '../meta/object-reference.schema.js';
import { OpaqueObject } from '../meta/schema-parts.js';

/** One environment variable of a container (`core/v1 EnvVar`). */
export const EnvironmentVariable = Type.Object(
  {
    name: Type.String({ description: 'Name of the variable.' }),
    value: Type.Optional(Type.String({ description: 'Its value.' })),
    valueFrom: Type.Optional(OpaqueObject({ description: 'Where the value comes from (Secret, ConfigMap, field).' })),
  },
  { description: 'One environment variable.' },
);

export const ContainerSourceSpec = Type.Object(
  {
    image: Type.Optional(Type.String({ minLength: 1, description: 'Image of the container that emits events.' })),
    args: Type.Optional(
      Type.Array(Type.String(), { description: 'Arguments; --sink=<url> is appended unless it is among them.' }),
    ),
    env: Type.Optional(Type.Array(EnvironmentVariable, { description: 'Environment; SINK=<url> is appended.' })),
    serviceAccountName: Type.Optional(Type.String({ description: 'ServiceAccount that the container runs as.' })),
    sink: Type.Optional(ObjectReference),
  },
  { description: 'Which container emits events, and where to.' },
);
export type ContainerSourceSpec = Static<typeof ContainerSourceSpec>;

export const SourceStatus = Type.Object(
  {
    observedGeneration: Type.Optional(Type.Integer({ description: 'Generation that this status reflects.' })),
    conditions: Type.Optional(Conditions),
    sinkUri: Type.Optional(Type.String({ description: 'Resolved URL of the sink.' })),
  },
  { description: 'What the source is.' },
);
export type SourceStatus = Static<typeof SourceStatus>;

/** A ContainerSource runs a container that emits CloudEvents to a sink (Knative Eventing Sources v0.4 `containersource_types.go`). */
export const ContainerSource = customResource(
  'A ContainerSource runs a container and tells it, by --sink and SINK, where to send its CloudEvents.',
  ContainerSourceSpec,
  SourceStatus,
);
export type ContainerSource = Static<typeof ContainerSource>;
