import type { StoredEvent } from '@millrace/eventing-api';
import { ATTRIBUTE_HEADER_PREFIX, CONTENT_TYPE_HEADER } from './header-names.js';
import { decodeHeaderValue } from './header-value.js';
import { attributeText, readJson } from './read-structured.js';
import { SPEC_VERSIONS, type SpecVersion } from './spec-versions.js';

/** Reads one attribute of an event in its canonical string form; undefined where the event has none, or one that is no string, number or boolean. */
export type AttributeReader = (event: StoredEvent) => string | undefined;

/** How one version of the specification writes an attribute. */
interface Spelling {
  /** In a structured document, in lower case. */
  readonly member: string;
  /** In binary mode. */
  readonly header: string;
  /** In binary mode, where it may have another name as well. */
  readonly otherHeader?: string;
}

/** What every event carries along already read. */
const READ_BEFORE: Readonly<Record<string, AttributeReader>> = {
  id: (event) => event.id,
  source: (event) => event.source,
  type: (event) => event.type,
  specversion: (event) => event.specversion,
  partitionkey: (event) => event.partitionKey,
};

/** Attributes by event: however many ask, a document is parsed once. */
const documents = new WeakMap<StoredEvent, ReadonlyMap<string, string>>();

/**
 * Makes the reader of an attribute that is named as in CloudEvents 1.0, whatever the version of the event calls it (`type` is `eventType` in 0.1,
 * `dataschema` is `schemaurl` up to 0.3). Values of headers are decoded (CloudEvents HTTP binding 1.0.2 section 3.1.3.2); a structured document is parsed at
 * the first question that the fields of the event do not answer.
 *
 * @param name lower case
 */
export function attributeReader(name: string): AttributeReader {
  if (Object.hasOwn(READ_BEFORE, name)) return READ_BEFORE[name] as AttributeReader;
  const spellings = new Map(SPEC_VERSIONS.map((spec) => [spec.version, spellingIn(spec, name)]));
  return (event) => {
    const spelling = spellings.get(event.specversion);
    if (!spelling) return undefined;
    return event.mode === 'structured' ? documentOf(event).get(spelling.member) : fromHeaders(event, spelling);
  };
}

function spellingIn(spec: SpecVersion, name: string): Spelling {
  const { time } = spec.names;
  const renamed = { time, datacontenttype: spec.dataContentType, dataschema: spec.dataSchema };
  const member = (Object.hasOwn(renamed, name) ? renamed[name as keyof typeof renamed] : name).toLowerCase();
  if (name === 'datacontenttype') return { member, header: CONTENT_TYPE_HEADER };
  const header = `${ATTRIBUTE_HEADER_PREFIX}${member}`;
  // An extension is `ce-x-<name>` in CloudEvents 0.1.
  return spec.version === '0.1'
    ? { member, header, otherHeader: `${ATTRIBUTE_HEADER_PREFIX}x-${member}` }
    : { member, header };
}

function fromHeaders({ headers }: StoredEvent, { header, otherHeader }: Spelling): string | undefined {
  const raw = valueOf(headers, header) ?? (otherHeader === undefined ? undefined : valueOf(headers, otherHeader));
  return raw === undefined || header === CONTENT_TYPE_HEADER ? raw : decodeHeaderValue(raw);
}

function valueOf(headers: readonly string[], name: string): string | undefined {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] === name) return headers[index + 1];
  }
  return undefined;
}

function documentOf(event: StoredEvent): ReadonlyMap<string, string> {
  let attributes = documents.get(event);
  if (!attributes) {
    attributes = parseAttributes(event);
    documents.set(event, attributes);
  }
  return attributes;
}

/** Whoever took the event in has checked the document; one that is none all the same has no attributes. */
function parseAttributes({ body, specversion }: StoredEvent): ReadonlyMap<string, string> {
  const reading = readJson(body);
  const document = reading.outcome === 'json' ? membersOf(reading.value) : [];
  const extensions = specversion === '0.1' ? document.find(([name]) => name === 'extensions')?.[1] : undefined;
  const attributes = new Map<string, string>();
  for (const [name, value] of [...membersOf(extensions), ...document]) {
    const text = name === 'data' || name === 'data_base64' ? undefined : attributeText(value);
    if (text !== undefined) attributes.set(name.toLowerCase(), text);
  }
  return attributes;
}

function membersOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
