import type { SpecVersionLookup } from './spec-versions.js';

/** What is wrong with an event. */
export interface EventFault {
  /** The attribute that is to blame, as the event's version spells it. */
  readonly attribute?: string | undefined;
  /** One sentence for the producer. */
  readonly message: string;
}

const RFC_3339 =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+[ \t]*(?:;|$)/;
const ATTRIBUTE_NAME = /^[a-z0-9]+$/;

/** The value of a required attribute must be a string that is not empty (CloudEvents 1.0.2, "Required attributes"). */
export function checkRequired(attribute: string, value: unknown): EventFault | undefined {
  if (value === undefined || value === null) {
    return { attribute, message: `The required CloudEvent attribute "${attribute}" is missing.` };
  }
  if (typeof value !== 'string') {
    return { attribute, message: `The CloudEvent attribute "${attribute}" must be a string.` };
  }
  if (value === '') {
    return { attribute, message: `The required CloudEvent attribute "${attribute}" is empty.` };
  }
  return undefined;
}

/** `time` is optional and RFC 3339 (CloudEvents 1.0.2, "time"). */
export function checkTime(attribute: string, value: unknown): EventFault | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && RFC_3339.test(value)) return undefined;
  return {
    attribute,
    message: `The CloudEvent attribute "${attribute}" is not an RFC 3339 timestamp such as 2019-02-12T17:31:00Z.`,
  };
}

/** The media type of the data is optional (RFC 2046). */
export function checkDataContentType(attribute: string, value: unknown): EventFault | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && MEDIA_TYPE.test(value)) return undefined;
  return {
    attribute,
    message: `The CloudEvent attribute "${attribute}" is not a media type such as application/json.`,
  };
}

/** Names are lower-case letters and digits; longer ones than the 20 characters that are recommended are accepted (CloudEvents 1.0.2, "Naming conventions"). */
export function checkName(name: string): EventFault | undefined {
  if (ATTRIBUTE_NAME.test(name)) return undefined;
  return {
    attribute: name,
    message: `The CloudEvent attribute name "${name}" must consist of lower-case letters and digits only.`,
  };
}

/** What to tell a producer whose event has no version that is understood here. */
export function versionFault(lookup: Exclude<SpecVersionLookup, { outcome: 'known' }>): EventFault {
  if (lookup.outcome === 'unknown') {
    return {
      attribute: lookup.attribute,
      message: `The CloudEvent attribute "${lookup.attribute}" has the unsupported value "${lookup.value}"; supported are specversion 1.0, 0.3 and 0.2, and cloudEventsVersion 0.1.`,
    };
  }
  return {
    attribute: 'specversion',
    message:
      'This is no CloudEvent: expected ce-specversion, ce-id, ce-source and ce-type headers (binary mode), or the content type application/cloudevents+json or application/cloudevents-batch+json.',
  };
}
