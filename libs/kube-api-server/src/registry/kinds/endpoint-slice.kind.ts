import { ENDPOINT_SLICE, OpaqueObject, type EndpointSlice } from '@millrace/eventing-api';
import { Type } from 'typebox';
import { AGE_COLUMN, builtInKind, column, objectSchema } from '../built-in-kind.js';

export const ENDPOINT_SLICE_KIND = builtInKind<EndpointSlice>(ENDPOINT_SLICE, {
  hasGeneration: true,
  schema: objectSchema('An EndpointSlice says where a Service really answers.', {
    addressType: Type.Enum(['IPv4', 'IPv6', 'FQDN'], { description: 'What kind of addresses the endpoints have.' }),
    endpoints: Type.Array(
      Type.Object(
        {
          addresses: Type.Array(Type.String(), { description: 'The addresses of this endpoint; the first is used.' }),
          conditions: Type.Optional(OpaqueObject({ description: 'ready: whether the endpoint can be used.' })),
        },
        { description: 'One place that answers.', 'x-kubernetes-preserve-unknown-fields': true },
      ),
      { description: 'The places that answer.' },
    ),
    ports: Type.Optional(
      Type.Array(OpaqueObject({ description: 'name, port and protocol.' }), {
        description: 'The ports of every endpoint.',
      }),
    ),
  }),
  printerColumns: [
    column('AddressType', ({ addressType }) => addressType),
    column('Ports', ({ ports }) => orUnset((ports ?? []).map(({ port }) => String(port ?? '*')))),
    column('Endpoints', ({ endpoints }) => orUnset(endpoints.flatMap(({ addresses }) => addresses))),
    AGE_COLUMN,
  ],
});

function orUnset(texts: readonly string[]): string {
  return texts.join(',') || '<unset>';
}
