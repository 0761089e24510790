import { L } from './likeness.ts'

// By kind of field: levels of which each agrees better than the next, and those that only lie between the first and the last.
const NAME = { falling: [L.exact!, L.same!, L.near!, L.far!, L.differs!], between: [L.stem!, L.variant!, L.part!] }
const OTHER = {
  falling: NAME.falling.filter((level) => level !== L.same),
  between: [...NAME.between, L.same!, L.crossed!],
}

/**
 * The shares of levels `m`, with none that weighs more against `u` than a better agreement does: a short list shows such by chance.
 * The worse is lowered, for what is not sure is no evidence. Exchanged names stand for two agreements and stay what they are; of
 * other fields they lie between, too.
 */
export function monotone(m: readonly number[], u: readonly number[], isName: boolean): number[] {
  const right = [...m]
  const { falling, between } = isName ? NAME : OTHER
  const most = m[L.exact]! / u[L.exact]!
  let least = most
  for (const level of falling) {
    least = Math.min(least, m[level]! / u[level]!)
    right[level] = least * u[level]!
  }
  for (const level of between) right[level] = Math.min(most, Math.max(least, m[level]! / u[level]!)) * u[level]!
  return right
}
