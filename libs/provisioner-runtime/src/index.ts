export { createProvisioner } from './create-provisioner.js';
export type { ProvisionerProcess } from './create-provisioner.js';
export { ProvisionerModule } from './provisioner.module.js';
export type { ProvisionerOptions } from './provisioner-options.js';
export { ProvisionerRuntime } from './provisioner-runtime.js';
export { provisionerOptions, provisionerSettings } from './provisioner-settings.js';
export type { ProvisionerSettings } from './provisioner-settings.js';
