export { ObjectMeta, OwnerReference } from './meta/object-meta.schema.js';
export { ObjectReference } from './meta/object-reference.schema.js';
export { Address, Condition, Conditions } from './meta/condition.schema.js';
export type { KubeList, KubeObject, ObjectKey } from './meta/kube-object.types.js';
export { OpaqueObject, StringMap, Timestamp } from './meta/schema-parts.js';

export { apiVersionOf } from './kinds/resource-kind.types.js';
export type { PrinterColumn, ResourceDefinition, ResourceKind } from './kinds/resource-kind.types.js';
export { EVENTING_GROUP, SOURCES_GROUP, VERSION } from './kinds/groups.js';
export { RESOURCE_DEFINITIONS } from './kinds/definitions.js';
export {
  CONFIG_MAP,
  DEPLOYMENT,
  ENDPOINT_SLICE,
  EVENT,
  KNATIVE_SERVICE,
  LEASE,
  NAMESPACE,
  POD,
  SECRET,
  SERVICE,
  VIRTUAL_SERVICE,
} from './kinds/core-kinds.js';
export type {
  ConfigMap,
  Container,
  Deployment,
  EndpointSlice,
  Event,
  KnativeService,
  Lease,
  Namespace,
  Pod,
  PodSpec,
  Secret,
  Service,
  VirtualService,
} from './kinds/core-kinds.js';

export { CHANNEL } from './channel/channel.definition.js';
export {
  Channel,
  ChannelSpec,
  ChannelStatus,
  ChannelSubscriber,
  ChannelSubscriberStatus,
} from './channel/channel.schema.js';
export { SUBSCRIPTION } from './subscription/subscription.definition.js';
export {
  ReplySpec,
  SubscriberSpec,
  Subscription,
  SubscriptionSpec,
  SubscriptionStatus,
} from './subscription/subscription.schema.js';
export { CLUSTER_CHANNEL_PROVISIONER } from './cluster-channel-provisioner/cluster-channel-provisioner.definition.js';
export {
  ClusterChannelProvisioner,
  ClusterChannelProvisionerSpec,
  ClusterChannelProvisionerStatus,
} from './cluster-channel-provisioner/cluster-channel-provisioner.schema.js';
export { CONTAINER_SOURCE } from './container-source/container-source.definition.js';
export { ContainerSource, ContainerSourceSpec, SourceStatus } from './container-source/container-source.schema.js';
export { KUBERNETES_EVENT_SOURCE } from './kubernetes-event-source/kubernetes-event-source.definition.js';
export {
  KubernetesEventSource,
  KubernetesEventSourceSpec,
} from './kubernetes-event-source/kubernetes-event-source.schema.js';
export { DeliverySpec } from './delivery/delivery.schema.js';
export type { ResolvedDelivery } from './delivery/resolved-delivery.types.js';

export type { Capabilities } from './driver/capabilities.types.js';
export type {
  Backlog,
  ChannelDriver,
  ChannelDriverProvider,
  ChannelReport,
  Claim,
  ConsumeOptions,
  Consumption,
  DriverChannel,
  DriverContext,
  DriverSubscription,
  EventHandler,
  Health,
  Parameters,
  PublishRefusal,
  PublishResult,
  SecretValues,
  Settlement,
  StartPosition,
} from './driver/channel-driver.types.js';
export type { EventMode, EventTransport, StoredEvent } from './driver/stored-event.types.js';

export { sleep, systemClock } from './process/clock.js';
export type { Clock, Timer } from './process/clock.js';
export type { LifeCycle, ProcessPart } from './process/life-cycle.types.js';
export { silentLogger } from './process/logger.types.js';
export type { LogFields, Logger } from './process/logger.types.js';
export { noMetrics } from './process/metrics.types.js';
export type {
  HistogramSample,
  MetricDescription,
  MetricLabels,
  MetricSample,
  MetricsRegistry,
} from './process/metrics.types.js';
export { CLOCK, LIFE_CYCLE, LOGGER, METRICS } from './process/tokens.js';

export type { AdmissionFunction, AdmissionLookup, AdmissionOutcome, FieldFault } from './admission/admission.types.js';
