import { ObjectReference, OpaqueObject, type KubeObject, type ResourceKind } from '@millrace/eventing-api';
import { Type } from 'typebox';
import { AGE_COLUMN, builtInKind, column, objectSchema } from '../built-in-kind.js';

interface ServiceAccount extends KubeObject {
  secrets?: unknown[];
}

const SERVICE_ACCOUNT: ResourceKind<ServiceAccount> = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
};

export const SERVICE_ACCOUNT_KIND = builtInKind<ServiceAccount>(SERVICE_ACCOUNT, {
  shortNames: ['sa'],
  schema: objectSchema('A ServiceAccount is the identity of a process. Here it is stored only.', {
    secrets: Type.Optional(Type.Array(ObjectReference, { description: 'Secrets that Pods of this account may use.' })),
    imagePullSecrets: Type.Optional(
      Type.Array(OpaqueObject({ description: 'A Secret, by name.' }), { description: 'Secrets for pulling images.' }),
    ),
    automountServiceAccountToken: Type.Optional(Type.Boolean({ description: 'Unused here.' })),
  }),
  printerColumns: [column('Secrets', ({ secrets }) => secrets?.length ?? 0), AGE_COLUMN],
});
