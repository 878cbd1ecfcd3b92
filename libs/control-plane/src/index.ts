export { ControlPlaneModule } from './control-plane.module.js';
export { ControlPlane } from './control-plane.js';
export type { ControlPlaneOptions } from './control-plane-options.js';
