import { L } from './likeness.ts'

/** A date of birth as year·10000 + month·100 + day; what is not known is 0 there. Days that no calendar has stay as written. */
export type Birth = number

/**
 * Reads YYYYMMDD, YYYY-MM-DD, dd.mm.yyyy (also with / or -), a year and month, or a year alone. A two-digit year is not read.
 * Returns null for anything else.
 */
export function readBirth(text: string): Birth | null {
  const clean = text.trim().replace(/[T ]\d\d:\d\d.*$/, '')
  const found =
    /^(?<y>\d{4})(?<m>\d\d)(?<d>\d\d)$/.exec(clean) ??
    /^(?<y>\d{4})[-./](?<m>\d{1,2})[-./](?<d>\d{1,2})$/.exec(clean) ??
    /^(?<d>\d{1,2})[-./](?<m>\d{1,2})[-./](?<y>\d{4})$/.exec(clean) ??
    /^(?<y>\d{4})(?:[-./](?<m>\d{1,2}))?$/.exec(clean) ??
    /^(?<m>\d{1,2})[-./](?<y>\d{4})$/.exec(clean)
  if (!found) return null
  const { y, m = '0', d = '0' } = found.groups as { y: string; m?: string; d?: string }
  return Number(y) === 0 ? null : Number(y) * 10_000 + Number(m) * 100 + Number(d)
}

// 1 January, or neither day nor month: how papers say that only the year is known.
const isYearOnly = (birth: Birth) => birth % 10_000 === 0 || birth % 10_000 === 101

/** How well two dates of birth agree: 0 on one side is unknown. Symmetric. */
export function compareBirths(a: Birth, b: Birth): number {
  if (a === 0 || b === 0) return L.unknown
  // 1 January on both sides says little more than the year, a month without a day is no whole date.
  if (a === b) return isYearOnly(a) || a % 100 === 0 ? L.stem : L.exact
  const [ya, yb] = [Math.floor(a / 10_000), Math.floor(b / 10_000)]
  const [ma, mb] = [Math.floor(a / 100) % 100, Math.floor(b / 100) % 100]
  const [da, db] = [a % 100, b % 100]
  if (ya === yb && (isYearOnly(a) || isYearOnly(b) || (ma === mb && (da === 0 || db === 0)))) return L.part
  if (ya === yb && ma === db && da === mb) return L.crossed
  const same = Number(ya === yb) + Number(ma === mb) + Number(da === db && da > 0)
  const slips = digitSlips(a, b)
  // One hand exchanges day and month and mistypes a digit too: hardly more dates are so near by chance than by one digit.
  if (slips === 1 || (da > 0 && db > 0 && digitSlips(ya * 10_000 + da * 100 + ma, b) === 1)) return L.near
  // That both have no day, or 1 January, makes them no likelier one.
  if (isYearOnly(a) && isYearOnly(b)) return slips === 2 ? L.far : L.differs
  if (same === 2) return L.variant
  return slips === 2 || ya === yb ? L.far : L.differs
}

// One for each digit that differs; two neighbours exchanged count once.
function digitSlips(a: number, b: number): number {
  let slips = 0
  for (let i = 0; i < 8 && a !== b; i++) {
    const [x, y] = [a % 10, b % 10]
    a = Math.floor(a / 10)
    b = Math.floor(b / 10)
    if (x === y) continue
    slips++
    if (x !== b % 10 || y !== a % 10) continue
    a = Math.floor(a / 10)
    b = Math.floor(b / 10)
    i++
  }
  return slips
}
