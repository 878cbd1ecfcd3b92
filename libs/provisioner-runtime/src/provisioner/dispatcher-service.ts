import { type ClusterChannelProvisioner, type Service } from '@millrace/eventing-api';
import { ownerReferenceTo } from '@millrace/kube';

/** Where the dispatcher Service of a ClusterChannelProvisioner lies. */
export interface DispatcherPlace {
  readonly systemNamespace: string;
  readonly clusterDomain: string;
}

/** Name of the Service before the processes that take in the events of a ClusterChannelProvisioner (Knative Eventing v0.4 `provisioner_util.go`). */
export function dispatcherServiceName(provisioner: string): string {
  return `${provisioner}-dispatcher`;
}

export function dispatcherHostname(provisioner: string, { systemNamespace, clusterDomain }: DispatcherPlace): string {
  return `${dispatcherServiceName(provisioner)}.${systemNamespace}.svc.${clusterDomain}`;
}

/** That Service: it selects the pods by the labels of 2019 and leads from port 80 to the intake. */
export function dispatcherService(
  provisioner: ClusterChannelProvisioner,
  options: { readonly systemNamespace: string; readonly intakePort: number },
): Service {
  const { name = '' } = provisioner.metadata;
  const labels = { clusterChannelProvisioner: name, role: 'dispatcher' };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: dispatcherServiceName(name),
      namespace: options.systemNamespace,
      labels,
      ownerReferences: [ownerReferenceTo(provisioner)],
    },
    spec: {
      selector: labels,
      ports: [{ name: 'http', port: 80, targetPort: options.intakePort, protocol: 'TCP' }],
    },
  };
}
