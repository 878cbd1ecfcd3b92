import { isDeepStrictEqual } from 'node:util';
import {
  DEPLOYMENT,
  invalid,
  OpaqueObject,
  required,
  StringMap,
  type AdmissionOutcome,
  type Deployment,
  type FieldFault,
  type KubeObject,
} from '@millrace/eventing-api';
import { Type, type TObject } from 'typebox';
import { labelsText } from '../../table/cell-text.js';
import { AGE_COLUMN, builtInKind, column, objectSchema, wideColumn } from '../built-in-kind.js';
import { PodSpecSchema } from './pod.kind.js';

const PodTemplate = Type.Object(
  {
    metadata: Type.Optional(OpaqueObject({ description: 'Labels and annotations of the Pods.' })),
    spec: Type.Optional(PodSpecSchema),
  },
  { description: 'What each Pod looks like.' },
);

const Selector = Type.Object(
  {
    matchLabels: Type.Optional(StringMap({ description: 'Labels that the Pods must have.' })),
    matchExpressions: Type.Optional(
      Type.Array(OpaqueObject({ description: 'A condition on the labels.' }), { description: 'Stored only.' }),
    ),
  },
  { description: 'Which Pods belong to the Deployment. Immutable.' },
);

const StoredNumber = Type.Optional(Type.Integer({ description: 'Stored only.' }));

const SPEC = {
  replicas: Type.Optional(Type.Integer({ minimum: 0, description: 'How many Pods should run. Default 1.' })),
  template: PodTemplate,
  strategy: Type.Optional(OpaqueObject({ description: 'How Pods are replaced; the local runner always recreates.' })),
  minReadySeconds: StoredNumber,
  revisionHistoryLimit: StoredNumber,
  progressDeadlineSeconds: StoredNumber,
  paused: Type.Optional(Type.Boolean({ description: 'Stored only.' })),
};
const SPEC_DESCRIPTION = { description: 'What should run, and how often.' };

const schemaWith = (spec: TObject) =>
  objectSchema('A Deployment keeps a number of equal Pods running.', {
    spec: Type.Optional(spec),
    status: Type.Optional(OpaqueObject({ description: 'How many Pods run, and conditions.' })),
  });

const textOfContainers = ({ spec }: Deployment, field: 'name' | 'image') =>
  (spec?.template.spec?.containers ?? []).map((container) => container[field]).join(',');

export const DEPLOYMENT_KIND = builtInKind<Deployment>(DEPLOYMENT, {
  shortNames: ['deploy'],
  categories: ['all'],
  subresources: ['status', 'scale'],
  hasGeneration: true,
  schema: schemaWith(Type.Object({ ...SPEC, selector: Selector }, SPEC_DESCRIPTION)),
  aliases: [
    {
      // The group and version that manifests of 2019 name.
      group: 'extensions',
      version: 'v1beta1',
      toStored: withSelector,
      schema: schemaWith(Type.Object({ ...SPEC, selector: Type.Optional(Selector) }, SPEC_DESCRIPTION)),
    },
  ],
  printerColumns: [
    column('Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 1}`),
    column('Up-to-date', ({ status }) => status?.updatedReplicas ?? 0),
    column('Available', ({ status }) => status?.availableReplicas ?? 0),
    AGE_COLUMN,
    wideColumn('Containers', (deployment) => textOfContainers(deployment, 'name')),
    wideColumn('Images', (deployment) => textOfContainers(deployment, 'image')),
    wideColumn('Selector', ({ spec }) => labelsText(spec?.selector.matchLabels)),
  ],
  admission: admitDeployment,
});

function admitDeployment(deployment: Deployment, previous: Deployment | undefined): AdmissionOutcome<Deployment> {
  const { spec } = deployment;
  if (spec === undefined) return { object: deployment, faults: [required('spec', '')], warnings: [] };
  const object: Deployment = { ...deployment, spec: { ...spec, replicas: spec.replicas ?? 1 } };
  return { object, faults: selectorFaults(spec, previous?.spec), warnings: [] };
}

/** The rules of `apps/v1`: a selector that selects the Deployment's own Pods and never changes. */
function selectorFaults(
  { selector, template }: NonNullable<Deployment['spec']>,
  previous: Deployment['spec'],
): FieldFault[] {
  if (previous !== undefined && !isDeepStrictEqual(previous.selector, selector)) {
    return [invalid('spec.selector', selector, 'field is immutable')];
  }
  const labels = template.metadata?.labels ?? {};
  const selected = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  if (selected) return [];
  return [invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
}

/** `extensions/v1beta1` took the labels of the template where no selector was given. */
function withSelector(object: KubeObject): KubeObject {
  const { spec } = object as Deployment;
  if (spec === undefined || (spec.selector as unknown) !== undefined) return object;
  return { ...object, spec: { ...spec, selector: { matchLabels: spec.template.metadata?.labels ?? {} } } };
}
