import { NAMESPACE, OpaqueObject, type Namespace } from '@millrace/eventing-api';
import { Type } from 'typebox';
import { AGE_COLUMN, builtInKind, column, objectSchema } from '../built-in-kind.js';

/** The label by which a namespace can be selected (Kubernetes 1.21 NamespaceDefaultLabelName). */
const NAME_LABEL = 'kubernetes.io/metadata.name';

export const NAMESPACE_KIND = builtInKind<Namespace>(NAMESPACE, {
  shortNames: ['ns'],
  subresources: ['status'],
  schema: objectSchema('A Namespace is a scope for names.', {
    spec: Type.Optional(OpaqueObject({ description: 'Unused here.' })),
    status: Type.Optional(
      OpaqueObject({ description: 'phase: Active, or Terminating while its objects are being deleted.' }),
    ),
  }),
  printerColumns: [column('Status', ({ status }) => status?.phase), AGE_COLUMN],
  admission: (object) => ({
    object: {
      ...object,
      metadata: {
        ...object.metadata,
        labels: { ...object.metadata.labels, [NAME_LABEL]: object.metadata.name ?? '' },
      },
      status: { phase: 'Active', ...object.status },
    },
    faults: [],
    warnings: [],
  }),
});
