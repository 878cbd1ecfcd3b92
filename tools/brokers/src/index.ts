export type {
  Broker,
  BrokerCredentials,
  BrokerLack,
  BrokerName,
  BrokerNeeds,
  BrokerNode,
  BrokerNotRun,
  BrokerSettings,
  BrokerWay,
} from './broker.types.js';
export { findBroker } from './find-broker.js';
export { makeTestAuthority } from './test-authority.js';
export type { TestAuthority, TestCertificate } from './test-authority.js';
