export { gcpPubSubDriverProvider } from './gcp-pubsub-provider.js';
