import { Wait } from 'testcontainers';
import type { ContainerRecipe } from '../container/container-recipe.types.js';

const MONITORING_PORT = 8222;

/** The image of the NATS project, with JetStream. */
export const natsContainer: ContainerRecipe = {
  image: 'nats:2.12-alpine',
  version: '2.12',
  lacks: [],
  port: 4222,
  prepare: (container) =>
    container
      .withCommand(['-js', '-m', String(MONITORING_PORT)])
      .withExposedPorts(MONITORING_PORT)
      .withWaitStrategy(Wait.forHttp('/healthz', MONITORING_PORT)),
};
