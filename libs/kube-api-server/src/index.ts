export { KubeApiServerModule } from './kube-api-server.module.js';
export { KubeApiServer } from './server/kube-api-server.js';
export type { KubeApiServerOptions } from './server/kube-api-server.js';
export { STATUS_REASON_REFERENCE } from './rest/status-reasons.js';
