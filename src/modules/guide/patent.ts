import type { Ctx } from '#kernel/context.ts'
import { plainDate, TIME_ZONE } from '#kernel/i18n/format.ts'
import { type PatentLimits, patentLimits } from '#kernel/law/rules.ts'
import { SURE } from '#kernel/occupations/map-occupation.ts'
import { findOccupations, occupationLabel, occupationOf } from '#kernel/occupations/occupations.ts'
import { placeName, placesAtlas } from '#kernel/places/places.ts'

const RUSSIA = 'RU'
const MOST_TRADES = 6

/** The subdivisions of Russia in the reader's language, in its order. */
export async function patentRegions(ctx: Ctx): Promise<{ code: string; name: string }[]> {
  const codes = (await placesAtlas(ctx)).children.get(RUSSIA) ?? []
  const named = await Promise.all(codes.map(async (code) => ({ code, name: await placeName(ctx, code) })))
  return named.sort((a, b) => ctx.format.compare(a.name, b.name))
}

type Trade = { code: string; label: string }

/** What somebody calls their work: one unit group where that is sure, else those that it may be; none when nothing is. */
export async function tradeOf(ctx: Ctx, work: string): Promise<{ sure: Trade | null; perhaps: Trade[] }> {
  if (/^\d{4}$/.test(work)) {
    const label = await occupationLabel(ctx, work)
    return { sure: label === work ? null : { code: work, label }, perhaps: [] }
  }
  const mapped = await occupationOf(ctx, work)
  if (mapped && mapped.confidence >= SURE)
    return { sure: { code: mapped.isco, label: await occupationLabel(ctx, mapped.isco) }, perhaps: [] }
  const found = await findOccupations(ctx, work, MOST_TRADES)
  return { sure: null, perhaps: found.map(({ code, label }) => ({ code, label })) }
}

/**
 * What is known of working on a patent in a region on a day. Null for a code that is no Russian subdivision. The day is one in
 * Dushanbe, at its noon: rules change at midnight.
 */
export async function checkPatent(
  ctx: Ctx,
  { region, isco, on }: { region: string; isco: string | null; on: Temporal.PlainDate },
): Promise<PatentLimits | null> {
  if (!((await placesAtlas(ctx)).children.get(RUSSIA) ?? []).includes(region)) return null
  const noon = on.toZonedDateTime({ timeZone: TIME_ZONE, plainTime: '12:00' }).toInstant()
  return patentLimits(ctx, { placeCode: region, isco, on: noon })
}

/** Today in Dushanbe. */
export const today = (ctx: Ctx): Temporal.PlainDate => plainDate(ctx.now)
