import { OpaqueObject, VIRTUAL_SERVICE, type VirtualService } from '@millrace/eventing-api';
import { Type } from 'typebox';
import { AGE_COLUMN, builtInKind, objectSchema } from '../built-in-kind.js';

/** Stored for Channels with routing Istio. Names and columns as in the CustomResourceDefinition of Istio. */
export const VIRTUAL_SERVICE_KIND = builtInKind<VirtualService>(VIRTUAL_SERVICE, {
  custom: true,
  hasGeneration: true,
  shortNames: ['vs'],
  schema: objectSchema('An Istio VirtualService: how requests to a host are routed. Here it is stored only.', {
    spec: Type.Optional(OpaqueObject({ description: 'hosts, gateways and http routes.' })),
    status: Type.Optional(OpaqueObject({ description: 'Written by Istio.' })),
  }),
  printerColumns: [
    { name: 'Gateways', type: 'string', jsonPath: '.spec.gateways' },
    { name: 'Hosts', type: 'string', jsonPath: '.spec.hosts' },
    AGE_COLUMN,
  ],
});
