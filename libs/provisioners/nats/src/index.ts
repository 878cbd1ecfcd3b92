export { natsDriverProvider } from './nats-provider.js';
