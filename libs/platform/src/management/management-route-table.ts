import type { ManagementRoute, ManagementRoutes } from '@millrace/eventing-api';

/** The pages that the libraries of a process contribute to its management port. */
export class ManagementRouteTable implements ManagementRoutes {
  private readonly routes = new Map<string, ManagementRoute>();

  add(route: ManagementRoute): void {
    if (this.routes.has(route.name)) throw new Error(`management page ${route.name} is there already`);
    this.routes.set(route.name, route);
  }

  get(name: string): ManagementRoute | undefined {
    return this.routes.get(name);
  }
}
