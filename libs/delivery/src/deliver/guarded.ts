import type { Logger } from '@millrace/eventing-api';

/** A callback of somebody else, which must do no harm to the events that it is told of: what it throws is logged, the first time, and goes no further. */
export function guarded<Arguments extends unknown[]>(
  callback: ((...args: Arguments) => void) | undefined,
  name: string,
  logger: Logger,
): ((...args: Arguments) => void) | undefined {
  if (!callback) return undefined;
  let isTold = false;
  return (...args) => {
    try {
      callback(...args);
    } catch (error) {
      if (!isTold) logger.error(`${name} threw; it must not, and is not told of again`, { error });
      isTold = true;
    }
  };
}
