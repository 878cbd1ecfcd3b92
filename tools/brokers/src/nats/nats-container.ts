import { Wait } from 'testcontainers';
import type { ContainerRecipe } from '../container/container-recipe.types.js';

/** The image of the NATS project, with JetStream. */
export const natsContainer: ContainerRecipe = {
  image: 'nats:2.12-alpine',
  version: '2.12',
  lacks: [],
  port: 4222,
  prepare: (container) => container.withCommand(['-js']).withWaitStrategy(Wait.forLogMessage(/Server is ready/)),
};
