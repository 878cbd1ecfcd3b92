import { type Static, Type } from 'typebox';

/** What an app may have of its own among the settings that every app has. */
export interface CommonDefaults {
  /** Default of the setting `managementPort`. */
  readonly managementPort: number;
  /** Default of the setting `logLevel`; `info` where absent. */
  readonly logLevel?: LogLevel;
  /** Default of the setting `shutdownTimeout`, an ISO 8601 duration; PT25S, within the 30 s that Kubernetes gives a Pod, where absent. */
  readonly shutdownTimeout?: string;
}

/** Settings that every app has, with the defaults of this app. */
export function commonSettings({ managementPort, logLevel = 'info', shutdownTimeout = 'PT25S' }: CommonDefaults) {
  return Type.Object({
    managementHost: Type.String({
      default: '127.0.0.1',
      minLength: 1,
      description: 'Address on which /livez, /readyz and /metrics are served.',
    }),
    managementPort: Type.Integer({
      default: managementPort,
      minimum: 0,
      maximum: 65_535,
      description: 'Port of /livez, /readyz and /metrics; 0 takes any free one.',
    }),
    logLevel: Type.Enum(['debug', 'info', 'warn', 'error'], {
      default: logLevel,
      description: 'The least important log lines that are written.',
    }),
    logFormat: Type.Enum(['auto', 'pretty', 'json'], {
      default: 'auto',
      description: 'How log lines are written to stderr: auto is pretty on a terminal, else json.',
    }),
    shutdownDelay: Type.String({
      default: 'PT0S',
      format: 'duration',
      description:
        'How long to go on as before once /readyz says no, so that load balancers notice (ISO 8601 duration).',
    }),
    shutdownTimeout: Type.String({
      default: shutdownTimeout,
      format: 'duration',
      description: 'How long what is under way may take to finish at shut-down (ISO 8601 duration).',
    }),
  });
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type CommonSettings = Static<ReturnType<typeof commonSettings>>;
