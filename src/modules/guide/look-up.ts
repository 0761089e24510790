import type { Ctx } from '#kernel/context.ts'
import { soundOf } from '#kernel/people/matching/sounds.ts'
import { distanceBetween, slipsIn } from '#kernel/search/distance.ts'
import { fold } from '#kernel/search/fold.ts'
import { type KnownEmployer, knownEmployers } from '#modules/employers/public.ts'
import { ORGANISATIONS, type Organisation } from '#modules/site/public.ts'

/** How it was found: `phone` and `licence` by the very number, `name` by a name that sounds alike. */
export type FoundEmployer = { employer: KnownEmployer; by: 'phone' | 'licence' | 'name' }

/** What was found; bodies that help are known too, and people are called in their name. */
export type LookedUp = { employers: FoundEmployer[]; organisations: Organisation[] }

/** More would not be read: who asks so vaguely is told to say more. */
export const MOST_FOUND = 20
/** Fewer digits tell no telephone. */
const TELLING_DIGITS = 9

// What stands before a name and says only what kind of firm it is; folded. And what half of the agencies are called.
const KINDS = new Set(
  'ооо оао зао пао ао ип чдмм чсп чп кчд ооп то гуп муп кд корхонаи корхона ширкати ширкат чамъияти компания фирма общество ltd llc llp inc gmbh co company'.split(
    ' ',
  ),
)

/**
 * Verified employers and licensed agencies by name in any script, telephone or licence number, the best first. Nothing is
 * kept of what was asked.
 */
export async function lookUp(ctx: Ctx, asked: string): Promise<LookedUp> {
  const all = await knownEmployers(ctx)
  const licence = plainNumber(asked)
  const words = soundsOf(asked)
  const found = all.flatMap((employer): (FoundEmployer & { misses: number })[] => {
    if (isSamePhone(employer.phone, asked)) return [{ employer, by: 'phone', misses: 0 }]
    if (
      isNumber(licence) &&
      [employer.licence_no, employer.tin, employer.ogrn].some((no) => no && plainNumber(no) === licence)
    )
      return [{ employer, by: 'licence', misses: 0 }]
    const misses = Math.min(...[employer.legal_name, ...employer.names].map((name) => missesOf(words, soundsOf(name))))
    return Number.isFinite(misses) ? [{ employer, by: 'name', misses }] : []
  })
  found.sort((a, b) => a.misses - b.misses || (a.employer.legal_name < b.employer.legal_name ? -1 : 1))
  const organisations = ORGANISATIONS.filter(
    ({ phones, name_tg, name_ru, name_en }) =>
      phones.some((phone) => isSamePhone(phone, asked)) ||
      [name_tg, name_ru, name_en].some((name) => words.length > 1 && missesOf(words, soundsOf(name)) <= 1),
  )
  return { employers: found.map(({ misses: _, ...rest }) => rest), organisations }
}

/** Whether the number that called is the office's own; null when it is too short to tell. */
export function isOwnNumber({ phone }: Pick<KnownEmployer, 'phone'>, called: string): boolean | null {
  return digitsOf(called).length < TELLING_DIGITS ? null : isSamePhone(phone, called)
}

const digitsOf = (text: string) => (/^[\d\s()+.\-–—]+$/.test(text) ? text.replace(/\D/g, '') : '')

// With a country code all digits must be the same; without one, those that tell at home, after what is dialled before them.
function isSamePhone(phone: string, called: string): boolean {
  const [own, digits] = [phone.replace(/\D/g, ''), digitsOf(called)]
  if (digits.length < TELLING_DIGITS) return false
  if (called.trim().startsWith('+') || digits === own) return digits === own
  const abroad = /^(?:00|810)(\d{10,})$/.exec(digits)?.[1]
  return abroad ? abroad === own : own.endsWith(digits.replace(/^[08](?=\d{9})/, ''))
}

/** A number of a licence or register as people write it: without signs, in one alphabet. */
const plainNumber = (text: string) => fold(text).replaceAll(' ', '')
const isNumber = (text: string) => /\d/.test(text) && text.length >= 4

const soundsOf = (name: string) =>
  fold(name)
    .split(' ')
    .filter((word) => word !== '' && !KINDS.has(word))
    .map(soundOf)

// How many letters the asked words are off from words of the name; infinite when one of them is not there at all.
function missesOf(asked: readonly string[], name: readonly string[]): number {
  if (asked.length === 0) return Number.POSITIVE_INFINITY
  return asked.reduce((sum, word) => {
    const slips = slipsIn(word)
    const nearest = Math.min(
      ...name.map((other) => {
        // The beginning of a long word is enough: endings change with the case.
        const begins = word.length >= 5 && other.startsWith(word) ? 0.5 : Number.POSITIVE_INFINITY
        const distance = distanceBetween(word, other, slips)
        return Math.min(begins, distance <= slips ? distance : Number.POSITIVE_INFINITY)
      }),
    )
    return sum + nearest
  }, 0)
}
