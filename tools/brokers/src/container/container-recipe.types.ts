import type { GenericContainer } from 'testcontainers';
import type { BrokerLack } from '../broker.types.js';

/** How a broker is run in a container. */
export interface ContainerRecipe {
  readonly image: string;
  /** As the tag of the image says it. */
  readonly version: string;
  readonly lacks: readonly BrokerLack[];
  /** Port for clients inside. */
  readonly port: number;
  /** `hostPort`: where clients outside find that port, on 127.0.0.1. */
  prepare(container: GenericContainer, hostPort: number): GenericContainer;
}
