import { durationMs, DurationText, readTlsSecret, type Parameters, type SecretValues } from '@millrace/eventing-api';
import { Type, type Static } from 'typebox';

/** Whatever the broker allows: heartbeats come several times in it. */
const MIN_SESSION_MS = 1000;

const SecretRef = (description: string) =>
  Type.Object(
    { name: Type.String({ minLength: 1, description: 'Name of a Secret in the system namespace.' }) },
    { additionalProperties: false, description },
  );

const channelSettings = {
  numPartitions: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 10_000,
      description:
        'Partitions of the topic: how many processes can share a Subscription. It can grow; keys then move to other partitions. Default 4.',
    }),
  ),
  replicationFactor: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100,
      description: 'Brokers that hold each event. Default 3, or as many as the cluster has. It cannot be changed.',
    }),
  ),
  retention: Type.Optional(
    DurationText("ISO 8601 duration for which events are kept, consumed or not. Default: the broker's (mostly P7D).", [
      'PT1H',
      'P7D',
    ]),
  ),
  topicConfig: Type.Optional(
    Type.Record(Type.String({ pattern: String.raw`^[a-z][a-z0-9.]*$` }), Type.String(), {
      description:
        'Further settings of the topic as Kafka calls them, such as `max.message.bytes`. With three replicas `min.insync.replicas` is 2 unless it is set here.',
      examples: [{ 'max.message.bytes': '2097164' }],
    }),
  ),
};

/** Arguments of a Channel of this driver. */
export const KafkaArguments = Type.Object(channelSettings, {
  additionalProperties: false,
  description: 'Settings of the topic of a Channel.',
});
export type KafkaArguments = Static<typeof KafkaArguments>;

/** Parameters of a ClusterChannelProvisioner of this driver. */
export const KafkaParameters = Type.Object(
  {
    brokers: Type.Array(Type.String({ pattern: String.raw`^[^\s:/]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$` }), {
      minItems: 1,
      description: '`host:port` of brokers; the others are found through them.',
      examples: [['kafka-0.kafka:9092']],
    }),
    clientId: Type.Optional(
      Type.String({ minLength: 1, description: 'Name under which the broker sees Millrace. Default millrace.' }),
    ),
    tls: Type.Optional(
      Type.Object(
        {
          secretRef: Type.Optional(
            SecretRef(
              'Secret with `ca.crt` (whom to trust) and, for client authentication, `tls.crt` and `tls.key`. Default: the authorities of the system.',
            ),
          ),
          serverName: Type.Optional(
            Type.String({ description: "Name in the brokers' certificate. Default: the host." }),
          ),
          insecureSkipVerify: Type.Optional(
            Type.Boolean({ description: 'Takes any certificate: for tests only. Default false.' }),
          ),
        },
        {
          additionalProperties: false,
          description: 'Talks TLS to the brokers; `{}` for the defaults. Default: no TLS.',
        },
      ),
    ),
    sasl: Type.Optional(
      Type.Object(
        {
          mechanism: Type.Enum(['plain', 'scram-sha-256', 'scram-sha-512'], { description: 'How to authenticate.' }),
          secretRef: SecretRef('Secret with `username` and `password`.'),
        },
        {
          additionalProperties: false,
          description: 'Authenticates with name and password. Default: no authentication.',
        },
      ),
    ),
    channelDefaults: Type.Optional(
      Type.Object(channelSettings, {
        additionalProperties: false,
        description: 'Settings of Channels that do not say otherwise in their arguments.',
      }),
    ),
    sessionTimeout: Type.Optional(
      DurationText(
        'ISO 8601 duration after which the events of a process that has gone silent are given to others; between what the broker allows (mostly PT6S to PT30M). Default PT10S.',
        ['PT10S'],
      ),
    ),
    maxPendingEvents: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description:
          'Events of one Channel that may wait in one process for the acknowledgement of the broker; above that the Channel answers 429. Default 10000.',
      }),
    ),
    maxPendingBytes: Type.Optional(
      Type.Integer({
        minimum: 1024,
        description:
          'Bytes of the events of all Channels that may wait in one process for the acknowledgement of the broker; above that Channels answer 429. Default 67108864 (64 MiB).',
      }),
    ),
  },
  { additionalProperties: false, description: 'How to reach a Kafka cluster, and what its Channels are like.' },
);
type KafkaParameters = Static<typeof KafkaParameters>;

/** TLS as node:tls takes it. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

export interface SaslOptions {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** The parameters with every default filled in and the Secrets put in their places. */
export interface KafkaOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly tls: TlsOptions | undefined;
  readonly sasl: SaslOptions | undefined;
  readonly channelDefaults: KafkaArguments;
  readonly sessionTimeoutMs: number;
  readonly maxPendingEvents: number;
  readonly maxPendingBytes: number;
}

/**
 * Fills in the defaults. The parameters have passed the schema.
 *
 * @throws Error where a Secret lacks what is needed, or the session would be too short for heartbeats
 */
export function kafkaOptions(parameters: Parameters, secrets: SecretValues): KafkaOptions {
  const given = parameters as KafkaParameters;
  return {
    brokers: given.brokers,
    clientId: given.clientId ?? 'millrace',
    tls: given.tls && tlsOptions(given.tls, secrets),
    sasl: given.sasl && {
      mechanism: given.sasl.mechanism,
      username: secretValue(secrets, given.sasl.secretRef.name, 'username'),
      password: secretValue(secrets, given.sasl.secretRef.name, 'password'),
    },
    channelDefaults: given.channelDefaults ?? {},
    sessionTimeoutMs: sessionTimeoutMs(given.sessionTimeout ?? 'PT10S'),
    maxPendingEvents: given.maxPendingEvents ?? 10_000,
    maxPendingBytes: given.maxPendingBytes ?? 64 * 1024 * 1024,
  };
}

function sessionTimeoutMs(duration: string): number {
  const timeoutMs = durationMs(duration);
  if (timeoutMs < MIN_SESSION_MS) throw new Error(`sessionTimeout is ${duration}; it must be PT1S or more`);
  return timeoutMs;
}

function tlsOptions(tls: NonNullable<KafkaParameters['tls']>, secrets: SecretValues): TlsOptions {
  const name = tls.secretRef?.name;
  return {
    ...(name === undefined ? {} : readTlsSecret(name, secrets[name] ?? {})),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    rejectUnauthorized: !(tls.insecureSkipVerify ?? false),
  };
}

function secretValue(secrets: SecretValues, name: string, key: string): string {
  const value = secrets[name]?.[key];
  if (value === undefined || value === '') throw new Error(`Secret ${name} has no ${key}`);
  return value;
}
