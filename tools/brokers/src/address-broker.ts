import type { Broker, BrokerLack, BrokerName } from './broker.types.js';
import { parseAddresses } from './choose-ways.js';
import { emulatorLacks, pstestLacks } from './gcp-pubsub/stand-in-lacks.js';

/** A broker that runs already, of which we know nothing but where. Throws where that is not `host:port`. */
export function addressBroker(name: BrokerName, addresses: string): Broker {
  // Whatever answers the Pub/Sub API at an address is one of the stand-ins: expect no more than either can do.
  const lacks: readonly BrokerLack[] = name === 'gcp-pubsub' ? [...new Set([...emulatorLacks, ...pstestLacks])] : [];
  return {
    name,
    way: 'address',
    version: 'unknown',
    addresses: parseAddresses(name, addresses),
    nodes: [],
    lacks,
    stop: () => Promise.resolve(),
  };
}
