import { type Static, Type } from 'typebox';

export const settings = Type.Object({
  apiHost: Type.String({
    default: '127.0.0.1',
    minLength: 1,
    description: 'Loopback address on which the API is served: it knows no users.',
  }),
  apiPort: Type.Integer({
    default: 7640,
    minimum: 0,
    maximum: 65_535,
    description: 'Port of the API; 0 takes any free one.',
  }),
  dataDir: Type.String({
    default: '.millrace',
    minLength: 1,
    description: 'Folder that keeps the objects and the kubeconfig; made where it is missing.',
  }),
});

export type ApiServerSettings = Static<typeof settings>;
