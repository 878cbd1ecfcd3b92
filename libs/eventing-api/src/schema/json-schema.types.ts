/** The part of JSON Schema (2020-12, with the Kubernetes extensions) that kinds and drivers write their schemas in. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  /** Keep fields that the schema does not name. */
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

/** The schema of every value of a map (`additionalProperties`, or the one pattern that TypeBox writes for a record); true = anything. */
export function mapValueSchema(schema: JsonSchema): JsonSchema | true | undefined {
  if (schema.additionalProperties !== undefined) {
    return schema.additionalProperties === false ? undefined : schema.additionalProperties;
  }
  return schema.patternProperties === undefined ? undefined : Object.values(schema.patternProperties)[0];
}

/** The values of a union of literals (`Type.Union([Type.Literal('a'), …])`), else undefined. */
export function literalValues(schema: JsonSchema): readonly unknown[] | undefined {
  const branches = schema.anyOf ?? schema.oneOf;
  return branches !== undefined && branches.every((branch) => 'const' in branch)
    ? branches.map((branch) => branch.const)
    : undefined;
}
