import { GenericContainer } from 'testcontainers';
import { keeperOfThisProcess } from '../keeper.js';

/** A container that only this machine can talk to, and that goes with this process. */
export class LoopbackContainer extends GenericContainer {
  protected override beforeContainerCreated = (): Promise<void> => {
    const bindings = Object.entries(this.hostConfig.PortBindings as Record<string, { HostPort?: string }[]>);
    this.hostConfig.PortBindings = Object.fromEntries(
      bindings.map(([port, hosts]) => [port, hosts.map((host) => ({ ...host, HostIp: '127.0.0.1' }))]),
    );
    return Promise.resolve();
  };

  protected override containerCreated = (id: string): Promise<void> => {
    keeperOfThisProcess().keepContainer(id);
    return Promise.resolve();
  };
}
