import { type StartedTestContainer, getContainerRuntimeClient, ImageName } from 'testcontainers';
import type { Broker, BrokerName, BrokerNotRun } from '../broker.types.js';
import { findFreePort } from '../free-port.js';
import { gcpPubSubContainer } from '../gcp-pubsub/gcp-pubsub-container.js';
import { kafkaContainer } from '../kafka/kafka-container.js';
import { keeperOfThisProcess } from '../keeper.js';
import { natsContainer } from '../nats/nats-container.js';
import type { ContainerRecipe } from './container-recipe.types.js';
import { LoopbackContainer } from './loopback-container.js';

const START_LIMIT_MS = 90_000;

const recipes: Readonly<Record<BrokerName, ContainerRecipe>> = {
  kafka: kafkaContainer,
  nats: natsContainer,
  'gcp-pubsub': gcpPubSubContainer,
};

/** Starts a broker in a container; `notRun` where no engine answers, or where it has not got the image and cannot fetch it. Throws where it has the image, and that does not start. */
export async function startContainerBroker(name: BrokerName): Promise<Broker | BrokerNotRun> {
  // Our keeper does what the reaper does, without a privileged container.
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
  if (!(await hasEngine())) return { notRun: 'no Docker engine answers' };
  const recipe = recipes[name];
  const hostPort = await findFreePort();
  const container = new LoopbackContainer(recipe.image)
    .withExposedPorts({ container: recipe.port, host: hostPort })
    .withStartupTimeout(START_LIMIT_MS);
  try {
    return runningBroker(name, recipe, hostPort, await recipe.prepare(container, hostPort).start());
  } catch (error) {
    const message = `the container ${recipe.image} did not start (${(error as Error).message})`;
    if (await hasImage(recipe.image)) throw new Error(message, { cause: error });
    return { notRun: message };
  }
}

async function hasEngine(): Promise<boolean> {
  try {
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false;
  }
}

async function hasImage(image: string): Promise<boolean> {
  const { image: images } = await getContainerRuntimeClient();
  return images.exists(ImageName.fromString(image));
}

function runningBroker(
  name: BrokerName,
  { version, lacks }: ContainerRecipe,
  hostPort: number,
  started: StartedTestContainer,
): Broker {
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await started.stop({ timeout: 0, remove: true, removeVolumes: true });
    keeperOfThisProcess().forgetContainer(started.getId());
  };
  return {
    name,
    way: 'container',
    version,
    addresses: [`127.0.0.1:${hostPort}`],
    nodes: [],
    lacks,
    stop: () => (stopping ??= stop()),
  };
}
