import { CONFIG_MAP, StringMap, type ConfigMap } from '@millrace/eventing-api';
import { Type } from 'typebox';
import { AGE_COLUMN, builtInKind, column, objectSchema } from '../built-in-kind.js';

export const CONFIG_MAP_KIND = builtInKind<ConfigMap & { binaryData?: object }>(CONFIG_MAP, {
  shortNames: ['cm'],
  schema: objectSchema('A ConfigMap holds configuration as keys and values.', {
    data: Type.Optional(StringMap({ description: 'The values, as text.' })),
    binaryData: Type.Optional(StringMap({ description: 'The values that are not text, in base64.' })),
    immutable: Type.Optional(Type.Boolean({ description: 'Stored, not enforced here.' })),
  }),
  printerColumns: [
    column('Data', ({ data, binaryData }) => Object.keys({ ...data, ...binaryData }).length),
    AGE_COLUMN,
  ],
});
