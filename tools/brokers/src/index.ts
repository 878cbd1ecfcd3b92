export type {
  Broker,
  BrokerCredentials,
  BrokerLack,
  BrokerName,
  BrokerNeeds,
  BrokerNode,
  BrokerNotRun,
  BrokerWay,
} from './broker.types.js';
export { findBroker } from './find-broker.js';
