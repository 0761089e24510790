import { z } from 'zod'
import type { Ctx } from '../context.ts'
import { readForm } from '../http/forms.ts'
import { localPath } from '../http/page.ts'
import { queryOf } from '../http/query.ts'

const matching = (pattern: RegExp) => z.string().regex(pattern).optional().catch(undefined)

// What does not read as a filter is no filter: an address from elsewhere is never an error.
const FILTERS = z.object({
  action: matching(/^[a-z_]+(\.[a-z_]+)+$/),
  actor: z.uuid().optional().catch(undefined),
  subject: matching(/^[a-z_]+ [A-Za-z0-9][A-Za-z0-9_.:-]{0,79}$/),
  day: matching(/^2[01]\d\d-\d\d-\d\d$/).transform(toDay),
  before: matching(/^\d{1,18}$/).transform((id) => (id === undefined ? undefined : BigInt(id))),
})

/**
 * What a reader of the audit narrows it to: an act, a person's id, a thing (`vacancy 0192…`), a day in Dushanbe.
 * `before` is the cursor: the id of the last line seen.
 */
export type Filters = Partial<z.output<typeof FILTERS>>

/** The filters of an address; the day comes from a form in three fields, or as one date. */
export function readFilters(search: URLSearchParams): Filters {
  const part = (name: string, digits: number) => (search.get(`day_${name}`) ?? '').trim().padStart(digits, '0')
  if (search.get('day_day')) search.set('day', `${part('year', 4)}-${part('month', 2)}-${part('day', 2)}`)
  const read = readForm(FILTERS, search)
  return read.ok ? read.value : {}
}

/** A path with these filters in its query, without the language. */
export const withFilters = (path: string, filters: Filters): string => path + queryOf(filters)

/** The same as an address in the reader's language. */
export const filtered = (ctx: Ctx, path: string, filters: Filters): string => localPath(ctx, withFilters(path, filters))

function toDay(text: string | undefined): Temporal.PlainDate | undefined {
  try {
    return text ? Temporal.PlainDate.from(text) : undefined
  } catch {
    return undefined
  }
}
