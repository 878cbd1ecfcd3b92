import { Type, type Static } from 'typebox';
import { customResource } from '../kinds/custom-resource.schema.js';
import { Address, Conditions } from '../meta/condition.schema.js';
import { OpaqueObject } from '../meta/schema-parts.js';

export const ClusterChannelProvisionerSpec = Type.Object(
  {
    generation: Type.Optional(Type.Integer({ description: 'Left over from 2018; unused.' })),
    driver: Type.Optional(
      Type.String({
        description:
          'Name of the driver that keeps the events. Where it is empty, the driver that claims the name of this object.',
      }),
    ),
    parameters: Type.Optional(
      OpaqueObject({
        description: "Settings of the driver for all Channels of this provisioner, checked by the driver's own schema.",
      }),
    ),
    routing: Type.Optional(
      Type.Enum(['Ingress', 'Direct', 'Istio'], {
        description:
          'How a Channel is reached: through the ingress, directly at the provisioner, or through an Istio VirtualService. Immutable. Default Ingress.',
      }),
    ),
  },
  { description: 'Which driver keeps the events, and how.' },
);
export type ClusterChannelProvisionerSpec = Static<typeof ClusterChannelProvisionerSpec>;

export const ClusterChannelProvisionerStatus = Type.Object(
  {
    observedGeneration: Type.Optional(Type.Integer({ description: 'Generation that this status reflects.' })),
    conditions: Type.Optional(Conditions),
    address: Type.Optional(Address),
    capabilities: Type.Optional(OpaqueObject({ description: 'What the driver can do, as it declares it.' })),
  },
  { description: 'What the provisioner is.' },
);
export type ClusterChannelProvisionerStatus = Static<typeof ClusterChannelProvisionerStatus>;

/** A class of Channels, as a StorageClass is a class of volumes (name and role: Knative Eventing v0.4 `cluster_channel_provisioner_types.go`, whose spec was empty). */
export const ClusterChannelProvisioner = customResource(
  'A ClusterChannelProvisioner names the driver that keeps the events of its Channels and the settings of that driver, as a StorageClass does for volumes.',
  ClusterChannelProvisionerSpec,
  ClusterChannelProvisionerStatus,
);
export type ClusterChannelProvisioner = Static<typeof ClusterChannelProvisioner>;
