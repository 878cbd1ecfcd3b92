import type { StoredEvent } from '@millrace/eventing-api';
import { ATTRIBUTE_HEADER_PREFIX } from './header-names.js';
import { encodeHeaderValue } from './header-value.js';
import { readJson } from './read-structured.js';
import { splitJson } from './split-json.js';

/** Extension attributes by name (lower-case letters and digits). A number is an integer; undefined takes the attribute away. */
export type AttributeValues = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * The event with these extension attributes, in place of those of the same names that it had; everything else of it stays as it is, byte for byte. In
 * binary mode they are headers. In structured mode they become members of the JSON document; where the bytes are none, which nothing that came in through
 * an intake can be, they go beside it as headers, which readers of structured events ignore. Never throws, whatever the bytes are.
 *
 * Not for attributes that a StoredEvent has fields for (`id`, `source`, `type`, `partitionkey`).
 */
export function withAttributes(event: StoredEvent, attributes: AttributeValues): StoredEvent {
  const body = event.mode === 'structured' ? withMembersOf(event, attributes) : undefined;
  return body ? { ...event, body } : { ...event, headers: withHeaders(event, attributes) };
}

function withHeaders({ headers, specversion }: StoredEvent, attributes: AttributeValues): string[] {
  // An extension is `ce-x-<name>` in CloudEvents 0.1.
  const prefix = specversion === '0.1' ? `${ATTRIBUTE_HEADER_PREFIX}x-` : ATTRIBUTE_HEADER_PREFIX;
  const added = Object.entries(attributes).map(([name, value]) => [prefix + name, value] as const);
  const replaced = new Set(added.map(([header]) => header));
  const kept = headers.filter((_, index) => !replaced.has(headers[index & ~1] as string));
  for (const [header, value] of added) if (value !== undefined) kept.push(header, encodeHeaderValue(String(value)));
  return kept;
}

function withMembersOf({ body, specversion }: StoredEvent, attributes: AttributeValues): Buffer | undefined {
  const reading = readJson(body);
  if (reading.outcome === 'invalid' || !isObject(reading.value)) return undefined;
  const nests = specversion === '0.1' && isObject(reading.value['extensions']);
  return nests ? withNested(body, 'extensions', attributes) : withMembers(body, attributes);
}

/** CloudEvents 0.1 keeps extensions in a member of their own. */
function withNested(document: Buffer, name: string, attributes: AttributeValues): Buffer {
  const members = splitJson(document).map((member) => {
    if (memberName(member) !== name) return member;
    const value = member.subarray(member.indexOf(COLON, nameEnd(member)) + 1);
    return Buffer.concat([jsonBytes(name), Buffer.from([COLON]), withMembers(value, attributes)]);
  });
  return objectOf(members);
}

/** @param object the bytes of a JSON object */
function withMembers(object: Buffer, attributes: AttributeValues): Buffer {
  const kept = splitJson(object).filter((member) => {
    const name = memberName(member);
    return name !== undefined && !Object.hasOwn(attributes, name);
  });
  const added = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => Buffer.concat([jsonBytes(name), Buffer.from([COLON]), jsonBytes(value)]));
  return objectOf([...kept, ...added]);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** Undefined where there is no member: an empty object has one part that is white space. */
function memberName(member: Buffer): string | undefined {
  const start = member.indexOf(QUOTE);
  return start < 0 ? undefined : (JSON.parse(member.toString('utf8', start, nameEnd(member))) as string);
}

/** Index after the quote that ends the name of a member. */
function nameEnd(member: Buffer): number {
  let index = member.indexOf(QUOTE) + 1;
  while (member[index] !== QUOTE) index += member[index] === BACKSLASH ? 2 : 1;
  return index + 1;
}

function objectOf(members: readonly Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from('{'),
    ...members.flatMap((member, index) => (index === 0 ? [member] : [Buffer.from(','), member])),
    Buffer.from('}'),
  ]);
}

function jsonBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
