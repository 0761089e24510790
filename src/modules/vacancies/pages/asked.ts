import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { readForm } from '#kernel/http/forms.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { parseAmount } from '#kernel/money/parse.ts'
import { decimalOf } from '#kernel/money.ts'
import { findPlaces } from '#kernel/places/places.ts'
import type { ListingQuery } from '../conditions.ts'
import { CONTRACTS } from '../vacancies.ts'

export const DAYS = ['7', '30'] as const

// Whatever stands in an address is forgiven: a link that somebody shortened still finds something.
const Query = z.object({
  q: z.string().max(200).optional().catch(undefined),
  literal: z.enum(['yes']).optional().catch(undefined),
  isco: z
    .string()
    .regex(/^\d{1,4}$/)
    .optional()
    .catch(undefined),
  place: z.string().max(100).optional().catch(undefined),
  country: z
    .array(z.string().regex(/^[A-Z]{2}$/))
    .optional()
    .catch(undefined),
  salary: z.string().max(20).optional().catch(undefined),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional()
    .catch(undefined),
  only: z
    .array(z.enum(['foreigners', 'accommodation']))
    .optional()
    .catch(undefined),
  all: z.enum(['yes']).optional().catch(undefined),
  contract: z.array(z.enum(CONTRACTS)).optional().catch(undefined),
  days: z.enum(DAYS).optional().catch(undefined),
  after: z
    .string()
    .max(80)
    .regex(/^[\d~a-f-]+$/)
    .optional()
    .catch(undefined),
})
/** What a reader asked of the list, as it stands in the address. */
export type Asked = z.output<typeof Query>

/** Reads the address; never fails. */
export function readAsked(params: URLSearchParams): Asked {
  const read = readForm(Query, params)
  return read.ok ? read.value : {}
}

/** What the address asks, as a query; `missing` is a place that nobody knows. */
export async function understand(
  ctx: Ctx,
  asked: Asked,
  limit: number,
): Promise<{ query: ListingQuery; missing?: string }> {
  const places = asked.place ? await findPlaces(ctx, asked.place, 1) : []
  const currency = asked.currency ?? 'TJS'
  const amount = asked.salary ? parseAmount(asked.salary, currency) : null
  const query: ListingQuery = {
    q: asked.q,
    literal: asked.literal === 'yes',
    isco: asked.isco ? [asked.isco] : undefined,
    place: places.map(({ code }) => code),
    country: asked.country,
    salaryMin: amount === null ? undefined : { amount, currency },
    accommodation: asked.only?.includes('accommodation') || undefined,
    foreigners: asked.only?.includes('foreigners') ? 'yes' : asked.all ? 'all' : undefined,
    contract: asked.contract,
    since: asked.days ? plainDate(ctx.now).subtract({ days: Number(asked.days) }) : undefined,
    cursor: asked.after,
    limit,
  }
  return { query, missing: asked.place && places.length === 0 ? asked.place : undefined }
}

/** Whether filters narrow the list, beside the words. */
export const narrowed = ({ q: _q, literal: _literal, after: _after, currency: _currency, ...filters }: Asked) =>
  Object.values(filters).some((value) => value !== undefined)

/** What was asked as names and values, for a form or an address. */
export const kept = (asked: Asked, without: (keyof Asked)[]): [string, string][] =>
  Object.entries(asked)
    .filter(([name]) => !without.includes(name as keyof Asked))
    .flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one]))

/** The query part of an address with some of it changed. */
export function search(asked: Asked, change: Partial<Asked>): string {
  const text = new URLSearchParams(kept({ ...asked, ...change }, [])).toString()
  return text && `?${text}`
}

/** The same as a query of the API. */
export function apiSearch({
  salaryMin,
  accommodation,
  since,
  cursor: _cursor,
  limit: _limit,
  ...query
}: ListingQuery): string {
  const asked: Record<string, unknown> = {
    ...query,
    literal: query.literal || undefined,
    salary_min: salaryMin && decimalOf(salaryMin),
    currency: salaryMin?.currency,
    accommodation,
    since,
  }
  const text = new URLSearchParams(
    Object.entries(asked).flatMap(([name, value]) =>
      [value ?? []].flat().map((one): [string, string] => [name, String(one)]),
    ),
  ).toString()
  return text && `?${text}`
}
