import { isUtf8 } from 'node:buffer';
import type { EventTransport } from '@millrace/eventing-api';
import {
  checkDataContentType,
  checkName,
  checkRequired,
  checkTime,
  versionFault,
  type EventFault,
} from './attribute-checks.js';
import type { EventReading } from './read-binary.js';
import { lookUpSpecVersion, type SpecVersion } from './spec-versions.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON document, or why the bytes are none. */
export type JsonReading =
  { readonly outcome: 'json'; readonly value: unknown } | { readonly outcome: 'invalid'; readonly fault: EventFault };

/** Parses a body that claims to be JSON; only UTF-8 is JSON between systems (RFC 8259 section 8.1). */
export function readJson(body: Buffer): JsonReading {
  if (!isUtf8(body)) return { outcome: 'invalid', fault: { message: 'The body is not UTF-8.' } };
  try {
    return { outcome: 'json', value: JSON.parse(body.toString('utf8')) as unknown };
  } catch (error) {
    return { outcome: 'invalid', fault: { message: `The body is not JSON: ${(error as Error).message}.` } };
  }
}

/**
 * Reads an event that is one JSON document (CloudEvents HTTP binding 1.0.2 section 3.2, JSON event format 1.0.2).
 *
 * @param document the parsed body; @param body the same as bytes, which are what is kept
 */
export function readStructured(
  document: unknown,
  headers: readonly string[],
  body: Buffer,
  transport: EventTransport,
): EventReading {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return invalid({ message: 'A structured CloudEvent must be a JSON object.' });
  }
  const event = document as JsonObject;
  const lookup = lookUpSpecVersion(attributeText(event['specversion']), attributeText(event['cloudEventsVersion']));
  if (lookup.outcome !== 'known') return invalid(structuredVersionFault(lookup, event));
  const { spec } = lookup;
  const { names } = spec;
  const fault =
    checkRequired(names.id, event[names.id]) ??
    checkRequired(names.source, event[names.source]) ??
    checkRequired(names.type, event[names.type]) ??
    checkTime(names.time, event[names.time]) ??
    checkDataContentType(spec.dataContentType, event[spec.dataContentType]) ??
    checkMembers(spec, event);
  if (fault) return invalid(fault);
  return {
    outcome: 'event',
    event: {
      specversion: spec.version,
      id: event[names.id] as string,
      source: event[names.source] as string,
      type: event[names.type] as string,
      partitionKey: partitionKeyOf(event),
      headers,
      body,
      mode: 'structured',
      transport,
    },
  };
}

function structuredVersionFault(lookup: Parameters<typeof versionFault>[0], event: JsonObject): EventFault {
  if (lookup.outcome === 'unknown') return versionFault(lookup);
  return checkRequired('specversion', event['specversion']) as EventFault;
}

function checkMembers(spec: SpecVersion, event: JsonObject): EventFault | undefined {
  if (event['data'] !== undefined && event['data_base64'] !== undefined) {
    return { attribute: 'data_base64', message: 'A CloudEvent has "data" or "data_base64", not both.' };
  }
  for (const [name, value] of Object.entries(event)) {
    if (name === 'data' || name === 'data_base64') continue;
    if (spec.strictNames) {
      const fault = checkName(name);
      if (fault) return fault;
    }
    if (spec.scalarValues && typeof value === 'object' && value !== null) {
      return {
        attribute: name,
        message: `The CloudEvent attribute "${name}" must be a string, a number or a boolean.`,
      };
    }
  }
  return undefined;
}

/** A top-level member; CloudEvents 0.1 kept extensions in a member of their own. */
function partitionKeyOf(event: JsonObject): string | undefined {
  const extensions = event['extensions'];
  const nested =
    typeof extensions === 'object' && extensions !== null ? (extensions as JsonObject)['partitionkey'] : undefined;
  return attributeText(event['partitionkey']) || attributeText(nested) || undefined;
}

/** The canonical string form of an attribute value (CloudEvents 1.0.2, "Type system"); undefined where it is none. */
export function attributeText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function invalid(fault: EventFault): EventReading {
  return { outcome: 'invalid', fault };
}
