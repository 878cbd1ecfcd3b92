import { addressBroker } from './address-broker.js';
import type { Broker, BrokerName, BrokerNeeds, BrokerNotRun, BrokerWay } from './broker.types.js';
import { ADDRESS_VARIABLES, WAY_VARIABLE, chooseWays } from './choose-ways.js';
import { nativeKinds } from './native/native-kinds.js';
import { startNativeBroker } from './native/native-broker.js';
import { shareBroker } from './share-broker.js';

/**
 * A broker for a test or a bench: at an address of the environment, else in a container, else as a process of this machine; `notRun` where no way leads there.
 * Whatever cannot give the needs is passed over; one line on stderr says which way was taken. Without `faults`, `credentials` and `settings`, all of a process share it.
 * Throws where an environment variable means nothing, and where a broker that is installed, or whose image is there, does not start.
 */
export async function findBroker(name: BrokerName, needs: BrokerNeeds = {}): Promise<Broker | BrokerNotRun> {
  checkCredentials(needs);
  if (needs.faults || needs.credentials || needs.settings) return startBroker(name, needs);
  return shareBroker(JSON.stringify([name, needs.version, needs.nodes ?? 1]), () => startBroker(name, needs));
}

async function startBroker(name: BrokerName, needs: BrokerNeeds): Promise<Broker | BrokerNotRun> {
  const reasons: string[] = [];
  for (const way of chooseWays(name, needs, process.env)) {
    const found = await tryWay(way, name, needs);
    if (!('notRun' in found)) {
      tell(found, reasons);
      return found;
    }
    reasons.push(found.notRun);
  }
  if (reasons.length === 0) {
    const forced = process.env[WAY_VARIABLE] ?? '';
    reasons.push(`${WAY_VARIABLE}=${forced} does not lead to such a broker (another way: ${WAY_VARIABLE}=native)`);
  }
  return { notRun: `${name}: ${reasons.join('; ')}` };
}

function tryWay(way: BrokerWay, name: BrokerName, needs: BrokerNeeds): Promise<Broker | BrokerNotRun> {
  if (way === 'address') return Promise.resolve(addressBroker(name, process.env[ADDRESS_VARIABLES[name]] ?? ''));
  return way === 'container' ? tryContainer(name) : tryNative(name, needs);
}

async function tryNative(name: BrokerName, needs: BrokerNeeds): Promise<Broker | BrokerNotRun> {
  const kind = nativeKinds[name];
  const objection = kind.objection(needs);
  if (objection !== undefined) return { notRun: objection };
  const installed = kind.find(needs.version);
  if (installed) return startNativeBroker(name, installed, needs);
  const version = needs.version ?? kind.versions[0];
  const flag = needs.version === undefined ? '' : ` --version ${needs.version}`;
  return { notRun: `version ${version} is not installed: npm run brokers -- install ${name}${flag}` };
}

async function tryContainer(name: BrokerName): Promise<Broker | BrokerNotRun> {
  // Slow to load, and not needed by the other ways.
  const { startContainerBroker } = await import('./container/container-broker.js');
  return startContainerBroker(name);
}

/** They go into configuration files of three kinds of quoting. */
function checkCredentials({ credentials }: BrokerNeeds): void {
  for (const text of credentials ? [credentials.username, credentials.password] : []) {
    if (!/^[\w.-]+$/.test(text))
      throw new Error(`"${text}" is no name or password for a test: use letters and digits.`);
  }
}

const told = new Set<string>();

/** `passedOver`: why not an earlier way. */
function tell({ name, way, version, addresses }: Broker, passedOver: readonly string[]): void {
  const what = {
    address: `at ${addresses.join(', ')}, as ${ADDRESS_VARIABLES[name]} says`,
    container: 'container',
    native: addresses.length > 1 ? `${addresses.length} native processes` : 'native process',
  }[way];
  const which = way === 'address' ? name : `${name} ${version}`;
  const line = `${which}: ${what}${passedOver.map((reason) => ` (${reason})`).join('')}`;
  if (told.has(line)) return;
  told.add(line);
  process.stderr.write(`${line}\n`);
}
