/** How a yes-or-no answer fared against the truth. */
export type Measure = { precision: number; recall: number; f1: number }

const rounded = (share: number) => Math.round(share * 10_000) / 10_000

/** Precision, recall and their harmonic mean, of true and false positives and what was missed. */
export function measureOf(right: number, wrong: number, missed: number): Measure {
  const precision = right / Math.max(1, right + wrong)
  const recall = right / Math.max(1, right + missed)
  return {
    precision: rounded(precision),
    recall: rounded(recall),
    f1: rounded((2 * right) / Math.max(1, 2 * right + wrong + missed)),
  }
}

/** The same over pairs of records: all pairs of one truth should have been found, and no others. */
export function measurePairs(pairs: readonly { a: number; b: number }[], truth: readonly string[]): Measure {
  const sizes = new Map<string, number>()
  for (const who of truth) sizes.set(who, (sizes.get(who) ?? 0) + 1)
  let all = 0
  for (const size of sizes.values()) all += (size * (size - 1)) / 2
  const right = pairs.filter(({ a, b }) => truth[a] === truth[b]).length
  return measureOf(right, pairs.length - right, all - right)
}
