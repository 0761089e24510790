import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import type { Note } from '#kernel/imports/kind.ts'
import { HOME } from '#kernel/places/atlas.ts'
import type { KnownEmployer } from '#modules/employers/public.ts'
import type { Advert } from '../sources/advert.ts'
import { type Cells, readAdvert } from '../sources/read-advert.ts'
import { feesTaken, TAKES } from './fair.ts'

/** What an employer writes, by column of an advert, as it was typed; and `takes`, which no advert shows. */
export type Content = Record<string, string>

/** The columns of an advert that employers fill in, in the order of the form; the others are ours to know. */
export const CONTENT_COLUMNS = [
  ...['profession', 'title', 'country', 'region', 'duties'],
  ...['requirements', 'experience', 'education', 'workplace', 'positions'],
  ...['pay_min', 'pay_max', 'pay_currency', 'pay_period', 'pay_tax'],
  ...['contract', 'accommodation', 'food', 'transport', 'schedule', 'hours', 'conditions', 'foreigners', 'takes'],
  ...['pays_accommodation', 'pays_food', 'pays_travel', 'pays_permit', 'pays_medical', 'pays_training'],
  ...['phone', 'email', 'documents', 'medical_card', 'website', 'expires_on'],
] as const

/** Longest text of one column, in characters. */
export const MOST_CHARACTERS = 5000
/** An advert stands at most this long; then its employer says again that it holds. */
export const MOST_DAYS = 180
/** How long it stands when its employer names no day, and how much longer by each renewal. */
export const USUAL_DAYS = 60

const NEEDED = ['title', 'country', 'region', 'duties', 'contract'] as const
// Who goes abroad must know before what the way there costs, and whom.
const NEEDED_ABROAD = ['pays_accommodation', 'pays_travel', 'pays_permit', 'pays_medical', 'pays_training'] as const

/** An advert with nothing against putting it out; or what is wrong, by column. */
export type PostingReading = { ok: true; advert: Advert } | { ok: false; errors: Record<string, Note> }

/** What of some values is content, tidy and without what is empty. */
export const tidyContent = (values: Readonly<Record<string, unknown>>): Content =>
  Object.fromEntries(
    CONTENT_COLUMNS.flatMap((name) => {
      const value = values[name]
      const text = typeof value === 'string' ? value.replaceAll('\0', '').replaceAll('\r\n', '\n').trim() : ''
      return text === '' ? [] : [[name, text.slice(0, MOST_CHARACTERS)]]
    }),
  )

/**
 * Reads what an employer wrote, by the readers of every other source, and then more strictly: an employer can be asked, so
 * pay, place, contract and who pays what are stated, and nothing is taken from the worker (ILO Convention 181, article 7; ILO,
 * General principles for fair recruitment, 2019).
 */
export function readPosting(ctx: Ctx, content: Content, employer: KnownEmployer): PostingReading {
  const today = plainDate(ctx.now)
  const { takes, ...cells } = content
  const errors: Record<string, Note> = {}
  for (const name of NEEDED) if (!cells[name]) errors[name] = { key: `vacancies.posting.missing.${name}` }
  if (!cells.pay_min && !cells.pay_max) errors.pay_min = { key: 'vacancies.posting.missing.pay' }
  else if (!cells.pay_period) errors.pay_period = { key: 'vacancies.posting.missing.pay_period' }
  if (!cells.phone && !cells.email) errors.phone = { key: 'vacancies.posting.missing.phone' }
  if (!TAKES.includes(takes as never)) errors.takes = { key: 'vacancies.posting.missing.takes' }
  else if (takes !== 'nothing') errors.takes = { key: 'vacancies.posting.fee_taken' }
  const read = readAdvert(cells satisfies Cells, { source: 'employer', today, raw: content })
  // Where the work is, is known also while something else is wrong: everything is asked for at once.
  const country = read.ok ? read.advert.country : cells.country
  const abroad = country !== undefined && country !== HOME
  if (abroad)
    for (const name of NEEDED_ABROAD) if (!cells[name]) errors[name] = { key: 'vacancies.posting.missing.payer' }
  if (!read.ok) return { ok: false, errors: { ...read.errors, ...errors } }
  const { advert } = read
  if (abroad && employer.kind === 'agency' && !isLicensed(employer, today))
    errors.country = { key: 'vacancies.posting.no_licence' }
  Object.assign(errors, feesTaken(advert))
  const { expires_on } = advert
  if (expires_on && Temporal.PlainDate.compare(expires_on, today) < 0)
    errors.expires_on = { key: 'vacancies.posting.over' }
  if (expires_on && Temporal.PlainDate.compare(expires_on, today.add({ days: MOST_DAYS })) > 0)
    errors.expires_on = { key: 'vacancies.posting.too_long', values: { days: MOST_DAYS } }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, advert }
}

const isLicensed = ({ licence_no, licence_until }: KnownEmployer, today: Temporal.PlainDate) =>
  licence_no !== null && (licence_until === null || Temporal.PlainDate.compare(licence_until, today) >= 0)
