import { reasonNames, type ConditionReference } from '../conditions/condition-reference.js';
import { ConditionSet } from '../conditions/condition-set.js';

/** What the conditions of a ContainerSource (reasons of Knative Eventing Sources v0.4), which a KubernetesEventSource copies say, and why. */
export const CONTAINER_SOURCE_CONDITION_REFERENCE = {
  kinds: ['ContainerSource', 'KubernetesEventSource'],
  conditions: {
    Ready: '`SinkProvided` and `Deployed` are True.',
    SinkProvided: 'The address of the sink is known.',
    Deployed: 'The receive adapter runs.',
  },
  reasons: {
    Missing: 'SinkProvided=False: there is neither `spec.sink` nor a `--sink=` argument.',
    NotFound: 'SinkProvided=False: the sink does not exist or has no address yet.',
    Deploying: 'Deployed=Unknown: the Deployment was made and has no ready replica yet.',
    DeployUpdated: 'Deployed=Unknown: the Deployment was changed and has no ready replica yet.',
    DeploymentBlocked: 'Deployed=False: the Deployment could not be made; the message says why.',
    NoReadyReplicas: 'Deployed=False: the Deployment had ready replicas and has none now.',
  },
} as const satisfies ConditionReference;

export const CONTAINER_SOURCE_REASONS = reasonNames(CONTAINER_SOURCE_CONDITION_REFERENCE.reasons);

/** `Ready` of a ContainerSource = `SinkProvided` and `Deployed`. A KubernetesEventSource copies the list of its ContainerSource. */
export const containerSourceConditions = new ConditionSet(['SinkProvided', 'Deployed'] as const);
