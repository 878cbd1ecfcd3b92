import {
  DEPLOYMENT,
  apiVersionOf,
  type Container,
  type ContainerSource,
  type Deployment,
  type PodSpec,
} from '@millrace/eventing-api';
import { ownerReferenceTo } from '@millrace/kube';

/** Label of a receive adapter's Deployment and Pods: the name of its ContainerSource. */
export const SOURCE_LABEL = 'source';

const SINK_ARGUMENT = '--sink=';

/** The sink that the user wrote among the arguments; it wins over `spec.sink`. */
export function sinkArgument(source: ContainerSource): string | undefined {
  const argument = source.spec?.args?.find((value) => value.startsWith(SINK_ARGUMENT));
  return argument?.slice(SINK_ARGUMENT.length);
}

/**
 * The Deployment of a ContainerSource (Knative Eventing Sources v0.4 `resources/deployment.go`): one container `source` that learns its
 * sink from `--sink` and `SINK`. Replicas are left alone, so that `kubectl scale` holds.
 */
export function containerSourceDeployment(source: ContainerSource, sinkUri: string): Deployment {
  const { name = '', namespace = '' } = source.metadata;
  const labels = { [SOURCE_LABEL]: name };
  return {
    apiVersion: apiVersionOf(DEPLOYMENT),
    kind: DEPLOYMENT.kind,
    metadata: { generateName: `${name}-`, namespace, labels, ownerReferences: [ownerReferenceTo(source)] },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { 'sidecar.istio.io/inject': 'true' } },
        spec: podSpec(source, sinkUri),
      },
    },
  };
}

function podSpec(source: ContainerSource, sinkUri: string): PodSpec {
  const { image = '', args = [], env = [], serviceAccountName } = source.spec ?? {};
  const container: Container = {
    name: 'source',
    image,
    args: sinkArgument(source) === undefined ? [...args, `${SINK_ARGUMENT}${sinkUri}`] : args,
    env: [...env.filter((variable) => variable.name !== 'SINK'), { name: 'SINK', value: sinkUri }],
    imagePullPolicy: 'IfNotPresent',
  };
  return { containers: [container], ...(serviceAccountName ? { serviceAccountName } : {}) };
}
