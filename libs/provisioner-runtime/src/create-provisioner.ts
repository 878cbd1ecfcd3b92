import {
  DEFAULT_INTAKE_LIMITS,
  DeliveryEngine,
  IntakeServer,
  registerDeliveryMetrics,
  registerEngineMetrics,
  registerIntakeMetrics,
  type LocalIntakes,
} from '@millrace/delivery';
import type { Clock, LifeCycle, Logger, ManagementRoutes, MetricsRegistry } from '@millrace/eventing-api';
import type { KubeClient } from '@millrace/kube';
import { readAccounting } from './accounting/accounting.js';
import type { ProvisionerOptions } from './provisioner-options.js';
import { ProvisionerRuntime } from './provisioner-runtime.js';
import { registerProvisionerMetrics } from './register-provisioner-metrics.js';

/** What a provisioner needs of its process. */
export interface ProvisionerProcess {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
  readonly lifeCycle: LifeCycle;
  readonly managementRoutes: ManagementRoutes;
  readonly localIntakes?: LocalIntakes | undefined;
}

/** Name of the intake's port in what a process reports. */
const INTAKE_PORT = 'intake';
/** Bytes that the headers of a request grow by on its way through the ingress (UID of the Channel, another host): what that took must not be refused here. */
const INGRESS_HEADER_BYTES = 1024;

/** Puts a provisioner together and registers its parts: the port for events, the runtime behind it, the engine that delivers. */
export function createProvisioner(options: ProvisionerOptions, host: ProvisionerProcess): ProvisionerRuntime {
  const { client, clock, logger, metrics, lifeCycle, managementRoutes, localIntakes } = host;
  const engine = new DeliveryEngine({ clock, logger });
  const runtime: ProvisionerRuntime = new ProvisionerRuntime(options, {
    client,
    clock,
    logger,
    engine,
    localIntakes,
    intakePort: () => server.ports()[INTAKE_PORT],
  });
  const server = new IntakeServer({
    name: INTAKE_PORT,
    host: options.host,
    port: options.intakePort,
    limits: {
      ...DEFAULT_INTAKE_LIMITS,
      maxEventBytes: options.maxEventBytes,
      maxHeaderBytes: DEFAULT_INTAKE_LIMITS.maxHeaderBytes + INGRESS_HEADER_BYTES,
    },
    locate: (hostname, path) => runtime.locator.locate(hostname, path),
    intake: runtime.intake,
    clock,
    logger,
    ready: () => runtime.synced,
  });
  // Ends are in reverse: the runtime stops its consumptions before the engine lets go of its connections.
  lifeCycle.register({ name: 'delivery', close: () => engine.close() });
  lifeCycle.register(server);
  lifeCycle.register(runtime);
  registerDeliveryMetrics(metrics, () => engine.deliveries());
  registerEngineMetrics(metrics, engine);
  registerIntakeMetrics(metrics, server);
  registerProvisionerMetrics(metrics, runtime.stores);
  managementRoutes.add({ name: 'accounting', read: () => readAccounting(engine, runtime.stores) });
  return runtime;
}
