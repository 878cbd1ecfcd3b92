import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type { BrokerCredentials } from '@millrace/brokers';
import type { Broker, Cluster } from 'kafkajs';

/** By the names of the driver's parameters, as the request numbers them (Kafka protocol: AlterUserScramCredentials). */
const MECHANISMS = {
  'scram-sha-256': { number: 1, hash: 'sha256', bytes: 32 },
  'scram-sha-512': { number: 2, hash: 'sha512', bytes: 64 },
} as const;

export type ScramMechanism = keyof typeof MECHANISMS;

const ALTER_USER_SCRAM_CREDENTIALS = 51;
const ITERATIONS = 4096;

interface Encoder {
  writeInt8(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeUVarIntArray(items: readonly Encoder[]): Encoder;
  writeUVarIntBytes(bytes?: Buffer): Encoder;
  writeUVarIntString(text: string): Encoder;
}

interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readTaggedFields(): unknown;
  readUVarIntArray<T>(read: (decoder: Decoder) => T): T[];
  readUVarIntString(): string | null;
}

type OpenBroker = Broker & { readonly connectionPool: { send(exchange: object): Promise<void> } };

const require = createRequire(import.meta.url);
const NewEncoder = require('kafkajs/src/protocol/encoder') as new () => Encoder;
const NewDecoder = require('kafkajs/src/protocol/decoder') as new (data: Buffer) => Decoder;

/** Gives a user a password for one mechanism, in place of a former one. Only a client of the broker can do that, and kafkajs has no request for it. */
export async function setScramPassword(
  cluster: Cluster,
  mechanism: ScramMechanism,
  credentials: BrokerCredentials,
): Promise<void> {
  await cluster.connect();
  await cluster.refreshMetadata();
  const broker = (await cluster.findControllerBroker()) as OpenBroker;
  await broker.connectionPool.send({
    request: {
      apiKey: ALTER_USER_SCRAM_CREDENTIALS,
      apiVersion: 0,
      apiName: 'AlterUserScramCredentials',
      encode: () => Promise.resolve(encode(mechanism, credentials)),
    },
    response: {
      decode: (data: Buffer) => Promise.resolve(faultsIn(data)),
      parse: (faults: readonly string[]) => {
        if (faults.length > 0) throw new Error(faults.join());
      },
    },
  });
}

/** Begins with the tagged fields that end the header of a flexible request, which kafkajs does not write. */
function encode(mechanism: ScramMechanism, { username, password }: BrokerCredentials): Encoder {
  const { number, hash, bytes } = MECHANISMS[mechanism];
  const salt = randomBytes(bytes);
  const upsertion = new NewEncoder()
    .writeUVarIntString(username)
    .writeInt8(number)
    .writeInt32(ITERATIONS)
    .writeUVarIntBytes(salt)
    .writeUVarIntBytes(pbkdf2Sync(password, salt, ITERATIONS, bytes, hash))
    .writeUVarIntBytes();
  return new NewEncoder().writeUVarIntBytes().writeUVarIntArray([]).writeUVarIntArray([upsertion]).writeUVarIntBytes();
}

function faultsIn(data: Buffer): readonly string[] {
  const decoder = new NewDecoder(data);
  decoder.readTaggedFields();
  decoder.readInt32();
  return decoder.readUVarIntArray(readFault).filter((fault) => fault !== undefined);
}

function readFault(decoder: Decoder): string | undefined {
  const user = decoder.readUVarIntString();
  const code = decoder.readInt16();
  const message = decoder.readUVarIntString();
  decoder.readTaggedFields();
  return code === 0 ? undefined : `${user}: ${message ?? ''} (${code})`;
}
