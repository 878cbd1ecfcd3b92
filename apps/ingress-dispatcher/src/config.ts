import { type Static, Type } from 'typebox';

export const settings = Type.Object({
  kubeconfig: Type.Optional(
    Type.String({
      env: 'KUBECONFIG',
      description: 'Path of the kubeconfig. Default: ~/.kube/config, else the service account of the Pod.',
    }),
  ),
  ingressHost: Type.String({ default: '0.0.0.0', minLength: 1, description: 'Address on which events are taken in.' }),
  ingressPort: Type.Integer({
    default: 7641,
    minimum: 0,
    maximum: 65_535,
    description: 'Port on which events are taken in; 0 takes any free one.',
  }),
  clusterDomain: Type.String({ default: 'cluster.local', minLength: 1, description: 'Domain of Service names.' }),
  maxEventBytes: Type.Integer({
    default: 1_048_576,
    minimum: 1,
    description: 'Largest request that is taken in, in bytes; a larger one gets 413.',
  }),
  maxBytesInFlight: Type.Integer({
    default: 134_217_728,
    minimum: 1,
    description: 'Bytes of all requests that are held at one time; more gets 429.',
  }),
});

export type IngressDispatcherSettings = Static<typeof settings>;
