export { runApp } from './process/run-app.js';
export type { AppDefinition, AppSettings } from './process/app-definition.types.js';
export type { CommonSettings, LogLevel } from './settings/process-settings.js';
