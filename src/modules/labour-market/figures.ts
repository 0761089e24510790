import type { Ctx } from '#kernel/context.ts'
import { inTransaction } from '#kernel/db/in-transaction.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import { placesAtlas } from '#kernel/places/places.ts'
import { hiresBetween, skillsAsked, skillsOfSeekers } from '#modules/applications/public.ts'
import { countAdverts, firstOffered, medianPay } from '#modules/vacancies/public.ts'
import { protect } from './protect.ts'
import { lastEntries } from './registered.ts'

/** What is told of a month. */
const MEASURES = ['open', 'fresh', 'pay', 'fill', 'registered', 'asked', 'able'] as const
export type Measure = (typeof MEASURES)[number]
/** By what: an ISCO-08 major group, a country, a first-level place of a country, a skill, or all together. */
export type Split = 'total' | 'isco' | 'country' | 'region' | 'skill'

/** A figure; without amount it stands for fewer than ten, or such a one could be reckoned from it. */
export type Figure = {
  measure: Measure
  split: Split
  value: string
  /** Of pay; else empty. */
  currency: string
  /** Adverts, people, days, or minor units. */
  amount: bigint | null
  basis: number | null
  sample: boolean
}

/** So many months are told; those that are over stay as they were reckoned last. */
export const MONTHS = 24
const ADDED_UP: readonly Measure[] = ['open', 'fresh', 'registered']

/** The first day of the month in which the day falls. */
export const monthOf = (day: Temporal.PlainDate): Temporal.PlainDate => day.with({ day: 1 })

/** Reckons the present and the last month anew, and those of the last two years that have no figures yet. */
export const reckonJob = defineJob({
  async run(ctx) {
    const now = monthOf(plainDate(ctx.now))
    const known = new Set(
      (await ctx.db.selectFrom('labour_market.figure').select('month').distinct().execute()).map(
        ({ month }) => `${month}`,
      ),
    )
    const months = Array.from({ length: MONTHS }, (_, ago) => now.subtract({ months: ago }))
    const due = months.filter((month, ago) => ago < 2 || !known.has(`${month}`))
    for (const [done, month] of due.entries()) {
      await ctx.report({ done, total: due.length })
      await reckonMonth(ctx, month)
    }
  },
})

/** Makes the figures of a month from adverts, hires and entries. Owner's connection. */
export async function reckonMonth(ctx: Ctx, month: Temporal.PlainDate): Promise<void> {
  const end = month.add({ months: 1 }).subtract({ days: 1 })
  const today = plainDate(ctx.now)
  const day = Temporal.PlainDate.compare(end, today) > 0 ? today : end
  const figures = [
    ...(await fromAdverts(ctx, month, day)),
    ...(await timeToFill(ctx, day)),
    ...(await registeredBy(ctx, month)),
    ...(Temporal.PlainDate.compare(day, today) === 0 ? await training(ctx) : []),
  ]
  const groups = Map.groupBy(figures, ({ measure, split, currency }) => `${measure} ${split} ${currency}`)
  const told = [...groups.values()].flatMap((group) => protect(group, ADDED_UP.includes(group[0]!.measure)))
  // How many adverts state their pay says as much as how many there are.
  const hidden = new Set(
    told.flatMap((f) => (f.measure === 'open' && f.amount === null ? [`${f.split} ${f.value}`] : [])),
  )
  const rows = told.map((figure) =>
    figure.measure === 'pay' && hidden.has(`${figure.split} ${figure.value}`)
      ? { ...figure, amount: null, basis: null }
      : figure,
  )
  await inTransaction(ctx, async ({ db }) => {
    await db.deleteFrom('labour_market.figure').where('month', '=', month).execute()
    if (rows.length > 0)
      await db
        .insertInto('labour_market.figure')
        .values(rows.map((row) => ({ ...row, month })))
        .execute()
  })
}

const counted = (measure: Measure, split: Split, value: string, count: number): Figure => ({
  ...{ measure, split, value, currency: '', amount: BigInt(count), basis: count, sample: false },
})

async function fromAdverts(ctx: Ctx, month: Temporal.PlainDate, day: Temporal.PlainDate): Promise<Figure[]> {
  const [counts, pay] = [await countAdverts(ctx, month, day), await medianPay(ctx, month, day)]
  return [
    ...counts.flatMap(({ split, value, open, fresh }) => [
      counted('open', split, value, open),
      counted('fresh', split, value, fresh),
    ]),
    ...pay.map(
      ({ split, value, currency, amount, adverts }): Figure => ({
        ...{ measure: 'pay', split, value, currency, amount, basis: adverts, sample: false },
      }),
    ),
  ]
}

// The hires of a year: those of one month are too few to tell.
async function timeToFill(ctx: Ctx, day: Temporal.PlainDate): Promise<Figure[]> {
  const hires = await hiresBetween(ctx, day.subtract({ years: 1 }), day)
  const offered = await firstOffered(
    ctx,
    hires.map(({ vacancy_id }) => vacancy_id),
  )
  const told = hires.flatMap(({ vacancy_id, isco, country, hired_on }) => {
    const since = offered.get(vacancy_id)
    if (!since) return []
    const days = Math.max(0, since.until(hired_on, { largestUnit: 'days' }).days)
    const splits = [['total', ''], ['country', country], ...(isco ? [['isco', isco[0]!]] : [])] as [Split, string][]
    return splits.map(([split, value]) => ({ key: `${split} ${value}`, split, value, days }))
  })
  return [...Map.groupBy(told, ({ key }) => key).values()].map((group): Figure => {
    const days = group.map((hire) => hire.days).toSorted((a, b) => a - b)
    const { split, value } = group[0]!
    const median = days[Math.floor((days.length - 1) / 2)]!
    return { measure: 'fill', split, value, currency: '', amount: BigInt(median), basis: days.length, sample: false }
  })
}

// A district counts to its region; where a region itself was entered, that is its number.
async function registeredBy(ctx: Ctx, month: Temporal.PlainDate): Promise<Figure[]> {
  const { places } = await placesAtlas(ctx)
  const entries = await lastEntries(ctx, month)
  const regions = new Map<string, { people: number; sample: boolean }>()
  const whole = new Set(
    entries.filter(({ place_code }) => places.get(place_code)?.kind === 'region').map((e) => e.place_code),
  )
  for (const { place_code, people, sample } of entries) {
    const place = places.get(place_code)
    const region = place?.parent_code && place.parent_code !== 'TJ' ? place.parent_code : place_code
    if (whole.has(region) && region !== place_code) continue
    const known = regions.get(region) ?? { people: 0, sample: false }
    regions.set(region, { people: known.people + people, sample: known.sample || sample })
  }
  if (regions.size === 0) return []
  const all = [...regions.values()]
  const total = all.reduce((sum, { people }) => sum + people, 0)
  const sample = all.some((region) => region.sample)
  return [
    { ...counted('registered', 'total', '', total), sample },
    ...[...regions].map(([code, { people, sample }]) => ({ ...counted('registered', 'region', code, people), sample })),
  ]
}

// Of today alone: what somebody can do is not kept by month.
async function training(ctx: Ctx): Promise<Figure[]> {
  const [asked, able] = [await skillsAsked(ctx), await skillsOfSeekers(ctx)]
  return [
    ...[...asked].map(([skill, count]) => counted('asked', 'skill', skill, count)),
    ...[...able].map(([skill, count]) => counted('able', 'skill', skill, count)),
  ]
}
