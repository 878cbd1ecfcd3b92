/**
 * True when version `a` is surely older than `b`. Resource versions of one kind compare as decimal numbers (Kubernetes API concepts, "Resource versions");
 * anything else is opaque and never older.
 */
export function isOlderVersion(a: string, b: string): boolean {
  if (!isDecimal(a) || !isDecimal(b)) return false;
  return a.length === b.length ? a < b : a.length < b.length;
}

function isDecimal(version: string): boolean {
  return /^[1-9]\d*$/.test(version);
}
