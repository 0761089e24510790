import { fold } from '#kernel/search/fold.ts'
import type { Vacancy } from '../vacancies.ts'

/** What of an advert tells whether it offers the same as another. */
export type Offer = Pick<
  Vacancy,
  | 'title'
  | 'duties'
  | 'requirements'
  | 'conditions'
  | 'schedule'
  | 'hours'
  | 'isco'
  | 'country'
  | 'place_code'
  | 'region_text'
  | 'workplace_text'
  | 'employer_name'
  | 'employer_inn'
  | 'pay_min'
  | 'pay_max'
  | 'pay_currency'
  | 'pay_period'
  | 'accommodation'
  | 'foreigners'
  | 'contract'
  | 'sample'
>

/** Adverts with fewer words tell too little: of them only the very same words, place and employer are the same offer. */
const ENOUGH_WORDS = 20
/** Words in a row that are compared together. */
const ROW = 3
/** Of texts that are alike from here (rows of three words that both have, of all that one has) one is the other again. */
const ALIKE = 0.85

// So many groups of so many least values: two texts that are 85% alike share a group in 997 of 1,000 cases, half alike in 40%.
const BANDS = 8
const ROWS = 4

/**
 * The keys of an advert: who offers the same in nearly the same words shares one of them. None when its words are few and
 * nothing else tells it from others. What seekers choose by (country, pay or none, housing, contract, open to whom) and the
 * employer are in every key: nobody must lose an advert behind one that is otherwise.
 */
export function keysOf(offer: Offer): number[] {
  const words = wordsOf(offer)
  const base = [
    offer.country,
    offer.pay_currency,
    offer.pay_period,
    offer.accommodation,
    offer.foreigners,
    offer.contract,
    offer.sample,
    offer.employer_inn ?? fold(offer.employer_name ?? ''),
  ].join('|')
  if (words.length < ENOUGH_WORDS) {
    if (!offer.employer_name) return []
    const place = offer.place_code ?? fold(offer.workplace_text ?? offer.region_text ?? '')
    return [hash(['few', base, place, fold(offer.title), ...words].join(' '))]
  }
  // The very same words are the same work, whatever the title says.
  const whole = hash(['whole', base, ...words].join(' '))
  return [whole, ...bandsOf(words, `${base}|${offer.isco ?? fold(offer.title)}`)]
}

const wordsOf = ({ duties, requirements, conditions, schedule, hours }: Offer) =>
  fold([duties, requirements, conditions, schedule, hours].filter(Boolean).join(' ')).split(' ').filter(Boolean)

function bandsOf(words: readonly string[], base: string): number[] {
  const least = new Uint32Array(BANDS * ROWS).fill(0xffffffff)
  for (const row of rowsOf(words)) {
    let value = hash(row)
    // Each turn of the generator is another order of all rows: in each, the least value of alike texts is likely the same.
    for (let turn = 0; turn < least.length; turn++) {
      value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d) + 0x9e3779b9
      const mixed = Math.imul(value ^ (value >>> 13), 0x297a2d39) >>> 0
      if (mixed < least[turn]!) least[turn] = mixed
    }
  }
  return Array.from({ length: BANDS }, (_, band) =>
    hash(`${band} ${base} ${least.subarray(band * ROWS, (band + 1) * ROWS).join(' ')}`),
  )
}

function rowsOf(words: readonly string[]): Set<string> {
  return new Set(
    Array.from({ length: Math.max(1, words.length - ROW + 1) }, (_, at) => words.slice(at, at + ROW).join(' ')),
  )
}

/** 32 bits of a text (FNV-1a, mixed), as PostgreSQL keeps an integer. Chance meetings are sorted out by `isSame`. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x7feb352d)
  return (value ^ (value >>> 15)) | 0
}

/** Whether two adverts that share a key offer the same: nearly the same words, and pay that does not contradict. */
export function isSame(a: Offer, b: Offer): boolean {
  if (!payMeets(a, b)) return false
  const [one, other] = [rowsOf(wordsOf(a)), rowsOf(wordsOf(b))]
  const shared = [...one].filter((row) => other.has(row)).length
  return shared >= ALIKE * (one.size + other.size - shared)
}

// Both state pay or neither does: that is in the keys.
function payMeets(a: Offer, b: Offer): boolean {
  const [from, to] = [a.pay_min ?? a.pay_max, a.pay_max ?? a.pay_min]
  const [least, most] = [b.pay_min ?? b.pay_max, b.pay_max ?? b.pay_min]
  return from === null || to === null || least === null || most === null || (from <= most && least <= to)
}
