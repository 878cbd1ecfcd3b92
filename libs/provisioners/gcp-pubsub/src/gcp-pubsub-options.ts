import {
  durationMs,
  DurationText,
  type Capabilities,
  type DriverChannel,
  type Parameters,
  type SecretValues,
} from '@millrace/eventing-api';
import { Type, type Static } from 'typebox';
import { emulatorCapabilities, gcpPubSubCapabilities } from './capabilities.js';
import { readServiceAccountKey, type ServiceAccountKey } from './service-account-key.js';

const DEFAULT_SECRET_KEY = 'key.json';
const DEFAULT_ACK_DEADLINE = 'PT30S';
const DEFAULT_RETENTION = 'P7D';
const SERVICE_ENDPOINT = 'pubsub.googleapis.com:443';

/** What Pub/Sub takes, in seconds ("Subscription properties", "Replay and purge"). */
const ACK_DEADLINE_SECONDS = { least: 10, most: 600 };
const RETENTION_SECONDS = { least: 600, most: 31 * 86_400 };
/** What the emulator takes. */
const EMULATOR_RETENTION_SECONDS = { least: 600, most: 7 * 86_400 };

/** Parameters of a ClusterChannelProvisioner of this driver. */
export const GcpPubSubParameters = Type.Object(
  {
    project: Type.String({
      minLength: 1,
      description: 'Id of the Google Cloud project that the topics and subscriptions are made in.',
    }),
    credentials: Type.Optional(
      Type.Object(
        {
          secretRef: Type.Object(
            {
              name: Type.String({ minLength: 1, description: 'Name of a Secret in the system namespace.' }),
              key: Type.Optional(
                Type.String({
                  minLength: 1,
                  description: `Key under which the Secret holds the JSON key of a service account. Default ${DEFAULT_SECRET_KEY}.`,
                }),
              ),
            },
            { additionalProperties: false },
          ),
        },
        {
          additionalProperties: false,
          description:
            'Where the credentials are. Default: Application Default Credentials of the process (workload identity, GOOGLE_APPLICATION_CREDENTIALS).',
        },
      ),
    ),
    endpoint: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9.-]+\\.googleapis\\.com(:[0-9]+)?$',
        description: `Endpoint of the service, such as us-central1-pubsub.googleapis.com; order by key across publishers needs that of one region. Default ${SERVICE_ENDPOINT}.`,
      }),
    ),
    emulator: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9.-]+:[0-9]+$',
        description:
          'Host and port of a Pub/Sub emulator, which is asked in place of the service, without credentials.',
      }),
    ),
    ackDeadline: Type.Optional(
      DurationText(
        `ISO 8601 duration: how long the service waits for word from a process that may have ended before it hands out its events again, 10 s to 600 s. Default ${DEFAULT_ACK_DEADLINE}.`,
        ['PT30S'],
      ),
    ),
  },
  { additionalProperties: false, description: 'Settings of the Google Cloud Pub/Sub driver.' },
);
type GcpPubSubParameters = Static<typeof GcpPubSubParameters>;

/** Arguments of a Channel of this driver. */
export const GcpPubSubArguments = Type.Object(
  {
    retention: Type.Optional(
      DurationText(
        `ISO 8601 duration: how long an event is kept, delivered or not; what no Subscription has settled by then is gone. 10 minutes to 31 days. Default ${DEFAULT_RETENTION}.`,
        ['PT1H', 'P7D'],
      ),
    ),
    labels: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_-]{0,62}$' }), Type.String({ pattern: '^[a-z0-9_-]{0,63}$' }), {
        additionalProperties: false,
        maxProperties: 60,
        description: 'Labels of the topic, beside those that begin with millrace-.',
      }),
    ),
    region: Type.Optional(
      Type.String({
        pattern: '^[a-z]+-[a-z]+[0-9]+$',
        description:
          'The one region in which events may be stored (message storage policy), such as europe-west1. Default: what the organization allows.',
      }),
    ),
  },
  { additionalProperties: false, description: 'Settings of a Channel in Google Cloud Pub/Sub.' },
);
type GcpPubSubArguments = Static<typeof GcpPubSubArguments>;

/** The parameters with every default filled in and the Secret read. */
export interface GcpPubSubOptions {
  readonly project: string;
  /** Absent: Application Default Credentials. */
  readonly credentials?: ServiceAccountKey | undefined;
  /** `host:port`. */
  readonly endpoint: string;
  readonly isEmulator: boolean;
  readonly ackDeadlineSeconds: number;
}

/** The arguments of a Channel with every default filled in. */
export interface GcpPubSubChannelOptions {
  readonly retentionSeconds: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly region?: string | undefined;
}

/**
 * Fills in the defaults. The parameters have passed the schema.
 *
 * @throws Error where they can never work; its message holds nothing of a Secret
 */
export function gcpPubSubOptions(parameters: Parameters, secrets: SecretValues): GcpPubSubOptions {
  const { project, credentials, endpoint, emulator, ackDeadline } = parameters as GcpPubSubParameters;
  if (emulator !== undefined && (endpoint !== undefined || credentials !== undefined)) {
    throw new Error('parameters.emulator goes with neither parameters.endpoint nor parameters.credentials');
  }
  const { name, key = DEFAULT_SECRET_KEY } = credentials?.secretRef ?? {};
  return {
    project,
    credentials: name === undefined ? undefined : readServiceAccountKey(secrets, name, key),
    endpoint: emulator ?? endpoint ?? SERVICE_ENDPOINT,
    isEmulator: emulator !== undefined,
    ackDeadlineSeconds: secondsOf('parameters.ackDeadline', ackDeadline ?? DEFAULT_ACK_DEADLINE, ACK_DEADLINE_SECONDS),
  };
}

/**
 * The arguments of a Channel with every default filled in. They have passed the schema.
 *
 * @throws Error where the service would not take them
 */
export function channelOptions(channel: DriverChannel, isEmulator: boolean): GcpPubSubChannelOptions {
  const { retention = DEFAULT_RETENTION, labels = {}, region } = channel.arguments as GcpPubSubArguments;
  const range = isEmulator ? EMULATOR_RETENTION_SECONDS : RETENTION_SECONDS;
  // Dead letters are kept for as long as that can be: nobody may come for them soon.
  const isDeadLetters = channel.purpose === 'dead-letters';
  const retentionSeconds = isDeadLetters ? range.most : secondsOf('arguments.retention', retention, range);
  return { retentionSeconds, labels, region };
}

/** What a store with these parameters can do. */
export function gcpPubSubCapabilitiesFor(parameters: Parameters): Capabilities {
  return (parameters as Partial<GcpPubSubParameters>).emulator === undefined
    ? gcpPubSubCapabilities
    : emulatorCapabilities;
}

function secondsOf(field: string, text: string, { least, most }: { least: number; most: number }): number {
  const seconds = Math.ceil(durationMs(text) / 1000);
  if (seconds < least || seconds > most) {
    throw new Error(`${field}: Pub/Sub takes ${least} s to ${most} s, and ${text} is ${seconds} s`);
  }
  return seconds;
}
