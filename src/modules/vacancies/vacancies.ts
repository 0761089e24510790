import type { Selectable } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import type { VacanciesVacancy } from '#kernel/db/types.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { parseReference } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import { isClosed } from './listings.ts'

/** An advert as we understand it. Null means that its source does not state it. */
export type Vacancy = Omit<
  Selectable<VacanciesVacancy>,
  'state' | 'foreigners' | 'contract' | 'contacts' | 'costs' | 'documents' | 'isco_by'
> & {
  state: 'published' | 'held' | 'rejected' | 'withdrawn'
  foreigners: 'yes' | 'no' | 'quota' | null
  contract: Contract | null
  isco_by: 'text' | 'officer' | null
  contacts: Contact[]
  costs: Cost[]
  documents: string[]
}

/** Closed lists; their texts are `vacancies.code.LIST.VALUE`. */
export const CONTRACTS = ['permanent', 'fixed_term', 'seasonal', 'service', 'none'] as const
type Contract = (typeof CONTRACTS)[number]
type Contact = { kind: 'phone' | 'email' | 'url' | 'person' | 'other'; value: string }
/** Who bears a cost of taking the job: `item` and `payer` as codes, null where the advert does not say. */
type Cost = { item: string; payer: 'employer' | 'worker' | null }

/**
 * The advert with this reference as the actor may see it: visitors see published ones, reviewers all.
 * @throws not_found
 */
export async function getVacancy(ctx: Ctx, reference: string, { lock = false } = {}): Promise<Vacancy> {
  const canonical = parseReference(reference)
  if (!canonical) throw problem('not_found')
  const query = ctx.db.selectFrom('vacancies.vacancy').selectAll().where('reference', '=', canonical)
  const vacancy = await (lock ? query.forUpdate() : query).executeTakeFirst()
  if (!vacancy) throw problem('not_found')
  return vacancy as unknown as Vacancy
}

const OTHERS = { path: '/vacancies', label: 'vacancies.list.all' }

/**
 * The same for the public page. @throws gone when the advert was withdrawn or its own last day is over; an advert
 * without a stated end stays.
 */
export async function getPublicVacancy(ctx: Ctx, reference: string): Promise<Vacancy> {
  const canonical = parseReference(reference)
  if (canonical && (await isClosed(ctx, canonical)))
    throw problem('gone', { detail: 'vacancies.show.withdrawn', onward: OTHERS })
  const vacancy = await getVacancy(ctx, reference)
  if (isExpired(ctx, vacancy)) {
    throw problem('gone', {
      detail: 'vacancies.show.expired',
      values: { date: ctx.format.date(vacancy.expires_on!) },
      onward: OTHERS,
    })
  }
  return vacancy
}

/** Whether an advert of this reference is public, listed or behind its head: somebody typed the number of a printed page. */
export async function isListed(ctx: Ctx, reference: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('vacancies.vacancy')
    .select('id')
    .where('reference', '=', reference)
    .where('state', '=', 'published')
    .executeTakeFirst()
  return row !== undefined
}

/** Whether the advert's stated last day is over, as the day is in Dushanbe. */
const isExpired = (ctx: Ctx, { expires_on }: Pick<Vacancy, 'expires_on'>): boolean =>
  expires_on !== null && Temporal.PlainDate.compare(expires_on, plainDate(ctx.now)) < 0

/** An advert that its source did not confirm for this long may be taken. */
const FRESH_DAYS = 30

/** The last day on which the source stood by the advert: it published or changed it. Null when it states no day. */
export function confirmedOn({
  published_on,
  modified_on,
}: Pick<Vacancy, 'published_on' | 'modified_on'>): Temporal.PlainDate | null {
  const days = [published_on, modified_on].filter((day) => day !== null)
  return days.sort(Temporal.PlainDate.compare).at(-1) ?? null
}

/** Whether that day is more than 30 days ago. What has no day is not called stale: nobody knows. */
export const isStale = (ctx: Ctx, confirmed: Temporal.PlainDate | null): boolean =>
  confirmed !== null && confirmed.until(plainDate(ctx.now)).total('days') > FRESH_DAYS
