/** Percentiles of times in milliseconds, to a tenth. */
export function percentiles(times: readonly number[]): {
  p50_ms: number
  p95_ms: number
  p99_ms: number
  worst_ms: number
} {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) =>
    Math.round(10 * (sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0)) / 10
  return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99), worst_ms: at(1) }
}
