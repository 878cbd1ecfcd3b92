/**
 * True when everything that `desired` says holds in `actual`, at any depth: fields that the API server or others filled in are no difference. Lists
 * must have the same length; a member that is undefined is not desired.
 */
export function isContained(desired: unknown, actual: unknown): boolean {
  if (Array.isArray(desired)) {
    return (
      Array.isArray(actual) &&
      actual.length === desired.length &&
      desired.every((item, index) => isContained(item, actual[index]))
    );
  }
  if (typeof desired === 'object' && desired !== null) {
    if (typeof actual !== 'object' || actual === null) return false;
    return Object.entries(desired).every(
      ([key, value]) => value === undefined || isContained(value, (actual as Record<string, unknown>)[key]),
    );
  }
  return desired === actual;
}
