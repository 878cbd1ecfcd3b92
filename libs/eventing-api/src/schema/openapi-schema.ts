import type { TSchema } from 'typebox';
import { literalValues, mapValueSchema, type JsonSchema } from './json-schema.types.js';

/** A schema as an OpenAPI v3 document or a CustomResourceDefinition holds it. */
export type OpenApiSchema = Record<string, unknown>;

/** Keywords that mean the same in OpenAPI 3.0 and are copied as they are. */
const COPIED = [
  'description',
  'title',
  'type',
  'format',
  'default',
  'enum',
  'required',
  'minimum',
  'maximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
] as const;

/**
 * The schema as structural OpenAPI v3, as CustomResourceDefinitions demand it (Kubernetes documentation, "Specifying a structural schema"):
 * every value has a type, unions of literals become `enum`, records become `additionalProperties`, a null branch becomes `nullable`, and `x-kubernetes-*`
 * extensions stay.
 */
export function toOpenApiSchema(schema: TSchema): OpenApiSchema {
  return convert(schema);
}

function convert(schema: JsonSchema): OpenApiSchema {
  const nullable = withoutNull(schema);
  if (nullable !== undefined) {
    return { ...convert(nullable), nullable: true };
  }
  const literals = 'const' in schema ? [schema.const] : literalValues(schema);
  const values = schema.enum ?? literals;
  return {
    ...copied(schema),
    ...(values === undefined ? {} : { enum: [...values], type: schema.type ?? typeOf(values[0]) }),
    ...children(schema, literals !== undefined),
    ...(schema.exclusiveMinimum === undefined ? {} : { minimum: schema.exclusiveMinimum, exclusiveMinimum: true }),
    ...(schema.exclusiveMaximum === undefined ? {} : { maximum: schema.exclusiveMaximum, exclusiveMaximum: true }),
    ...(schema.examples?.[0] === undefined ? {} : { example: schema.examples[0] }),
  };
}

function copied(schema: JsonSchema): OpenApiSchema {
  return Object.fromEntries(
    Object.entries(schema).filter(
      ([keyword]) => keyword.startsWith('x-kubernetes-') || COPIED.some((known) => known === keyword),
    ),
  );
}

function children(schema: JsonSchema, isEnumeration: boolean): OpenApiSchema {
  const values = mapValueSchema(schema);
  return {
    ...(schema.properties === undefined ? {} : { properties: convertEach(schema.properties) }),
    ...(schema.items === undefined ? {} : { items: convert(schema.items) }),
    ...(values === undefined ? {} : { additionalProperties: values === true ? true : convert(values) }),
    ...(isEnumeration ? {} : unions(schema)),
  };
}

function convertEach(properties: Readonly<Record<string, JsonSchema>>): OpenApiSchema {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, convert(property)]));
}

function unions(schema: JsonSchema): OpenApiSchema {
  return Object.fromEntries(
    (['anyOf', 'oneOf', 'allOf'] as const).flatMap((keyword) => {
      const branches = schema[keyword];
      return branches === undefined ? [] : [[keyword, branches.map(convert)]];
    }),
  );
}

/** The schema without its null branch, where it has one: OpenAPI 3.0 says `nullable` instead. */
function withoutNull(schema: JsonSchema): JsonSchema | undefined {
  const branches = schema.anyOf?.filter(({ type }) => type !== 'null');
  if (branches === undefined || branches.length === schema.anyOf?.length) {
    return undefined;
  }
  const { anyOf: _, ...rest } = schema;
  return branches.length === 1 ? { ...branches[0], ...rest } : { ...rest, anyOf: branches };
}

function typeOf(value: unknown): string {
  return Number.isInteger(value) ? 'integer' : typeof value;
}
