import { createHash } from 'node:crypto';
import { POD, apiVersionOf, type Deployment, type Pod } from '@millrace/eventing-api';
import { ownerReferenceTo } from '@millrace/kube';

/** Label by which the Pods of one version of a Deployment's template are known (Kubernetes apps/v1). */
export const TEMPLATE_HASH_LABEL = 'pod-template-hash';

/** Name of a Deployment's template: another template, another hash. */
export function templateHash(deployment: Deployment): string {
  const template = JSON.stringify(deployment.spec?.template ?? {});
  return createHash('sha256').update(template).digest('hex').slice(0, 10);
}

/** A new Pod of a Deployment. */
export function deploymentPod(deployment: Deployment): Pod {
  const { name = '', namespace = '' } = deployment.metadata;
  const template = deployment.spec?.template;
  const hash = templateHash(deployment);
  return {
    apiVersion: apiVersionOf(POD),
    kind: POD.kind,
    metadata: {
      generateName: `${name}-${hash}-`,
      namespace,
      labels: { ...template?.metadata?.labels, [TEMPLATE_HASH_LABEL]: hash },
      ...(template?.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
      ownerReferences: [ownerReferenceTo(deployment)],
    },
    spec: template?.spec ?? { containers: [] },
  };
}
