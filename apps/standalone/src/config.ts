import { join } from 'node:path';
import type { AppSettings } from '@millrace/platform';
import { Type } from 'typebox';

/** Settings of `npm start`. */
export const standaloneSettings = Type.Object({
  dataDir: Type.String({
    default: '.millrace',
    minLength: 1,
    description:
      'Folder that keeps the objects of the API, the kubeconfig and the logs of Pods; made where it is missing.',
  }),
  apiPort: Type.Integer({
    default: 7640,
    minimum: 0,
    maximum: 65_535,
    description: 'Port of the Kubernetes-compatible API, on 127.0.0.1; 0 takes any free one.',
  }),
  ingressHost: Type.String({
    default: '127.0.0.1',
    minLength: 1,
    description: 'Address on which events are taken in.',
  }),
  ingressPort: Type.Integer({
    default: 7641,
    minimum: 0,
    maximum: 65_535,
    description: 'Port on which events are taken in; 0 takes any free one.',
  }),
  provisioners: Type.Array(Type.Enum(['in-memory', 'kafka', 'nats', 'gcp-pubsub']), {
    default: ['in-memory'],
    minItems: 1,
    description: 'The provisioners that this process hosts.',
  }),
  kafkaBrokers: Type.Array(Type.String({ minLength: 1 }), {
    default: ['127.0.0.1:9092'],
    minItems: 1,
    description: 'host:port of Kafka brokers, for the provisioner kafka.',
  }),
  natsServers: Type.Array(Type.String({ minLength: 1 }), {
    default: ['127.0.0.1:4222'],
    minItems: 1,
    description: 'Addresses of NATS servers with JetStream, for the provisioners nats and natss.',
  }),
  gcpPubsubProject: Type.String({
    default: 'millrace',
    minLength: 1,
    description: 'Google Cloud project of the provisioner gcp-pubsub.',
  }),
  gcpPubsubEmulator: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'host:port of a Pub/Sub emulator for the provisioner gcp-pubsub. Default: the service itself, with Application Default Credentials.',
    }),
  ),
  manifests: Type.String({
    default: join(import.meta.dirname, '../quickstart'),
    minLength: 1,
    description: 'Folder of manifests that are applied at start and whenever they change.',
  }),
  clusterDomain: Type.String({
    default: 'cluster.local',
    minLength: 1,
    description: 'Domain of Service names.',
  }),
  resumeGracePeriod: Type.String({
    default: 'PT1H',
    format: 'duration',
    description:
      'How long the position and the dead letters of a deleted Subscription are kept for one that is made anew under its name (ISO 8601 duration).',
  }),
  maxEventBytes: Type.Integer({
    default: 1_048_576,
    minimum: 1,
    description: 'Largest event that is taken in, in bytes; a larger one gets 413.',
  }),
});

export type StandaloneSettings = AppSettings<typeof standaloneSettings>;
