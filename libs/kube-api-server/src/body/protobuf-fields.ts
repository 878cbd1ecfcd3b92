import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** How one field of a message is read: its name in JSON, and the reader of one occurrence. */
export interface Field {
  readonly name: string;
  /** A list or a map collects its occurrences; any other field keeps the last. Undefined leaves the field out. */
  readonly collect: 'one' | 'list' | 'map';
  read(reader: BinaryReader): unknown;
}

/** The fields of a message by number. */
export type Message = Readonly<Record<number, Field>>;

type Json = Record<string, unknown>;

/** Go writes absent text as an empty one; JSON leaves it out (`omitempty`). */
export const text = (name: string): Field => ({ name, collect: 'one', read: (reader) => reader.string() || undefined });
export const texts = (name: string): Field => ({ name, collect: 'list', read: (reader) => reader.string() });
export const flag = (name: string): Field => ({ name, collect: 'one', read: (reader) => reader.bool() });
export const textMap = (name: string): Field => mapOf(name, (reader) => reader.string());
/** Values in base64, as JSON has them. */
export const bytesMap = (name: string): Field =>
  mapOf(name, (reader) => Buffer.from(reader.bytes()).toString('base64'));
export const message = (name: string, fields: Message): Field => ({
  name,
  collect: 'one',
  read: (reader) => readMessage(reader.bytes(), fields),
});
export const messages = (name: string, fields: Message): Field => ({ ...message(name, fields), collect: 'list' });

/** Reads a message as its JSON form; fields that the table does not name are skipped. Throws where the bytes are no message. */
export function readMessage(bytes: Uint8Array, fields: Message): Json {
  const reader = new BinaryReader(bytes);
  const result: Json = {};
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const field = fields[number];
    if (field === undefined) reader.skip(wireType, number);
    else addValue(result, field, field.read(reader));
  }
  return result;
}

function addValue(result: Json, { name, collect }: Field, value: unknown): void {
  if (value === undefined) return;
  if (collect === 'list') ((result[name] ??= []) as unknown[]).push(value);
  else if (collect === 'map') result[name] = { ...(result[name] as Json | undefined), ...(value as Json) };
  else result[name] = value;
}

function mapOf(name: string, readValue: (reader: BinaryReader) => string): Field {
  return { name, collect: 'map', read: (reader) => readEntry(reader.bytes(), readValue) };
}

function readEntry(bytes: Uint8Array, readValue: (reader: BinaryReader) => string): Json {
  const reader = new BinaryReader(bytes);
  let key = '';
  let value = '';
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (wireType !== WireType.LengthDelimited) reader.skip(wireType, number);
    else if (number === 1) key = reader.string();
    else value = readValue(reader);
  }
  return Object.fromEntries([[key, value]]);
}
