import { Wait } from 'testcontainers';
import type { ContainerRecipe } from '../container/container-recipe.types.js';
import { emulatorLacks } from './stand-in-lacks.js';

const PORT = 8085;

/** Google's image of the Cloud SDK with its emulators. */
export const gcpPubSubContainer: ContainerRecipe = {
  image: 'gcr.io/google.com/cloudsdktool/google-cloud-cli:emulators',
  version: 'emulator',
  lacks: emulatorLacks,
  port: PORT,
  prepare: (container) =>
    container
      .withCommand(['gcloud', 'beta', 'emulators', 'pubsub', 'start', `--host-port=0.0.0.0:${PORT}`])
      .withWaitStrategy(Wait.forLogMessage(/Server started/)),
};
