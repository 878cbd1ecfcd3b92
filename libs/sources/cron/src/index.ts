export { CronAdapterModule } from './cron-adapter.module.js';
export type { CronAdapterOptions } from './cron-adapter.js';
