import {
  OpaqueObject,
  required,
  SERVICE,
  StringMap,
  type AdmissionOutcome,
  type Service,
} from '@millrace/eventing-api';
import { Type } from 'typebox';
import { labelsText, orNone } from '../../table/cell-text.js';
import { AGE_COLUMN, builtInKind, column, objectSchema, wideColumn } from '../built-in-kind.js';

const ServicePort = Type.Object(
  {
    name: Type.Optional(Type.String({ description: 'Name of the port within the Service.' })),
    protocol: Type.Optional(Type.Enum(['TCP', 'UDP', 'SCTP'], { description: 'Default TCP.' })),
    port: Type.Integer({ minimum: 1, maximum: 65_535, description: 'Port that clients use.' }),
    targetPort: Type.Optional(
      Type.Unsafe<number | string>({
        'x-kubernetes-int-or-string': true,
        description: 'Port, or name of the port, of the Pods. Default: port.',
      }),
    ),
  },
  { description: 'A port of the Service.', 'x-kubernetes-preserve-unknown-fields': true },
);

export const SERVICE_KIND = builtInKind<Service>(SERVICE, {
  shortNames: ['svc'],
  categories: ['all'],
  schema: objectSchema('A Service is a stable name for whatever answers behind it.', {
    spec: Type.Optional(
      Type.Object(
        {
          type: Type.Optional(
            Type.Enum(['ClusterIP', 'ExternalName', 'NodePort', 'LoadBalancer'], {
              description: 'ExternalName is an alias of another name. Default ClusterIP.',
            }),
          ),
          externalName: Type.Optional(Type.String({ description: 'Name that an ExternalName Service stands for.' })),
          selector: Type.Optional(StringMap({ description: 'Labels of the Pods that answer.' })),
          ports: Type.Optional(Type.Array(ServicePort, { description: 'The ports of the Service.' })),
        },
        { description: 'What the Service should be.', 'x-kubernetes-preserve-unknown-fields': true },
      ),
    ),
    status: Type.Optional(OpaqueObject({ description: 'Unused here.' })),
  }),
  printerColumns: [
    column('Type', ({ spec }) => spec?.type),
    column('Cluster-IP', ({ spec }) => orNone(spec?.clusterIP)),
    column('External-IP', ({ spec }) => orNone(spec?.externalName)),
    column('Port(s)', ({ spec }) =>
      orNone((spec?.ports ?? []).map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`).join(',')),
    ),
    AGE_COLUMN,
    wideColumn('Selector', ({ spec }) => labelsText(spec?.selector)),
  ],
  admission: admitService,
});

/** No cluster IP is made up: nothing would listen on it. */
function admitService(service: Service): AdmissionOutcome<Service> {
  const { type = 'ClusterIP', ...spec } = service.spec ?? {};
  const isNameless = type === 'ExternalName' && !spec.externalName;
  return {
    object: { ...service, spec: { ...spec, type } },
    faults: isNameless ? [required('spec.externalName', '')] : [],
    warnings: [],
  };
}
