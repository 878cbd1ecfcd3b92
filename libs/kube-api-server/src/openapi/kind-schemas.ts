import { ObjectMeta, toOpenApiSchema } from '@millrace/eventing-api';
import type { ResolvedKind, ServedVersion } from '../registry/kind-registry.js';

type Schema = Record<string, unknown>;

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** The schemas of a version's kinds by name (`io.k8s.api.core.v1.Pod`, `dev.knative.eventing.v1alpha1.Channel`), and what they refer to. */
export function schemasOf({ kinds }: ServedVersion): Record<string, Schema> {
  return {
    [OBJECT_META]: toOpenApiSchema(ObjectMeta),
    ...Object.fromEntries(kinds.map((resolved) => [schemaName(resolved), kindSchema(resolved)])),
  };
}

function schemaName({ group, version, kind: { kind } }: ResolvedKind): string {
  const prefix = group === '' ? 'io.k8s.api.core' : group.split('.').reverse().join('.');
  return `${prefix}.${version}.${kind}`;
}

function kindSchema({ group, version, schema: source, kind: { kind } }: ResolvedKind): Schema {
  const { required = [], ...schema } = toOpenApiSchema(source);
  // Every object has these; `kubectl explain` marks as required what the user must think of.
  const toldRequired = (required as string[]).filter((name) => !['apiVersion', 'kind', 'metadata'].includes(name));
  const metadata = {
    description: 'Standard object metadata: name, namespace, labels, annotations, owners, ...',
    // Beside `$ref` nothing else may stand in OpenAPI 3.0.
    allOf: [{ $ref: `#/components/schemas/${OBJECT_META}` }],
  };
  return {
    ...schema,
    ...(toldRequired.length > 0 ? { required: toldRequired } : {}),
    properties: { ...(schema['properties'] as Schema), metadata },
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
  };
}
