import { reasonNames, type ConditionReference } from '../conditions/condition-reference.js';
import { ConditionSet } from '../conditions/condition-set.js';

/** What the conditions of a ContainerSource (reasons of Knative Eventing Sources v0.4), which a KubernetesEventSource copies, say, and why. */
export const CONTAINER_SOURCE_CONDITION_REFERENCE = {
  kinds: ['ContainerSource', 'KubernetesEventSource'],
  conditions: {
    Ready: '`SinkProvided` and `Deployed` are True.',
    SinkProvided: 'The address of the sink is known.',
    Deployed: 'The receive adapter runs.',
  },
  reasons: {
    Missing: {
      meaning: 'SinkProvided=False: there is neither `spec.sink` nor a `--sink=` argument.',
      action: 'Set `spec.sink` to a Channel or another object with an address.',
    },
    NotFound: {
      meaning: 'SinkProvided=False: the sink does not exist or has no address yet.',
      action: 'Create the object that the message names, or look at its conditions; the source goes on by itself.',
    },
    Deploying: 'Deployed=Unknown: the Deployment was made and has no ready replica yet.',
    DeployUpdated: 'Deployed=Unknown: the Deployment was changed and has no ready replica yet.',
    DeploymentBlocked: {
      meaning: 'Deployed=False: the Deployment could not be made; the message says why.',
      action:
        'Remove what the message names (a quota, a policy, a right that the controller lacks); it is tried again.',
    },
    ImageNotAvailable: {
      meaning: 'Deployed=False: there is no cluster here, and the image is none of the programs of this repository.',
      action:
        'Use an image that the message lists, start the program yourself and let it POST to `status.sinkUri`, or use a cluster.',
    },
    DeploymentFailed: {
      meaning: 'Deployed=False: the Deployment does not come up; the message says why.',
      action:
        'Read the log of its Pod (`kubectl logs deployment/<name>`): it ends again and again, or cannot be started.',
    },
    NoReadyReplicas: {
      meaning: 'Deployed=False: the Deployment had ready replicas and has none now.',
      action: 'Look at its Pods, and at its scale: with 0 replicas nothing is sent.',
    },
  },
} as const satisfies ConditionReference;

export const CONTAINER_SOURCE_REASONS = reasonNames(CONTAINER_SOURCE_CONDITION_REFERENCE.reasons);

/** `Ready` of a ContainerSource = `SinkProvided` and `Deployed`. A KubernetesEventSource copies the list of its ContainerSource. */
export const containerSourceConditions = new ConditionSet(['SinkProvided', 'Deployed'] as const);
