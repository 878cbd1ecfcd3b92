import { durationMs, DurationText, type Parameters } from '@millrace/eventing-api';
import { Type, type Static } from 'typebox';

const SecretReference = (description: string) =>
  Type.Object(
    { secretRef: Type.Object({ name: Type.String({ minLength: 1 }) }, { additionalProperties: false }) },
    { additionalProperties: false, description },
  );

/** Settings of a stream: arguments of a Channel, or what holds for Channels that do not say. */
const streamProperties = {
  replicas: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 5, description: 'Servers that keep each event. Default 1.' }),
  ),
  storage: Type.Optional(
    Type.Enum(['file', 'memory'], { description: 'Where the servers keep events. Cannot be changed. Default file.' }),
  ),
  maxAge: Type.Optional(
    DurationText(
      'ISO 8601 duration after which an event is deleted, delivered or not; PT0S = never. Default P7D; never for dead letters.',
      ['PT12H', 'P7D'],
    ),
  ),
  maxBytes: Type.Optional(
    Type.Integer({
      minimum: 1024,
      description:
        'Bytes that the stream may take on each of its servers, delivered events included. Default: no limit.',
    }),
  ),
  discard: Type.Optional(
    Type.Enum(['new', 'old'], {
      description:
        'What gives way when maxBytes is reached: new = the Channel answers 429, old = the oldest events are deleted, delivered or not. Default new.',
    }),
  ),
  partitions: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 64,
      description:
        'Into how many parts the events are spread by their key: as many processes can share a Subscription. Cannot be changed. Default 8.',
    }),
  ),
};

/** Arguments of a Channel of this driver. */
export const NatsArguments = Type.Object(streamProperties, {
  additionalProperties: false,
  description: 'Settings of the stream that keeps the events of the Channel.',
});
type NatsArguments = Static<typeof NatsArguments>;

/** Parameters of a ClusterChannelProvisioner of this driver. */
export const NatsParameters = Type.Object(
  {
    servers: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        examples: [['nats://nats.nats.svc:4222']],
        description: 'Addresses of servers of one cluster: host:port, nats://… or tls://…. Default 127.0.0.1:4222.',
      }),
    ),
    credentials: Type.Optional(
      SecretReference(
        'Secret with what we log in with: username and password, or token, or nkey (a seed), or creds (a credentials file). Default: nothing.',
      ),
    ),
    tls: Type.Optional(
      Type.Object(
        {
          secretRef: Type.Optional(
            Type.Object({ name: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
          ),
          handshakeFirst: Type.Optional(
            Type.Boolean({ description: 'The server speaks TLS from its first byte. Default false.' }),
          ),
        },
        {
          additionalProperties: false,
          description:
            'Connect with TLS. The Secret holds ca.crt (default: the authorities that Node.js knows), and tls.crt with tls.key where the server asks for a certificate.',
        },
      ),
    ),
    ackWait: Type.Optional(
      DurationText(
        'ISO 8601 duration after which the events of a process that says nothing are handed to another one; 0.5 s or more. Default PT10S.',
        ['PT10S'],
      ),
    ),
    ...streamProperties,
  },
  {
    additionalProperties: false,
    description: 'Settings of the NATS driver. Those of the stream hold for Channels that do not say.',
  },
);
type NatsParameters = Static<typeof NatsParameters>;

/** How the stream of a Channel shall be. */
export interface StreamSettings {
  readonly replicas: number;
  readonly storage: 'file' | 'memory';
  /** undefined = no limit. */
  readonly maxAgeMs: number | undefined;
  readonly maxBytes: number | undefined;
  readonly discard: 'new' | 'old';
  readonly partitions: number;
}

/** Parameters with every default filled in. */
export interface NatsOptions {
  readonly servers: readonly string[];
  readonly credentialsSecret: string | undefined;
  readonly tls: { readonly secret: string | undefined; readonly handshakeFirst: boolean } | undefined;
  readonly ackWaitMs: number;
  /** For Channels that do not say. */
  readonly stream: NatsArguments;
}

const DEFAULT_MAX_AGE = 'P7D';
const MIN_ACK_WAIT_MS = 500;

/**
 * Fills in the defaults. The parameters have passed the schema.
 *
 * @throws Error where a duration is too short to work with
 */
export function natsOptions(parameters: Parameters): NatsOptions {
  const { servers, credentials, tls, ackWait, ...stream } = parameters as NatsParameters;
  const ackWaitMs = durationMs(ackWait ?? 'PT10S');
  if (ackWaitMs < MIN_ACK_WAIT_MS) throw new Error('ackWait must be 0.5 s or more');
  return {
    servers: servers ?? ['127.0.0.1:4222'],
    credentialsSecret: credentials?.secretRef.name,
    tls: tls && { secret: tls.secretRef?.name, handshakeFirst: tls.handshakeFirst ?? false },
    ackWaitMs,
    stream,
  };
}

/** The settings of a Channel: its arguments over the parameters of the ClusterChannelProvisioner, over the defaults. */
export function streamSettings(
  purpose: 'events' | 'dead-letters',
  channelArguments: Parameters,
  parameters: NatsArguments,
): StreamSettings {
  const own: NatsArguments = channelArguments;
  // Dead letters are kept until somebody has looked at them: what bounds events does not bound them unless the Channel itself says so, and none makes room for another.
  const bounds =
    purpose === 'events' ? { maxAge: DEFAULT_MAX_AGE, ...parameters, ...own } : { ...own, discard: 'new' as const };
  const { maxAge, maxBytes, discard = 'new' } = bounds;
  return {
    replicas: own.replicas ?? parameters.replicas ?? 1,
    storage: own.storage ?? parameters.storage ?? 'file',
    maxAgeMs: maxAge === undefined ? undefined : durationMs(maxAge),
    maxBytes,
    discard,
    partitions: own.partitions ?? parameters.partitions ?? 8,
  };
}
