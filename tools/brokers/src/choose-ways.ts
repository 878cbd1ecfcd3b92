import type { BrokerName, BrokerNeeds, BrokerWay } from './broker.types.js';

/** Where a broker that runs already is told, as `host:port`, with commas between. */
export const ADDRESS_VARIABLES: Readonly<Record<BrokerName, string>> = {
  kafka: 'MILLRACE_TEST_KAFKA',
  nats: 'MILLRACE_TEST_NATS',
  'gcp-pubsub': 'MILLRACE_TEST_GCP_PUBSUB',
};

/** Forces one way. */
export const WAY_VARIABLE = 'MILLRACE_TEST_BROKERS';

const WAYS: readonly BrokerWay[] = ['address', 'container', 'native'];

type Environment = Readonly<Record<string, string | undefined>>;

/** The ways that may lead to such a broker, the first to be tried first; none where one is forced that cannot. Throws on values that mean nothing. */
export function chooseWays(name: BrokerName, needs: BrokerNeeds, environment: Environment): readonly BrokerWay[] {
  const forced = environment[WAY_VARIABLE];
  if (forced && !WAYS.some((way) => way === forced)) {
    throw new Error(`${WAY_VARIABLE} is ${forced}: the ways are ${WAYS.join(', ')}.`);
  }
  const hasAddress = Boolean(environment[ADDRESS_VARIABLES[name]]);
  return WAYS.filter((way) => {
    if (forced && way !== forced) return false;
    return way === 'native' || (isPlain(needs) && (way === 'container' || hasAddress));
  });
}

/** Whether any broker will do, also one that others use at the same time. */
export function isPlain({ version, nodes = 1, faults = false, credentials, settings }: BrokerNeeds): boolean {
  return version === undefined && nodes === 1 && !faults && credentials === undefined && settings === undefined;
}

/** Throws where it is not `host:port`, with commas between. */
export function parseAddresses(name: BrokerName, text: string): readonly string[] {
  const addresses = text.split(',').map((address) => address.trim());
  const wrong = addresses.find((address) => !/^(\[[\da-f:.]+\]|[^\s:/]+):\d{1,5}$/i.test(address));
  if (wrong !== undefined) {
    throw new Error(`${ADDRESS_VARIABLES[name]} holds "${wrong}": write host:port, with commas between several.`);
  }
  return addresses;
}
