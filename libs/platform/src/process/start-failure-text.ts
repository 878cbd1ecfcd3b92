import type { Setting } from '../settings/setting.js';

/**
 * Why the process could not start, in one sentence that says what to do. Errors of `listen` name the flag of the setting that the port
 * came from; any other error speaks for itself.
 */
export function startFailureText(
  error: unknown,
  settings: readonly Setting[],
  values: Readonly<Record<string, unknown>>,
): string {
  const { code, port, address = 'this machine', message } = cause(error);
  const flag = flagOf(settings, values, 'port', port);
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${address} is in use: choose another with ${flag}`;
    case 'EACCES':
      return port === undefined
        ? message
        : `port ${port} on ${address} is not allowed for this user: choose another with ${flag}`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${address} is not an address of this machine: choose another with ${flagOf(settings, values, 'host', address)}`;
    default:
      return message;
  }
}

interface ListenError {
  readonly code?: string;
  readonly port?: number;
  readonly address?: string;
  readonly message: string;
}

/** The innermost error that knows a port, or the error itself. */
function cause(error: unknown): ListenError {
  let current = error;
  while (current instanceof Error) {
    if ((current as ListenError).port !== undefined) return current;
    current = current.cause;
  }
  return error instanceof Error ? error : { message: String(error) };
}

function flagOf(
  settings: readonly Setting[],
  values: Readonly<Record<string, unknown>>,
  role: 'host' | 'port',
  value: unknown,
): string {
  const setting = settings.find(({ name }) => name.toLowerCase().endsWith(role) && values[name] === value);
  return setting ? `--${setting.flag}` : `the settings (--help)`;
}
