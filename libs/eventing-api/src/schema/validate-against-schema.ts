import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { Compile, type Validator } from 'typebox/schema';
import { Settings } from 'typebox/system';
import { childPath, forbidden, invalid, notSupported, required } from '../admission/faults.js';
import type { FieldFault } from '../admission/admission.types.js';
import { DURATION_PATTERN, DURATION_RULE } from '../delivery/duration.js';
import { literalValues, type JsonSchema } from './json-schema.types.js';

/** TypeBox stops at 8 by default; people want to see every fault of a manifest at once. */
const MAX_ERRORS = 200;

const validators = new WeakMap<TSchema, Validator>();

/**
 * Every fault of `value` against a schema, in the words of Kubernetes, at most one a field; empty where the value is valid. Unknown fields are faults only where
 * the schema has `additionalProperties: false`. `rootPath` is the path of `value` itself (`spec.arguments`). The schema is compiled once.
 */
export function validateAgainstSchema(schema: TSchema, value: unknown, rootPath = ''): FieldFault[] {
  const validator = validatorOf(schema);
  if (validator.Check(value)) {
    return [];
  }
  const faults = errorsOf(validator, value).flatMap((error) => faultsOf(error, schema, value, rootPath));
  return firstOfEachField(faults);
}

function validatorOf(schema: TSchema): Validator {
  const known = validators.get(schema);
  if (known !== undefined) {
    return known;
  }
  const validator = Compile(schema);
  validators.set(schema, validator);
  return validator;
}

function errorsOf(validator: Validator, value: unknown): TLocalizedValidationError[] {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: MAX_ERRORS });
  try {
    return validator.Errors(value)[1];
  } finally {
    Settings.Set({ maxErrors });
  }
}

function firstOfEachField(faults: readonly FieldFault[]): FieldFault[] {
  const byField = new Map<string, FieldFault>();
  for (const fault of faults) {
    if (!byField.has(fault.field)) {
      byField.set(fault.field, fault);
    }
  }
  return [...byField.values()];
}

function faultsOf(error: TLocalizedValidationError, schema: JsonSchema, root: unknown, rootPath: string): FieldFault[] {
  // What the branches of a union have to say contradicts itself; the error of the union itself follows and says it for all of them.
  if (/\/(?:anyOf|oneOf)\/\d+/.test(error.schemaPath)) {
    return [];
  }
  const { field, value } = locate(root, rootPath, error.instancePath);
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map((property) => required(childPath(field, property), ''));
    case 'additionalProperties':
      return error.params.additionalProperties.map((property) =>
        forbidden(childPath(field, property), `unknown field${knownFields(schemaAt(schema, error.schemaPath))}`),
      );
    case 'boolean':
      // Said by `additionalProperties` of the parent, with the name of the field.
      return [];
    case 'enum':
      return [notSupported(field, value, error.params.allowedValues)];
    case 'const':
      return [notSupported(field, value, [error.params.allowedValue])];
    case 'anyOf':
    case 'oneOf': {
      const values = literalValues(schemaAt(schema, error.schemaPath) ?? {});
      return [
        values === undefined
          ? invalid(field, value, 'must match one of the forms that are allowed here')
          : notSupported(field, value, values),
      ];
    }
    default:
      return [invalid(field, value, requirementOf(error))];
  }
}

/** The requirement that a value misses, as the rest of the sentence `Invalid value: x: …`. */
function requirementOf(error: TLocalizedValidationError): string {
  switch (error.keyword) {
    case 'type':
      return `must be of type ${[error.params.type].flat().join(' or ')}`;
    case 'minimum':
      return `must be greater than or equal to ${error.params.limit}`;
    case 'maximum':
      return `must be less than or equal to ${error.params.limit}`;
    case 'exclusiveMinimum':
      return `must be greater than ${error.params.limit}`;
    case 'exclusiveMaximum':
      return `must be less than ${error.params.limit}`;
    case 'multipleOf':
      return `must be a multiple of ${error.params.multipleOf}`;
    case 'minLength':
      return error.params.limit === 1 ? 'must not be empty' : `must have at least ${error.params.limit} characters`;
    case 'maxLength':
      return `must have at most ${error.params.limit} characters`;
    case 'minItems':
      return `must have at least ${error.params.limit} items`;
    case 'maxItems':
      return `must have at most ${error.params.limit} items`;
    case 'uniqueItems':
      return 'must not have the same item twice';
    case 'pattern':
      return error.params.pattern === DURATION_PATTERN
        ? DURATION_RULE
        : `must match the pattern ${String(error.params.pattern)}`;
    case 'format':
      return error.params.format === 'date-time'
        ? 'must be a time as in 2019-02-20T08:00:00Z (RFC 3339)'
        : `must be of the format ${error.params.format}`;
    default:
      return error.message;
  }
}

function knownFields(schema: JsonSchema | undefined): string {
  const names = Object.keys(schema?.properties ?? {});
  return names.length === 0 ? '' : `: known fields: ${names.map((name) => JSON.stringify(name)).join(', ')}`;
}

/** Follows a JSON pointer into the value; arrays are stepped into by number, so that their steps print as `[0]`. */
function locate(root: unknown, rootPath: string, pointer: string): { field: string; value: unknown } {
  return pointerSteps(pointer).reduce(
    ({ field, value }, step) => ({
      field: childPath(field, Array.isArray(value) ? Number(step) : step),
      value: (value as Record<string, unknown> | undefined)?.[step],
    }),
    { field: rootPath, value: root },
  );
}

/** Follows the fragment of a schema (`#/properties/spec`). */
function schemaAt(schema: JsonSchema, fragment: string): JsonSchema | undefined {
  return pointerSteps(fragment.slice(1)).reduce<unknown>(
    (at, step) => (at as Record<string, unknown> | undefined)?.[step],
    schema,
  ) as JsonSchema | undefined;
}

function pointerSteps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
