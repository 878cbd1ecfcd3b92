export { ObjectMeta, OwnerReference } from './meta/object-meta.schema.js';
export { Destination } from './meta/destination.schema.js';
export { isHttpUrl } from './meta/destination.validation.js';
export { ObjectReference } from './meta/object-reference.schema.js';
export { EventFilters, MAX_FILTER_DEPTH } from './filter/filter.schema.js';
export type { EventFilter } from './filter/filter.schema.js';
export { Address, Condition, Conditions } from './meta/condition.schema.js';
export type { KubeList, KubeObject, ObjectKey } from './meta/kube-object.types.js';
export { OpaqueObject, StringMap, Timestamp } from './meta/schema-parts.js';

export { apiVersionOf } from './kinds/resource-kind.types.js';
export type { PrinterColumn, ResourceDefinition, ResourceKind } from './kinds/resource-kind.types.js';
export { EVENTING_GROUP, SOURCES_GROUP, VERSION } from './kinds/groups.js';
export { RESOURCE_DEFINITIONS } from './kinds/definitions.js';
export { CONDITION_REFERENCES } from './kinds/condition-references.js';
export type { ConditionReference } from './conditions/condition-reference.js';
export type { CodeReference, CodeText } from './codes/code-reference.js';
export { PUBLISH_REFUSAL_REFERENCE } from './codes/publish-refusals.js';
export { STORE_DROP_REASON_REFERENCE } from './codes/store-drop-reasons.js';
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
export { parseStartPosition } from './subscription/start-position.js';
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
export { CRON_JOB_SOURCE } from './cron-job-source/cron-job-source.definition.js';
export { CronJobSource, CronJobSourceSpec } from './cron-job-source/cron-job-source.schema.js';
export { DEFAULT_TIME_ZONE, isTimeZone, readCronSchedule } from './cron-job-source/cron-schedule.js';
export type { CronSchedule, CronScheduleReading } from './cron-job-source/cron-schedule.js';
export {
  CHANNEL_LABEL,
  channelServiceHostname,
  channelServiceLabels,
  channelServiceName,
  channelVirtualHost,
  LEGACY_CHANNEL_LABEL,
  LEGACY_PROVISIONER_LABEL,
  PROVISIONER_LABEL,
} from './channel/channel.names.js';
export {
  chooseDefaultProvisioner,
  DEFAULT_PROVISIONER_ANNOTATION,
  IS_DEFAULT_PROVISIONER_ANNOTATION,
} from './cluster-channel-provisioner/default-provisioner.js';
export type { DefaultProvisioner } from './cluster-channel-provisioner/default-provisioner.js';
export { routingOf } from './cluster-channel-provisioner/cluster-channel-provisioner.defaults.js';
export type { Routing } from './cluster-channel-provisioner/cluster-channel-provisioner.defaults.js';

export { findCondition, isReady, keepTransitionTimes, READY } from './conditions/conditions.js';
export { ConditionSet } from './conditions/condition-set.js';
export type { InformationalCondition } from './conditions/condition-set.js';
export { CHANNEL_REASONS, channelConditions } from './channel/channel.conditions.js';
export { SUBSCRIPTION_REASONS, subscriptionConditions } from './subscription/subscription.conditions.js';
export {
  CLUSTER_CHANNEL_PROVISIONER_REASONS,
  clusterChannelProvisionerConditions,
} from './cluster-channel-provisioner/cluster-channel-provisioner.conditions.js';
export { CONTAINER_SOURCE_REASONS, containerSourceConditions } from './container-source/container-source.conditions.js';
export { CRON_JOB_SOURCE_REASONS, cronJobSourceConditions } from './cron-job-source/cron-job-source.conditions.js';

export { DeliverySpec } from './delivery/delivery.schema.js';
export { DELIVERY_DEFAULTS, ownOrInherited, resolveDelivery } from './delivery/delivery.defaults.js';
export { durationMs, parseDurationMs } from './delivery/duration.js';
export { DurationText } from './delivery/duration.schema.js';
export type { ResolvedDelivery } from './delivery/resolved-delivery.types.js';

export { validateAgainstSchema } from './schema/validate-against-schema.js';
export { pruneUnknownFields } from './schema/prune-unknown-fields.js';
export type { PrunedValue } from './schema/prune-unknown-fields.js';
export { toOpenApiSchema } from './schema/openapi-schema.js';
export type { OpenApiSchema } from './schema/openapi-schema.js';
export { toCustomResourceDefinition } from './schema/custom-resource-definition.js';

export type { Capabilities } from './driver/capabilities.types.js';
export { DRIVER_CLAIMS_ANNOTATION, driverLeaseName } from './driver/driver-lease.js';
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
  Durability,
  Health,
  Parameters,
  PublishRefusal,
  PublishResult,
  SecretValues,
  Settlement,
  StartPosition,
  SubscriptionAccount,
} from './driver/channel-driver.types.js';
export type { EventMode, EventTransport, StoredEvent } from './driver/stored-event.types.js';
export { describeTlsFault } from './driver/tls-fault.js';
export { readTlsSecret } from './driver/tls-secret.js';
export type { TlsSecret } from './driver/tls-secret.js';

export { sleep, systemClock } from './process/clock.js';
export type { Clock, Timer } from './process/clock.js';
export { within } from './process/within.js';
export { KeptAnswer } from './process/kept-answer.js';
export { RareWarning } from './process/rare-warning.js';
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
export { noManagementRoutes } from './process/management-routes.types.js';
export type { ManagementRoute, ManagementRoutes } from './process/management-routes.types.js';
export { CLOCK, LIFE_CYCLE, LOGGER, MANAGEMENT_ROUTES, METRICS } from './process/tokens.js';

export type { AdmissionFunction, AdmissionLookup, AdmissionOutcome, FieldFault } from './admission/admission.types.js';
export { forbidden, invalid, notSupported, required } from './admission/faults.js';
