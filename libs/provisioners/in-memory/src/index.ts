export { inMemoryDriverProvider } from './in-memory-provider.js';
