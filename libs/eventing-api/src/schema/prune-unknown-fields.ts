import type { TSchema } from 'typebox';
import { childPath } from '../admission/faults.js';
import { mapValueSchema, type JsonSchema } from './json-schema.types.js';

/** A value without the fields that its schema does not know. */
export interface PrunedValue {
  readonly value: unknown;
  /** Paths of what was left out (`spec.subscribable.subscribers[0].colour`), for `fieldValidation=Warn` and `Strict`. */
  readonly unknownPaths: string[];
}

/**
 * Leaves out what the schema does not know, by the rules for structural schemas (Kubernetes documentation, "Field pruning"): unknown fields stay
 * under `x-kubernetes-preserve-unknown-fields`, every key stays under `additionalProperties`, and known fields are pruned inside either. The
 * argument is not changed. Faults of type are not looked at here.
 */
export function pruneUnknownFields(schema: TSchema, value: unknown): PrunedValue {
  const unknownPaths: string[] = [];
  return { value: prune(schema, value, '', unknownPaths), unknownPaths };
}

function prune(schema: JsonSchema, value: unknown, path: string, unknownPaths: string[]): unknown {
  if (Array.isArray(value)) {
    const items = schema.items;
    return items === undefined
      ? value
      : value.map((item, index) => prune(items, item, childPath(path, index), unknownPaths));
  }
  if (typeof value !== 'object' || value === null || isOpen(schema) || !takesObjects(schema)) {
    return value;
  }
  // Object.fromEntries defines each key as it is; assignment would run the setter of `__proto__`.
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]): [string, unknown][] => {
      const fieldPath = childPath(path, key);
      const fieldSchema = schemaOfField(schema, key);
      if (fieldSchema === undefined) {
        unknownPaths.push(fieldPath);
        return [];
      }
      return [[key, fieldSchema === true ? field : prune(fieldSchema, field, fieldPath, unknownPaths)]];
    }),
  );
}

/** The schema of one field; true = keep as it is, undefined = unknown. */
function schemaOfField(schema: JsonSchema, key: string): JsonSchema | true | undefined {
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, key)) {
    return schema.properties[key];
  }
  return mapValueSchema(schema) ?? (schema['x-kubernetes-preserve-unknown-fields'] === true ? true : undefined);
}

/** An object in the place of a list or a text is no matter of unknown fields: its type is at fault. */
function takesObjects({ type }: JsonSchema): boolean {
  return type === undefined || type === 'object';
}

/** Unions say nothing about fields that can be told without trying them; their values stay as they are. */
function isOpen(schema: JsonSchema): boolean {
  return schema.properties === undefined && (schema.anyOf ?? schema.oneOf ?? schema.allOf) !== undefined;
}
