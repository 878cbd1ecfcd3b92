/** Injection tokens under which `platform` provides what libraries need of their process. */
export const LOGGER = Symbol('Logger');
export const CLOCK = Symbol('Clock');
export const METRICS = Symbol('MetricsRegistry');
export const LIFE_CYCLE = Symbol('LifeCycle');
export const MANAGEMENT_ROUTES = Symbol('ManagementRoutes');
