import { ConditionSet, type Deployment, type KnativeService } from '@millrace/eventing-api';

/** The conditions of a Knative Service that mean something here. */
const knativeServiceConditions = new ConditionSet(['ConfigurationsReady', 'RoutesReady'] as const);

/** Why a Knative Service does not run. */
export interface KnativeObstacle {
  readonly reason: string;
  readonly message: string;
}

type KnativeStatus = NonNullable<KnativeService['status']>;

/** A Knative Service that cannot be run here. An address that it had is gone. */
export function refusedStatus(service: KnativeService, { reason, message }: KnativeObstacle, now: Date): KnativeStatus {
  const initial = knativeServiceConditions.initialize(service.status?.conditions, now);
  const conditions = knativeServiceConditions.markFalse(initial, 'ConfigurationsReady', reason, message, now);
  return { ...observed(service), conditions };
}

/**
 * A Knative Service that is run by this Deployment. It gets its address when a replica is ready for the first time, and keeps it: a consumer that is
 * down for a while has not moved.
 */
export function runningStatus(
  service: KnativeService,
  deployment: Deployment,
  clusterDomain: string,
  now: Date,
): KnativeStatus {
  const isReady = (deployment.status?.readyReplicas ?? 0) > 0;
  const hostname = `${service.metadata.name ?? ''}.${service.metadata.namespace ?? ''}.svc.${clusterDomain}`;
  const hasAddress = isReady || service.status?.address !== undefined;
  const progressing = deployment.status?.conditions?.find(({ type }) => type === 'Progressing');
  const message =
    progressing?.status === 'False' ? (progressing.message ?? '') : 'No replica of the Deployment is ready yet.';
  const reason = progressing?.status === 'False' ? (progressing.reason ?? 'NotReady') : 'Deploying';
  const initial = knativeServiceConditions.initialize(service.status?.conditions, now);
  const configured = isReady
    ? knativeServiceConditions.markTrue(initial, 'ConfigurationsReady', now)
    : knativeServiceConditions.markUnknown(initial, 'ConfigurationsReady', reason, message, now);
  const conditions = hasAddress
    ? knativeServiceConditions.markTrue(configured, 'RoutesReady', now)
    : knativeServiceConditions.markUnknown(configured, 'RoutesReady', reason, message, now);
  if (!hasAddress) return { ...observed(service), conditions };
  const url = `http://${hostname}`;
  return {
    ...observed(service),
    conditions,
    address: { hostname, url: `${url}/` },
    domain: hostname,
    domainInternal: hostname,
    url,
  };
}

function observed({ metadata }: KnativeService) {
  return metadata.generation === undefined ? {} : { observedGeneration: metadata.generation };
}
