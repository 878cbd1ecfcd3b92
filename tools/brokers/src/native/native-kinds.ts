import type { BrokerName } from '../broker.types.js';
import { nativeGcpPubSub } from '../gcp-pubsub/gcp-pubsub-native.js';
import { nativeKafka } from '../kafka/kafka-native.js';
import { nativeNats } from '../nats/nats-native.js';
import type { NativeBrokerKind } from './native.types.js';

/** Each broker as it is run without containers. */
export const nativeKinds: Readonly<Record<BrokerName, NativeBrokerKind>> = {
  kafka: nativeKafka,
  nats: nativeNats,
  'gcp-pubsub': nativeGcpPubSub,
};
