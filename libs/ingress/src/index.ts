export { createIngress } from './create-ingress.js';
export type { IngressProcess } from './create-ingress.js';
export type { IngressOptions } from './ingress-options.js';
export { IngressModule } from './ingress.module.js';
