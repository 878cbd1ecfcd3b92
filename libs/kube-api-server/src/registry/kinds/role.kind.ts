import { OpaqueObject, type AdmissionOutcome, type KubeObject, type ResourceKind } from '@millrace/eventing-api';
import { Type } from 'typebox';
import { AGE_COLUMN, builtInKind, column, CREATED_AT_COLUMN, objectSchema } from '../built-in-kind.js';

const RBAC = { group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: true } as const;

interface RoleBinding extends KubeObject {
  roleRef: { kind: string; name: string };
}

const ROLE: ResourceKind = { ...RBAC, kind: 'Role', plural: 'roles' };
const ROLE_BINDING: ResourceKind<RoleBinding> = { ...RBAC, kind: 'RoleBinding', plural: 'rolebindings' };

function storedOnly<T extends KubeObject>(object: T): AdmissionOutcome<T> {
  const warning = `${object.kind} is stored but not enforced: every client of this API may do everything`;
  return { object, faults: [], warnings: [warning] };
}

export const ROLE_KIND = builtInKind(ROLE, {
  schema: objectSchema('A Role says what may be done. Here it is stored, and nothing enforces it.', {
    rules: Type.Optional(
      Type.Array(OpaqueObject({ description: 'Which verbs on which resources.' }), { description: 'The permissions.' }),
    ),
  }),
  printerColumns: [CREATED_AT_COLUMN],
  admission: storedOnly,
});

export const ROLE_BINDING_KIND = builtInKind<RoleBinding>(ROLE_BINDING, {
  schema: objectSchema('A RoleBinding gives a Role to somebody. Here it is stored, and nothing enforces it.', {
    roleRef: Type.Object(
      {
        apiGroup: Type.Optional(Type.String({ description: 'API group of the role.' })),
        kind: Type.String({ description: 'Role or ClusterRole.' }),
        name: Type.String({ description: 'Name of the role.' }),
      },
      { description: 'The role.' },
    ),
    subjects: Type.Optional(
      Type.Array(OpaqueObject({ description: 'A user, a group or a ServiceAccount.' }), {
        description: 'Who gets the role.',
      }),
    ),
  }),
  printerColumns: [column('Role', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`), AGE_COLUMN],
  admission: storedOnly,
});
