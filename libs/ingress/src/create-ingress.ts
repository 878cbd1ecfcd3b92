import { DEFAULT_INTAKE_LIMITS, IntakeServer, registerIntakeMetrics } from '@millrace/delivery';
import type { LifeCycle, MetricsRegistry } from '@millrace/eventing-api';
import { Ingress, type IngressHost } from './ingress.js';
import type { IngressOptions } from './ingress-options.js';

/** What the front door needs of its process, the ends of it included. */
export interface IngressProcess extends IngressHost {
  readonly metrics: MetricsRegistry;
  readonly lifeCycle: LifeCycle;
}

/** Puts the front door together and registers its parts. */
export function createIngress(options: IngressOptions, host: IngressProcess): Ingress {
  const { clock, logger, metrics, lifeCycle } = host;
  const { maxEventBytes, maxBytesInFlight } = options;
  const ingress = new Ingress(options.clusterDomain, host);
  const server = new IntakeServer({
    name: 'ingress',
    host: options.host,
    port: options.port,
    limits: { ...DEFAULT_INTAKE_LIMITS, maxEventBytes, maxBytesInFlight },
    locate: (hostname, path) => ingress.locator.locate(hostname, path),
    intake: ingress.intake,
    clock,
    logger,
    ready: () => ingress.synced,
  });
  lifeCycle.register(ingress);
  lifeCycle.register(server);
  registerIntakeMetrics(metrics, server);
  return ingress;
}
