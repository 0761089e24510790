import { z } from 'zod'
import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { newId } from '#kernel/ids.ts'
import { placesAtlas } from '#kernel/places/places.ts'

/** How many people an office had registered as unemployed on the last day of a month. */
export type Entry = {
  place_code: string
  month: Temporal.PlainDate
  people: number
  source: string
  sample: boolean
  entered_at: Temporal.Instant
}

/** What an office states: `month` as `2026-10`. */
export const EntryForm = z.object({
  place: z.string('labour_market.enter.place_missing'),
  month: z
    .string('labour_market.enter.month_missing')
    .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'labour_market.enter.month_missing')
    .transform((text) => Temporal.PlainDate.from(`${text}-01`)),
  people: z
    .string('labour_market.enter.people_missing')
    .transform((text) => text.replace(/[\s\u00a0\u202f]/g, ''))
    .pipe(z.string().regex(/^\d{1,7}$/, 'labour_market.enter.people_wrong'))
    .transform(Number),
  source: z.string('labour_market.enter.source_missing').max(200, 'labour_market.enter.source_long'),
})

/** The places that a number can be entered for: the regions of the country, each with its districts and cities. */
export async function enterable(ctx: Ctx): Promise<string[]> {
  const { children } = await placesAtlas(ctx)
  return (children.get('TJ') ?? []).flatMap((region) => [region, ...(children.get(region) ?? [])])
}

/**
 * Keeps what the office states; an earlier statement about the same place and month stays, and counts no more.
 * Answers false where the month is not over or the place is none of the country's.
 */
export async function enterRegistered(ctx: Ctx, stated: z.output<typeof EntryForm>): Promise<boolean> {
  authorise(ctx, 'labour_market.enter')
  const { place, month, people, source } = stated
  const over = Temporal.PlainDate.compare(month.add({ months: 1 }), plainDate(ctx.now)) <= 0
  if (!over || !(await enterable(ctx)).includes(place)) return false
  const { user_id, organisation_id } = ctx.actor as StaffActor
  const id = newId()
  await ctx.db
    .insertInto('labour_market.registered')
    .values({
      ...{ id, organisation_id, place_code: place, month, people, source },
      ...{ entered_at: ctx.now, entered_by: user_id },
    })
    .execute()
  await audit(ctx, 'labour_market.enter', { type: 'registered', id }, { place, month: `${month}` })
  return true
}

/** What was last stated about each place for a month; the actor's own, or all on the owner's connection. */
export async function lastEntries(ctx: Ctx, month: Temporal.PlainDate): Promise<Entry[]> {
  return ctx.db
    .selectFrom('labour_market.registered')
    .select(['place_code', 'month', 'people', 'source', 'sample', 'entered_at'])
    .distinctOn('place_code')
    .where('month', '=', month)
    .orderBy('place_code')
    .orderBy('entered_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

/** The newest statements of the actor's office. */
export async function newestEntries(ctx: Ctx, most: number): Promise<Entry[]> {
  return ctx.db
    .selectFrom('labour_market.registered')
    .select(['place_code', 'month', 'people', 'source', 'sample', 'entered_at'])
    .orderBy('entered_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
}
