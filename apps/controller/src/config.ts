import { type Static, Type } from 'typebox';

export const settings = Type.Object({
  kubeconfig: Type.Optional(
    Type.String({
      env: 'KUBECONFIG',
      description: 'Path of the kubeconfig. Default: ~/.kube/config, else the service account of the Pod.',
    }),
  ),
  clusterDomain: Type.String({ default: 'cluster.local', minLength: 1, description: 'Domain of Service names.' }),
  serviceAddresses: Type.Enum(['dns', 'endpoints'], {
    default: 'dns',
    description:
      'How Services are reached: by their DNS name, or at their first ready endpoint where there is no cluster DNS.',
  }),
  kubernetesReceiveAdapterImage: Type.String({
    default: 'millrace/source-kubernetes',
    minLength: 1,
    description: 'Image of the receive adapter of KubernetesEventSource.',
  }),
  cronReceiveAdapterImage: Type.String({
    default: 'millrace/source-cron',
    minLength: 1,
    description: 'Image of the receive adapter of CronJobSource.',
  }),
  leaderElection: Type.Boolean({
    default: false,
    description: 'Whether several replicas run, of which the holder of a Lease alone reconciles.',
  }),
  systemNamespace: Type.String({
    default: 'knative-eventing',
    minLength: 1,
    env: 'SYSTEM_NAMESPACE',
    description: 'Namespace of the Lease.',
  }),
});

export type ControllerSettings = Static<typeof settings>;
