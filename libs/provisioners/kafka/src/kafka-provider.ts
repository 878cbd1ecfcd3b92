import type { ChannelDriverProvider } from '@millrace/eventing-api';
import { kafkaCapabilities } from './capabilities.js';
import { KafkaDriver } from './kafka-driver.js';
import { KafkaArguments, kafkaOptions, KafkaParameters } from './kafka-options.js';

/** The Kafka driver, on kafkajs. Opening connects to nothing: a cluster that is away is told by `health`. */
export const kafkaDriverProvider: ChannelDriverProvider = {
  driver: 'kafka',
  claims: { kafka: {} },
  capabilities: kafkaCapabilities,
  parametersSchema: KafkaParameters,
  argumentsSchema: KafkaArguments,
  open: (parameters, secrets, context) =>
    Promise.resolve(parameters).then((given) => new KafkaDriver(kafkaOptions(given, secrets), context)),
};
