import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { newId } from '#kernel/ids.ts'
import { MONTHS, monthOf, reckonMonth } from './figures.ts'

// Invented, and said to be so wherever it is shown: people by region, and how the year goes (more in winter, when people come back).
const REGIONS = { 'TJ-SU': 14_200, 'TJ-KT': 19_800, 'TJ-RA': 9_400, 'TJ-DU': 4_100, 'TJ-GB': 2_600 }
const SEASON = [1.12, 1.1, 1.02, 0.95, 0.92, 0.9, 0.9, 0.91, 0.93, 0.97, 1.03, 1.09]

/** States invented numbers for the last year, and reckons all months. Owner's connection, once. */
export async function labourMarketDemo(ctx: Ctx): Promise<void> {
  const office = await ctx.db
    .selectFrom('access.user_account as u')
    .innerJoin('access.membership as m', 'm.user_id', 'u.id')
    .select('m.organisation_id')
    .where('u.email', '=', 'employment-officer@example.tj')
    .executeTakeFirst()
  if (!office) return
  const now = monthOf(plainDate(ctx.now))
  for (let ago = 12; ago >= 1; ago--) {
    const month = now.subtract({ months: ago })
    await ctx.db
      .insertInto('labour_market.registered')
      .values(
        Object.entries(REGIONS).map(([place_code, people]) => ({
          ...{ id: newId(), organisation_id: office.organisation_id, place_code, month, sample: true },
          people: Math.round((people * SEASON[month.month - 1]! * (100 + ago)) / 100),
          ...{ source: 'Намуна · образец · sample', entered_at: ctx.now, entered_by: null },
        })),
      )
      .execute()
  }
  for (let ago = 0; ago < MONTHS; ago++) await reckonMonth(ctx, now.subtract({ months: ago }))
}
