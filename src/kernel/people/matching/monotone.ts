import { L } from './likeness.ts'

// Each agrees better than the next. Of the others it is only known that they lie between the first and the last.
const FALLING = [L.exact!, L.near!, L.far!, L.differs!]
const BETWEEN = [L.stem!, L.variant!, L.part!]

/**
 * The shares of levels `m`, put right where a better agreement would weigh less against `u` than a worse one: what a short list shows
 * by chance. Such neighbours are weighed as one level, so that what was seen most counts most. Of names two levels are not bound by
 * equality: exchanged ones stand for two agreements, and the same in another script says more than letter by letter where namesakes
 * stand in one list and a person in several.
 */
export function monotone(m: readonly number[], u: readonly number[], isName: boolean): number[] {
  const pools: { levels: number[]; m: number; u: number }[] = []
  for (const level of FALLING) {
    let pool = { levels: [level], m: m[level]!, u: u[level]! }
    for (let last = pools.at(-1); last && last.m / last.u < pool.m / pool.u; last = pools.at(-1)) {
      pool = { levels: [...last.levels, ...pool.levels], m: last.m + pool.m, u: last.u + pool.u }
      pools.pop()
    }
    pools.push(pool)
  }
  const right = [...m]
  for (const pool of pools) for (const level of pool.levels) right[level] = (pool.m / pool.u) * u[level]!
  const [most, least] = [right[L.exact]! / u[L.exact]!, right[L.differs]! / u[L.differs]!]
  if (isName) right[L.same] = Math.max(right[L.near]! / u[L.near]!, m[L.same]! / u[L.same]!) * u[L.same]!
  for (const level of isName ? BETWEEN : [...BETWEEN, L.same!, L.crossed!])
    right[level] = Math.min(most, Math.max(least, m[level]! / u[level]!)) * u[level]!
  return right
}
