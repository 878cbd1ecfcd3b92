import { durationMs, type ChannelDriverProvider } from '@millrace/eventing-api';
import { Type, type Static } from 'typebox';
import type { ProvisionerOptions } from './provisioner-options.js';

/**
 * The settings that every app has which hosts a driver by itself.
 *
 * @param intakePort where events are taken in unless something else is asked for
 */
export function provisionerSettings(intakePort: number) {
  return Type.Object({
    kubeconfig: Type.Optional(
      Type.String({
        env: 'KUBECONFIG',
        description: 'Path of the kubeconfig. Default: ~/.kube/config, else the service account of the Pod.',
      }),
    ),
    intakeHost: Type.String({ default: '0.0.0.0', minLength: 1, description: 'Address on which events are taken in.' }),
    intakePort: Type.Integer({
      default: intakePort,
      minimum: 0,
      maximum: 65_535,
      description: 'Port on which events are taken in; 0 takes any free one.',
    }),
    advertisedUrl: Type.Optional(
      Type.String({
        pattern: '^https?://',
        description:
          'URL under which the ingress reaches this process; {provisioner} stands for the name of the ClusterChannelProvisioner. Default: the address of the intake on this machine.',
      }),
    ),
    clusterDomain: Type.String({ default: 'cluster.local', minLength: 1, description: 'Domain of Service names.' }),
    systemNamespace: Type.String({
      default: 'knative-eventing',
      minLength: 1,
      env: 'SYSTEM_NAMESPACE',
      description: "Namespace of Millrace's own Services, Secrets and Leases.",
    }),
    channelUrlTemplate: Type.String({
      default: 'http://{hostname}/',
      minLength: 1,
      description:
        'What status.address.url of a Channel shows; {hostname}, {namespace}, {name} and {ingress} (host of the ingress) are filled in.',
    }),
    maxEventBytes: Type.Integer({
      default: 1_048_576,
      minimum: 1,
      description: 'Largest event that is taken in, in bytes; a larger one gets 413.',
    }),
    deletionGracePeriod: Type.String({
      default: 'PT30S',
      format: 'duration',
      description: 'How long a deleted Channel goes on delivering what it holds (ISO 8601 duration).',
    }),
    resumeGracePeriod: Type.String({
      default: 'PT1H',
      format: 'duration',
      description:
        'How long the position and the dead letters of a deleted Subscription are kept for one that is made anew under its name (ISO 8601 duration).',
    }),
    leaderElection: Type.Boolean({
      default: false,
      description: 'Whether several replicas run, of which the holder of a Lease alone reconciles.',
    }),
  });
}

export type ProvisionerSettings = Static<ReturnType<typeof provisionerSettings>>;

/** What those settings say to the module that hosts the driver. */
export function provisionerOptions(settings: ProvisionerSettings, provider: ChannelDriverProvider): ProvisionerOptions {
  const { kubeconfig: _, intakeHost, deletionGracePeriod, resumeGracePeriod, ...options } = settings;
  return {
    ...options,
    host: intakeHost,
    providers: [provider],
    deletionGracePeriodMs: durationMs(deletionGracePeriod),
    resumeGracePeriodMs: durationMs(resumeGracePeriod),
  };
}
