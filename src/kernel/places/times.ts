import type { Ctx } from '../context.ts'
import { TIME_ZONE } from '../i18n/format.ts'
import { placesAtlas } from './places.ts'

/** The IANA time zone of a place, of a country its main one; null where none is stated or no list knows the place. */
export async function timeZoneOf(ctx: Ctx, code: string): Promise<string | null> {
  return (await placesAtlas(ctx)).places.get(code)?.time_zone ?? null
}

/**
 * An instant as the clock stands at a place, and at home where that differs: `14:00, Moscow time (16:00 in Dushanbe)`.
 * A place whose zone is not stated is told the time at home.
 */
export const timeAt = (ctx: Ctx, instant: Temporal.Instant, code: string): Promise<string> =>
  at(ctx, instant, code, false)

/** The same with the day, said twice where it is another day at home. */
export const dateTimeAt = (ctx: Ctx, instant: Temporal.Instant, code: string): Promise<string> =>
  at(ctx, instant, code, true)

/** The same as the reader's own clock stands, with whose clock it is: for what leaves the page, and is read elsewhere. */
export const dateTimeHere = (ctx: Pick<Ctx, 't' | 'format'>, instant: Temporal.Instant): string =>
  ctx.t('places.time.there', {
    time: ctx.format.dateTime(instant),
    zone: zoneName(ctx, ctx.format.time_zone, instant),
  })

async function at(ctx: Ctx, instant: Temporal.Instant, code: string, withDay: boolean): Promise<string> {
  const time_zone = (await timeZoneOf(ctx, code)) ?? TIME_ZONE
  const there = ctx.format.in(time_zone)
  const home = ctx.format.in(TIME_ZONE)
  const values = {
    time: withDay ? there.dateTime(instant) : there.time(instant),
    zone: zoneName(ctx, time_zone, instant),
    home: there.date(instant) === home.date(instant) ? home.time(instant) : home.dateTime(instant),
  }
  return offsetIn(time_zone, instant) === offsetIn(TIME_ZONE, instant)
    ? ctx.t('places.time.there', values)
    : ctx.t('places.time.both', values)
}

/** What people call a time zone, `Moscow time`; one that has no name here is told by its offset then, `UTC−3`. */
export function zoneName({ t }: Pick<Ctx, 't'>, time_zone: string, instant: Temporal.Instant): string {
  const key = `places.zone.${time_zone.toLowerCase().replaceAll(/\W+/g, '_')}`
  if (t.has(key)) return t(key)
  const [, sign, hours, minutes] = /^([+-])0?(\d+):(\d\d)$/.exec(offsetIn(time_zone, instant))!
  return `UTC${sign === '-' ? '−' : '+'}${hours}${minutes === '00' ? '' : `:${minutes}`}`
}

const offsetIn = (time_zone: string, instant: Temporal.Instant) => instant.toZonedDateTimeISO(time_zone).offset
