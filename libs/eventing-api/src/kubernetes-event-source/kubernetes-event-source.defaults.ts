import type { Defaulted } from '../admission/admission.js';
import type { KubernetesEventSource } from './kubernetes-event-source.schema.js';

/** `spec.namespace` is the source's own where none is named. (Knative Eventing Sources v0.4 demanded it, and its published example left it out.) */
export function applyKubernetesEventSourceDefaults(source: KubernetesEventSource): Defaulted<KubernetesEventSource> {
  const namespace = source.spec?.namespace;
  const ownNamespace = source.metadata.namespace;
  return (namespace === undefined || namespace === '') && ownNamespace !== undefined
    ? { object: { ...source, spec: { ...source.spec, namespace: ownNamespace } } }
    : { object: source };
}
