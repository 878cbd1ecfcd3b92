import { OpaqueObject, type ResourceKind } from '@millrace/eventing-api';
import { Type } from 'typebox';
import { builtInKind, CREATED_AT_COLUMN, objectSchema } from '../built-in-kind.js';

export const CUSTOM_RESOURCE_DEFINITION: ResourceKind = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

/** Read-only: this API serves a fixed set of kinds. */
export const CUSTOM_RESOURCE_DEFINITION_KIND = builtInKind(CUSTOM_RESOURCE_DEFINITION, {
  shortNames: ['crd', 'crds'],
  verbs: ['get', 'list', 'watch'],
  hasGeneration: true,
  schema: objectSchema('A CustomResourceDefinition describes a kind. Here it is read-only: the kinds are fixed.', {
    spec: Type.Optional(OpaqueObject({ description: 'Names, scope, versions, schemas and columns of the kind.' })),
    status: Type.Optional(OpaqueObject({ description: 'That the kind is served.' })),
  }),
  printerColumns: [CREATED_AT_COLUMN],
});
