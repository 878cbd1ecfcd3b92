import type { PrinterColumn, ResourceDefinition } from '../kinds/resource-kind.types.js';
import type { KubeObject } from '../meta/kube-object.types.js';
import { toOpenApiSchema, type OpenApiSchema } from './openapi-schema.js';

/** The CustomResourceDefinition (`apiextensions.k8s.io/v1`) of a kind: what a cluster needs to serve it. */
export function toCustomResourceDefinition(definition: ResourceDefinition): KubeObject {
  const { group, version, kind, plural, singular } = definition;
  const hasLabels = Object.keys(definition.definitionLabels).length > 0;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      ...(hasLabels ? { labels: { ...definition.definitionLabels } } : {}),
    },
    spec: {
      group,
      scope: definition.namespaced ? 'Namespaced' : 'Cluster',
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular,
        ...(definition.shortNames.length > 0 ? { shortNames: [...definition.shortNames] } : {}),
        ...(definition.categories.length > 0 ? { categories: [...definition.categories] } : {}),
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: definition.printerColumns.map(toAdditionalPrinterColumn),
          schema: { openAPIV3Schema: rootSchema(definition) },
        },
      ],
    },
  };
}

/** The server itself knows and validates `metadata`; a definition may say no more of it than that it is an object, and need not require it. */
function rootSchema(definition: ResourceDefinition): OpenApiSchema {
  const { required: _, ...schema } = toOpenApiSchema(definition.schema);
  return { ...schema, properties: { ...(schema['properties'] as OpenApiSchema), metadata: { type: 'object' } } };
}

function toAdditionalPrinterColumn(column: PrinterColumn): OpenApiSchema {
  return {
    name: column.name,
    type: column.type,
    jsonPath: column.jsonPath,
    ...(column.priority === undefined ? {} : { priority: column.priority }),
    ...(column.description === undefined ? {} : { description: column.description }),
  };
}
