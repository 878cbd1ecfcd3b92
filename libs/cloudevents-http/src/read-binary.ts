import type { EventTransport, StoredEvent } from '@millrace/eventing-api';
import type { CarriedHeaders } from './carried-headers.js';
import {
  checkDataContentType,
  checkName,
  checkRequired,
  checkTime,
  versionFault,
  type EventFault,
} from './attribute-checks.js';
import { ATTRIBUTE_HEADER_PREFIX } from './header-names.js';
import { decodeHeaderValue } from './header-value.js';
import { lookUpSpecVersion } from './spec-versions.js';

/** One event, or why there is none. */
export type EventReading =
  | { readonly outcome: 'event'; readonly event: StoredEvent }
  | { readonly outcome: 'invalid'; readonly fault: EventFault };

/** Reads an event whose attributes are headers and whose data is the body (CloudEvents HTTP binding 1.0.2 section 3.1). */
export function readBinary(carried: CarriedHeaders, body: Buffer, transport: EventTransport): EventReading {
  const { attributes } = carried;
  const lookup = lookUpSpecVersion(decoded(attributes, 'ce-specversion'), decoded(attributes, 'ce-cloudeventsversion'));
  if (lookup.outcome !== 'known') return { outcome: 'invalid', fault: versionFault(lookup) };
  const { version, names, headers, strictNames } = lookup.spec;
  const id = decoded(attributes, headers.id);
  const source = decoded(attributes, headers.source);
  const type = decoded(attributes, headers.type);
  const fault =
    checkRequired(names.id, id) ??
    checkRequired(names.source, source) ??
    checkRequired(names.type, type) ??
    checkTime(names.time, decoded(attributes, headers.time)) ??
    checkDataContentType('datacontenttype', carried.contentType) ??
    (strictNames ? checkNames(attributes.keys()) : undefined);
  if (fault) return { outcome: 'invalid', fault };
  return {
    outcome: 'event',
    event: {
      specversion: version,
      id: id as string,
      source: source as string,
      type: type as string,
      // An extension is `ce-x-<name>` in CloudEvents 0.1.
      partitionKey: decoded(attributes, 'ce-partitionkey') || decoded(attributes, 'ce-x-partitionkey') || undefined,
      headers: carried.headers,
      body,
      mode: 'binary',
      transport,
    },
  };
}

function decoded(attributes: ReadonlyMap<string, string>, header: string): string | undefined {
  const raw = attributes.get(header);
  return raw === undefined ? undefined : decodeHeaderValue(raw);
}

function checkNames(headers: Iterable<string>): EventFault | undefined {
  for (const header of headers) {
    const fault = checkName(header.slice(ATTRIBUTE_HEADER_PREFIX.length));
    if (fault) return fault;
  }
  return undefined;
}
