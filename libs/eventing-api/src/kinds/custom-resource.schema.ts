import { Type, type TObject } from 'typebox';
import { ObjectMeta } from '../meta/object-meta.schema.js';

/** The schema of a whole custom resource from those of its spec and status. */
export function customResource<S extends TObject, U extends TObject>(description: string, spec: S, status: U) {
  return Type.Object(
    {
      apiVersion: Type.String({ description: 'Group and version of the schema of this object.' }),
      kind: Type.String({ description: 'Kind of this object.' }),
      metadata: ObjectMeta,
      spec: Type.Optional(spec),
      status: Type.Optional(status),
    },
    { description },
  );
}
