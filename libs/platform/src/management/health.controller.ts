import type { ProcessPart } from '@millrace/eventing-api';
import { Controller, Get, Inject } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { OrderedLifeCycle } from '../process/ordered-life-cycle.js';

/** A part that has not answered by then is down: contract of `ProcessPart.health`. */
const HEALTH_LIMIT_MS = 2_000;

/** Probes as Kubernetes asks them: `/livez` of the process alone, `/readyz` of each of its parts. */
@Controller()
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly checks: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(OrderedLifeCycle) private readonly lifeCycle: OrderedLifeCycle,
  ) {}

  /** 200 as long as the process answers at all; a broker that is away is no reason to restart. */
  @Get(['livez', 'healthz'])
  live() {
    return { status: 'ok' };
  }

  /** 200, or 503 with what is down and why. */
  @Get('readyz')
  ready() {
    const parts = this.lifeCycle.registered().filter((part) => part.health !== undefined);
    return this.checks.check([
      () => this.processIndicator(),
      ...parts.map((part, index) => () => this.partIndicator(part, keyOf(parts, index))),
    ]);
  }

  private processIndicator() {
    const { state } = this.lifeCycle;
    const process = this.indicators.check('process');
    return state === 'ready' ? process.up() : process.down(state);
  }

  private partIndicator(part: ProcessPart, key: string) {
    return this.indicators
      .check(key)
      .attempt(async () => {
        const health = await part.health?.();
        if (health?.status === 'down') throw new Error(health.message);
      })
      .withTimeout(HEALTH_LIMIT_MS);
  }
}

/** The part's name, numbered where an earlier part is called the same. */
function keyOf(parts: readonly ProcessPart[], index: number): string {
  const name = parts[index]?.name ?? '';
  const earlier = parts.slice(0, index).filter((part) => part.name === name).length;
  return earlier === 0 ? name : `${name}-${earlier + 1}`;
}
