import type { ChannelIntake } from './channel-intake.types.js';

/**
 * The intakes that live in this process, by the name of their ClusterChannelProvisioner. A provisioner runtime enters itself; the
 * ingress looks here before it goes over the network, so that one process needs no hop.
 */
export class LocalIntakes {
  private readonly byProvisioner = new Map<string, ChannelIntake>();

  set(provisioner: string, intake: ChannelIntake): void {
    this.byProvisioner.set(provisioner, intake);
  }

  delete(provisioner: string): void {
    this.byProvisioner.delete(provisioner);
  }

  get(provisioner: string): ChannelIntake | undefined {
    return this.byProvisioner.get(provisioner);
  }
}
