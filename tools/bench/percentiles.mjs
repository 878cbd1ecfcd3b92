/** Median and 99th percentile of figures, which are sorted in place; NaN where there are none. */
export function percentiles(values) {
  const sorted = values.sort((a, b) => a - b);
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
