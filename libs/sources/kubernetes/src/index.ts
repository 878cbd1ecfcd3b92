export { KubernetesEventAdapterModule } from './kubernetes-event-adapter.module.js';
export type { KubernetesEventAdapterOptions } from './kubernetes-event-adapter.js';
