import { Controller, Get, Inject, NotFoundException, Param } from '@nestjs/common';
import { ManagementRouteTable } from './management-route-table.js';

/** The pages that libraries contribute, as JSON; the names of other controllers win. */
@Controller()
export class ManagementRoutesController {
  constructor(@Inject(ManagementRouteTable) private readonly routes: ManagementRouteTable) {}

  @Get(':name')
  read(@Param('name') name: string): unknown {
    const route = this.routes.get(name);
    if (!route) throw new NotFoundException();
    return route.read();
  }
}
