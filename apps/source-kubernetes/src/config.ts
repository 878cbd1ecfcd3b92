import { type Static, Type } from 'typebox';

export const settings = Type.Object({
  kubeconfig: Type.Optional(
    Type.String({
      env: 'KUBECONFIG',
      description: 'Path of the kubeconfig. Default: ~/.kube/config, else the service account of the Pod.',
    }),
  ),
  namespace: Type.String({ minLength: 1, description: 'Namespace whose Kubernetes Events are forwarded.' }),
  sink: Type.String({
    minLength: 1,
    pattern: '^https?://',
    env: 'SINK',
    description: 'Absolute http(s) URL that takes the CloudEvents.',
  }),
});

export type SourceKubernetesSettings = Static<typeof settings>;
