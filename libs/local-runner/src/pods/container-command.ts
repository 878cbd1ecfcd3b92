import type { Container } from '@millrace/eventing-api';
import type { ImageCatalogue } from '../images/image-catalogue.js';
import type { ChildCommand } from './child.js';
import { expandVariables } from './expand-variables.js';

/** How to run a container here, or why that cannot be done. */
export type ContainerCommand =
  | { readonly outcome: 'run'; readonly command: ChildCommand }
  | { readonly outcome: 'cannot-run'; readonly reason: string; readonly message: string };

/** Of our own environment a child gets what a program needs of its machine, and none of our settings. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'NODE_EXTRA_CA_CERTS'];

/** A child says which management port it took. Its end must come before ours. */
const FOR_EVERY_CHILD = { MILLRACE_MANAGEMENT_PORT: '0', MILLRACE_SHUTDOWN_TIMEOUT: 'PT3S' };

/** Reason of a container whose image is none of this repository's. */
export const IMAGE_NOT_AVAILABLE = 'ImageNotAvailable';

/** What every container of a Pod is given. */
export interface ContainerSurroundings {
  readonly images: ImageCatalogue;
  readonly kubeconfig: string;
  /** Where it should listen; 0 = any free port. */
  readonly port: number;
}

/** What a container of a Pod is as a child process. */
export function containerCommand(
  container: Container,
  { images, kubeconfig, port }: ContainerSurroundings,
): ContainerCommand {
  const found = images.find(container.image);
  if (found.outcome === 'not-available') {
    return { outcome: 'cannot-run', reason: IMAGE_NOT_AVAILABLE, message: found.message };
  }
  const unknown = container.env?.find(({ valueFrom }) => valueFrom !== undefined);
  if (unknown !== undefined) {
    const message = `Variable "${unknown.name}" has valueFrom, which cannot be had here; give it a value.`;
    return { outcome: 'cannot-run', reason: 'CreateContainerConfigError', message };
  }
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const own = ownVariables(container);
  const env = {
    ...Object.fromEntries(inherited),
    ...FOR_EVERY_CHILD,
    PORT: `${port}`,
    KUBECONFIG: kubeconfig,
    ...own,
  };
  return {
    outcome: 'run',
    command: {
      main: found.image.main,
      args: (container.args ?? []).map((argument) => expandVariables(argument, own)),
      env,
    },
  };
}

/** The variables that the container is given; each may refer to those before it. */
function ownVariables({ env = [] }: Container): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const { name, value = '' } of env) variables[name] = expandVariables(value, variables);
  return variables;
}
