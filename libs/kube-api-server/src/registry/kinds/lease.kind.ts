import { LEASE, type Lease } from '@millrace/eventing-api';
import { Type } from 'typebox';
import { AGE_COLUMN, builtInKind, column, objectSchema } from '../built-in-kind.js';

const MicroTime = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));

export const LEASE_KIND = builtInKind<Lease>(LEASE, {
  schema: objectSchema('A Lease says which process leads.', {
    spec: Type.Optional(
      Type.Object(
        {
          holderIdentity: Type.Optional(Type.String({ description: 'Who holds the Lease; empty once released.' })),
          leaseDurationSeconds: Type.Optional(
            Type.Integer({ description: 'How long others must wait after the last renewal that they saw.' }),
          ),
          acquireTime: MicroTime('When the holder got the Lease.'),
          renewTime: MicroTime('When the holder last renewed the Lease.'),
          leaseTransitions: Type.Optional(Type.Integer({ description: 'How often the holder changed.' })),
        },
        { description: 'Who leads, and until when.' },
      ),
    ),
  }),
  printerColumns: [column('Holder', ({ spec }) => spec?.holderIdentity ?? undefined), AGE_COLUMN],
});
