import { Type } from 'typebox';

interface Described {
  readonly description: string;
}

/** A map of strings, as labels and annotations are (OpenAPI `additionalProperties: string`). */
export const StringMap = (options: Described) =>
  Type.Unsafe<Record<string, string>>({ type: 'object', additionalProperties: { type: 'string' }, ...options });

/** A JSON object whose fields the schema does not know; it is kept as sent. */
export const OpaqueObject = (options: Described) =>
  Type.Unsafe<Record<string, unknown>>({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true, ...options });

/** An RFC 3339 time with second precision, as Kubernetes writes `metav1.Time`. */
export const Timestamp = Type.String({ format: 'date-time', description: 'RFC 3339 time.' });
