import { createRequire } from 'node:module';
import type { Broker, Cluster } from 'kafkajs';
import { isUnknownTopic } from './kafka-refusals.js';

/** What tells a topic from a former one of its name, as Kafka writes it; empty where the broker does not say (before Kafka 2.8). */
export type TopicId = string;

/** Metadata, in the first version that tells the identity of a topic; kafkajs knows none that does. */
const METADATA = 3;
const FIRST_VERSION_WITH_TOPIC_ID = 10;
const NO_ERROR = 0;
const UNKNOWN_TOPIC_OR_PARTITION = 3;
const ID_BYTES = 16;
const NO_ID = Buffer.alloc(ID_BYTES);
const NOTE = 'topic-id:';

interface Encoder {
  writeBuffer(buffer: Buffer): Encoder;
  writeBoolean(value: boolean): Encoder;
  writeUVarIntArray(items: readonly Encoder[]): Encoder;
  writeUVarIntBytes(): Encoder;
  writeUVarIntString(text: string): Encoder;
}

interface Decoder {
  readBytes(count: number): Buffer;
  readInt16(): number;
  readInt32(): number;
  readTaggedFields(): unknown;
  readUVarInt(): number;
  readUVarIntArray(read: (decoder: Decoder) => unknown): unknown;
  readUVarIntString(): string | null;
}

/** A broker of kafkajs with what its types leave out. */
type OpenBroker = Broker & {
  readonly versions?: Readonly<Record<number, { readonly maxVersion: number }>>;
  readonly connectionPool: { send(exchange: object): Promise<TopicId | undefined> };
};

const require = createRequire(import.meta.url);
const NewEncoder = require('kafkajs/src/protocol/encoder') as new () => Encoder;
const NewDecoder = require('kafkajs/src/protocol/decoder') as new (data: Buffer) => Decoder;
const { createErrorFromCode } = require('kafkajs/src/protocol/error') as {
  createErrorFromCode: (code: number) => Error;
};

/** Undefined where there is no such topic. */
export async function topicIdOf(cluster: Cluster, topic: string): Promise<TopicId | undefined> {
  await cluster.connect();
  await cluster.refreshMetadataIfNecessary();
  const broker = (await cluster.findControllerBroker()) as OpenBroker;
  if ((broker.versions?.[METADATA]?.maxVersion ?? 0) < FIRST_VERSION_WITH_TOPIC_ID) {
    return broker.metadata([topic]).then(
      () => '',
      (error: unknown) => {
        if (!isUnknownTopic(error)) throw error;
        return undefined;
      },
    );
  }
  return broker.connectionPool.send({
    request: {
      apiKey: METADATA,
      apiVersion: FIRST_VERSION_WITH_TOPIC_ID,
      apiName: 'Metadata',
      encode: () => Promise.resolve(encode(topic)),
    },
    response: {
      decode: (data: Buffer) => Promise.resolve(decode(data)),
      parse: ({ errorCode, id }: ReturnType<typeof decode>) => {
        if (errorCode === UNKNOWN_TOPIC_OR_PARTITION) return undefined;
        if (errorCode !== NO_ERROR) throw createErrorFromCode(errorCode);
        return id;
      },
    },
    logResponseError: false,
  });
}

/** What stands beside a committed position: it holds for this topic alone. */
export function positionNote(id: TopicId): string | null {
  return id === '' ? null : NOTE + id;
}

/** Whether a position is that of a former topic of the name. One without a note was set by somebody else, who means what is there now. */
export function isOfFormerTopic(note: string | null, id: TopicId): boolean {
  return id !== '' && note !== null && note.startsWith(NOTE) && note !== positionNote(id);
}

/** Begins with the tagged fields that end the header of a flexible request, which kafkajs does not write. */
function encode(topic: string): Encoder {
  const wanted = new NewEncoder().writeBuffer(NO_ID).writeUVarIntString(topic).writeUVarIntBytes();
  return new NewEncoder()
    .writeUVarIntBytes()
    .writeUVarIntArray([wanted])
    .writeBoolean(false)
    .writeBoolean(false)
    .writeBoolean(false)
    .writeUVarIntBytes();
}

/** As far as the identity of the one topic that was asked for. */
function decode(data: Buffer): { readonly errorCode: number; readonly id: TopicId } {
  const decoder = new NewDecoder(data);
  decoder.readTaggedFields();
  decoder.readInt32();
  decoder.readUVarIntArray(skipBroker);
  decoder.readUVarIntString();
  decoder.readInt32();
  decoder.readUVarInt();
  const errorCode = decoder.readInt16();
  decoder.readUVarIntString();
  const id = decoder.readBytes(ID_BYTES);
  return { errorCode, id: id.equals(NO_ID) ? '' : id.toString('base64url') };
}

function skipBroker(decoder: Decoder): void {
  decoder.readInt32();
  decoder.readUVarIntString();
  decoder.readInt32();
  decoder.readUVarIntString();
  decoder.readTaggedFields();
}
