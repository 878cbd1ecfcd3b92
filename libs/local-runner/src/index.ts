export { LocalRunnerModule } from './local-runner.module.js';
export type { LocalImage, LocalRunnerOptions } from './local-runner-options.js';
