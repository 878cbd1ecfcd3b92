export { createProvisioner } from './create-provisioner.js';
export type { ProvisionerProcess } from './create-provisioner.js';
export { ProvisionerModule } from './provisioner.module.js';
export type { ProvisionerOptions } from './provisioner-options.js';
export { ProvisionerRuntime } from './provisioner-runtime.js';
