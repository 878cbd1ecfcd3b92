export { kafkaDriverProvider } from './kafka-provider.js';
export { groupName, topicName } from './names.js';
