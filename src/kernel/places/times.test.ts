import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { LANGUAGES } from '../i18n/languages.ts'
import { placesAtlas } from './places.ts'
import { dateTimeAt, timeAt, timeZoneOf } from './times.ts'

let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base?.drop())

const AFTERNOON = Temporal.Instant.from('2026-11-25T11:00:00Z')
const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const told = async (code: string, at = AFTERNOON) => plain(await timeAt(base.ctx(), at, code))

test('a hearing is told by the clock of its place, and by the one at home', async () => {
  const everywhere = LANGUAGES.map(async (lang) => plain(await timeAt(base.ctx({ lang }), AFTERNOON, 'RU-TUL')))
  expect(await Promise.all(everywhere)).toEqual([
    '14:00, вақти Маскав (дар Душанбе 16:00)',
    '14:00, московское время (16:00 в Душанбе)',
    '14:00, Moscow time (16:00 in Dushanbe)',
  ])
  expect(plain(await dateTimeAt(base.ctx(), AFTERNOON, 'RU-MOW'))).toBe(
    '25 November 2026, 14:00, Moscow time (16:00 in Dushanbe)',
  )
})

test('at another day there or here, the day is said; where the clocks agree, once is enough', async () => {
  expect(await told('RU-KAM', Temporal.Instant.from('2026-11-25T13:30:00Z'))).toBe(
    '01:30, Kamchatka time (25 November 2026, 18:30 in Dushanbe)',
  )
  expect(await told('TJ-SU.C01')).toBe('16:00, Dushanbe time')
  expect(await told('UZ-TK')).toBe('16:00, Tashkent time')
})

test('summer time counts; a zone without a name is told by its offset; without a zone, home', async () => {
  expect(await told('DE-BE')).toBe('12:00, Berlin time (16:00 in Dushanbe)')
  expect(await told('DE-BE', Temporal.Instant.from('2026-07-01T10:00:00Z'))).toBe(
    '12:00, Berlin time (15:00 in Dushanbe)',
  )
  expect(await told('IN')).toBe('16:30, UTC+5:30 (16:00 in Dushanbe)')
  expect(await told('BR')).toBe('08:00, UTC−3 (16:00 in Dushanbe)')
  expect(await told('IS')).toBe('11:00, UTC+0 (16:00 in Dushanbe)')
  expect(await told('UA-14')).toBe('16:00, Dushanbe time')
  expect(await told('nowhere')).toBe('16:00, Dushanbe time')
})

test('the list: real zones, eleven clocks in Russia, names for where people go', async () => {
  const { places } = await placesAtlas(base.ctx())
  const { t } = base.ctx()
  for (const { code, kind, time_zone } of places.values()) {
    if (time_zone) expect(() => AFTERNOON.toZonedDateTimeISO(time_zone), code).not.toThrow()
    if (time_zone && kind !== 'country')
      expect(t.has(`places.zone.${time_zone.toLowerCase().replaceAll(/\W+/g, '_')}`), time_zone).toBe(true)
  }
  const without = [...places.values()].filter(({ time_zone }) => !time_zone).map(({ code }) => code)
  expect(without.sort()).toEqual(['AQ', 'BV', 'HM', 'UA-09', 'UA-14', 'UA-23', 'UA-65', 'UM'])
  const offsets = [...places.values()]
    .filter(({ parent_code }) => parent_code === 'RU')
    .map(({ time_zone }) => AFTERNOON.toZonedDateTimeISO(time_zone!).offset)
  expect(new Set(offsets).size).toBe(11)
  expect(await timeZoneOf(base.ctx(), 'RU')).toBe('Europe/Moscow')
})
