import { OpaqueObject, POD, type Pod } from '@millrace/eventing-api';
import { Type } from 'typebox';
import { orNone } from '../../table/cell-text.js';
import { AGE_COLUMN, builtInKind, column, objectSchema, wideColumn } from '../built-in-kind.js';
import { podRestarts, podStatus } from './pod-cells.js';

const FURTHER_FIELDS = { 'x-kubernetes-preserve-unknown-fields': true };

const EnvironmentVariable = Type.Object(
  {
    name: Type.String({ description: 'Name of the variable.' }),
    value: Type.Optional(Type.String({ description: 'Value of the variable.' })),
  },
  { description: 'An environment variable.', ...FURTHER_FIELDS },
);

const Container = Type.Object(
  {
    name: Type.String({ description: 'Name of the container within the Pod.' }),
    image: Type.Optional(
      Type.String({ description: 'Image to run. The local runner knows the images of Millrace only.' }),
    ),
    command: Type.Optional(Type.Array(Type.String(), { description: "Replaces the image's entry point." })),
    args: Type.Optional(Type.Array(Type.String(), { description: 'Arguments of the process.' })),
    env: Type.Optional(Type.Array(EnvironmentVariable, { description: 'Environment of the process.' })),
    ports: Type.Optional(
      Type.Array(OpaqueObject({ description: 'name, containerPort and protocol.' }), {
        description: 'Ports that the process listens on.',
      }),
    ),
  },
  { description: 'A process of the Pod. Further fields are kept as sent.', ...FURTHER_FIELDS },
);

/** What the local runner reads of a Pod, described; the rest is kept as sent. */
export const PodSpecSchema = Type.Object(
  {
    containers: Type.Array(Container, { description: 'The processes of the Pod.' }),
    serviceAccountName: Type.Optional(Type.String({ description: 'Identity of the Pod; stored only.' })),
    restartPolicy: Type.Optional(Type.String({ description: 'Always, OnFailure or Never. Default Always.' })),
  },
  { description: 'What the Pod should run. Further fields are kept as sent.', ...FURTHER_FIELDS },
);

export const POD_KIND = builtInKind<Pod>(POD, {
  shortNames: ['po'],
  categories: ['all'],
  subresources: ['status', 'log'],
  schema: objectSchema('A Pod is a running copy of something; the local runner writes it.', {
    spec: Type.Optional(PodSpecSchema),
    status: Type.Optional(OpaqueObject({ description: 'phase, containerStatuses, conditions and addresses.' })),
  }),
  selectableFields: ['status.phase'],
  printerColumns: [
    column('Ready', ({ spec, status }) => {
      const ready = (status?.containerStatuses ?? []).filter((container) => container.ready);
      return `${ready.length}/${spec?.containers.length ?? 0}`;
    }),
    column('Status', podStatus),
    column('Restarts', podRestarts),
    AGE_COLUMN,
    wideColumn('IP', ({ status }) => orNone(status?.podIP)),
    wideColumn('Node', ({ spec }) => orNone(spec?.nodeName)),
  ],
  admission: (object) => ({
    object: { ...object, status: { phase: 'Pending', ...object.status } },
    faults: [],
    warnings: [],
  }),
});
