import { SECRET, StringMap, type Secret } from '@millrace/eventing-api';
import { Type } from 'typebox';
import { AGE_COLUMN, builtInKind, column, objectSchema } from '../built-in-kind.js';

export const SECRET_KIND = builtInKind<Secret>(SECRET, {
  schema: objectSchema('A Secret holds credentials as keys and values.', {
    type: Type.Optional(Type.String({ description: 'What the Secret is for. Default Opaque.' })),
    data: Type.Optional(StringMap({ description: 'The values, in base64.' })),
    stringData: Type.Optional(
      StringMap({ description: 'Values in plain text, for writing only: they are stored in data.' }),
    ),
    immutable: Type.Optional(Type.Boolean({ description: 'Stored, not enforced here.' })),
  }),
  printerColumns: [
    column('Type', ({ type }) => type),
    column('Data', ({ data }) => Object.keys(data ?? {}).length),
    AGE_COLUMN,
  ],
  admission: (object) => ({ object: encodeStringData(object), faults: [], warnings: [] }),
});

function encodeStringData({ stringData, ...secret }: Secret): Secret {
  const encoded = Object.entries(stringData ?? {}).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  const data = { ...secret.data, ...Object.fromEntries(encoded) } as Record<string, string>;
  return {
    ...(secret as Secret),
    type: secret.type ?? 'Opaque',
    ...(Object.keys(data).length > 0 ? { data } : {}),
  };
}
