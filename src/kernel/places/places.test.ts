import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { LANGUAGES } from '../i18n/languages.ts'
import { loadPlaces } from './load.ts'
import {
  countryOf,
  descendants,
  findPlaces,
  placeName,
  placeOfRussianCode,
  placePath,
  placesAtlas,
  resolvePlace,
} from './places.ts'

let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
  await loadPlaces(base.owner)
})
afterAll(() => base.drop())

const found = async (text: string, lang: 'tg' | 'ru' | 'en' = 'en') =>
  (await findPlaces(base.ctx({ lang }), text)).map(({ code, matched_by }) => [code, matched_by?.kind ?? null])
const resolved = async (text: string, country?: string) =>
  (await resolvePlace(base.ctx(), text, { country }))?.code ?? null

describe('the list', () => {
  test('holds the 5 and 68 of Tajikistan, all countries, all Russian subdivisions', async () => {
    const atlas = await placesAtlas(base.ctx())
    const places = [...atlas.places.values()]
    expect(atlas.children.get('TJ')).toHaveLength(5)
    expect(places.filter(({ code }) => /^TJ-..\./.test(code))).toHaveLength(68)
    expect(places.filter(({ kind }) => kind === 'country')).toHaveLength(249)
    expect(atlas.children.get('RU')).toHaveLength(83)
  })

  test('names every country, every place in Tajikistan and Russia in each language, and every place somehow', async () => {
    const atlas = await placesAtlas(base.ctx())
    for (const { code, kind } of atlas.places.values()) {
      const expected = kind === 'country' || /^(TJ|RU|KZ|UZ|KG|KR)-/.test(code) ? LANGUAGES : (['en'] as const)
      for (const lang of expected)
        expect(atlas.labels.get(`${code} ${lang} current`), `${code} in ${lang}`).toBeTruthy()
    }
  })

  test('is loaded once; a code that left it is withdrawn, hidden from search and still named', async () => {
    expect(await loadPlaces(base.owner)).toBe(false)
    const other = await testDatabase()
    try {
      await loadPlaces(other.owner)
      await sql`insert into places.place (code, kind) values ('XX', 'country')`.execute(other.owner)
      await sql`update places.place set withdrawn_at = now(), time_zone = null where code = 'TJ'`.execute(other.owner)
      await sql`update lists.version set checksum = 'an older file' where list = 'places'`.execute(other.owner)
      expect(await loadPlaces(other.owner)).toBe(true)
      const rows = await other.db
        .selectFrom('places.place')
        .selectAll()
        .where('code', 'in', ['XX', 'TJ'])
        .orderBy('code')
        .execute()
      expect(rows.map((row) => [row.code, row.withdrawn_at !== null, row.time_zone])).toEqual([
        ['TJ', false, 'Asia/Dushanbe'],
        ['XX', true, null],
      ])
      await sql`update places.place set withdrawn_at = now() where code = 'TJ-SU.C01'`.execute(other.owner)
      await sql`update lists.version set checksum = 'a newer file' where list = 'places'`.execute(other.owner)
      expect(await findPlaces(other.ctx(), 'Khujand')).toEqual([])
      expect(await placeName(other.ctx(), 'TJ-SU.C01')).toBe('Khujand')
      expect(await descendants(other.ctx(), 'TJ-SU')).not.toContain('TJ-SU.C01')
    } finally {
      await other.drop()
    }
  })

  test('the app reads it and cannot change it', async () => {
    await expect(sql`update places.place set kind = 'city'`.execute(base.db)).rejects.toThrow(/permission denied/)
  })
})

describe('names', () => {
  test('paths say what helps to find a place', async () => {
    const paths = async (code: string) => Promise.all(LANGUAGES.map((lang) => placePath(base.ctx({ lang }), code)))
    expect(await paths('TJ-KT.C01')).toEqual(['Бохтар, Хатлон', 'Бохтар, Хатлон', 'Bokhtar, Khatlon'])
    expect(await paths('TJ-RA.C04')).toEqual(['Турсунзода', 'Турсунзаде', 'Tursunzoda'])
    expect(await paths('TJ-DU')).toEqual(['Душанбе', 'Душанбе', 'Dushanbe'])
    expect(await paths('RU-TUL')).toEqual(['Вилояти Тула, Русия', 'Тульская область, Россия', 'Tula Oblast, Russia'])
    expect(await paths('KR-49')).toEqual(['Чеҷу, Корея', 'Чеджу, Корея', 'Jeju, Korea'])
  })

  test('fall back to the next language, and to the code', async () => {
    expect(await placeName(base.ctx({ lang: 'tg' }), 'GB-BIR')).toBe('Birmingham')
    expect(await placeName(base.ctx({ lang: 'tg' }), 'QQ')).toBe('QQ')
  })

  test('descendants are the place and all below; the country of a place', async () => {
    expect(await descendants(base.ctx(), 'TJ-GB')).toHaveLength(9)
    expect(await descendants(base.ctx(), 'TJ')).toHaveLength(74)
    expect(await descendants(base.ctx(), 'nowhere')).toEqual([])
    expect([
      await countryOf(base.ctx(), 'TJ-GB.C01'),
      await countryOf(base.ctx(), 'KR'),
      await countryOf(base.ctx(), 'x'),
    ]).toEqual(['TJ', 'KR', null])
  })
})

describe('finding', () => {
  test.each(['Хуҷанд', 'хучанд', 'Худжанд', 'Khujand', 'Hudjand', 'xujand', 'ХУЉАНД'])('%s', async (text) => {
    expect((await found(text))[0]).toEqual(['TJ-SU.C01', null])
  })

  test('former names lead to the present place and are said', async () => {
    expect(await found('Ленинабад', 'ru')).toEqual([
      ['TJ-SU.C01', 'former'],
      ['TJ-SU', 'former'],
    ])
    expect((await found('Курган-тюбе'))[0]).toEqual(['TJ-KT.C01', 'former'])
    expect((await found('kurghonteppa'))[0]).toEqual(['TJ-KT.C01', 'former'])
    expect((await found('Регар'))[0]).toEqual(['TJ-RA.C04', 'former'])
    expect((await found('Бохтар')).slice(0, 2)).toEqual([
      ['TJ-KT.C01', null],
      ['TJ-KT.D09', 'former'],
    ])
  })

  test('the beginning of a word is enough; a town leads to its subdivision', async () => {
    expect((await found('мурғ'))[0]![0]).toBe('TJ-GB.D04')
    expect((await found('Тульск', 'ru'))[0]![0]).toBe('RU-TUL')
    expect(await findPlaces(base.ctx({ lang: 'ru' }), 'екатеринбург')).toEqual([
      {
        code: 'RU-SVE',
        name: 'Свердловская область',
        path: 'Свердловская область, Россия',
        matched_by: { kind: 'settlement', name: 'Екатеринбург' },
      },
    ])
    expect(await found('  -- ')).toEqual([])
    expect(await findPlaces(base.ctx(), 'a', 3)).toHaveLength(3)
  })
})

describe('texts of other systems', () => {
  test.each([
    ['г. Москва', 'RU-MOW'],
    ['Город Санкт-Петербург', 'RU-SPE'],
    ['Санкт-Петербург', 'RU-SPE'],
    ['Тульская область', 'RU-TUL'],
    ['Московская обл.', 'RU-MOS'],
    ['Республика Татарстан', 'RU-TA'],
    ['Республика Алтай', 'RU-AL'],
    ['Алтайский край', 'RU-ALT'],
    ['г.Тверь', 'RU-TVE'],
    ['Быково (Московская область)', 'RU-MOS'],
    ['г Москва, проспект Андропова 18к9', 'RU-MOW'],
    ['Yerevan, Armenia', 'AM'],
    ['Россия', 'RU'],
    ['ru-mow', 'RU-MOW'],
    ['ст.м. Нагорная', null],
    ['Москва, Казань', null],
    ['Worldwide', null],
    ['', null],
  ])('%s → %s', async (text, code) => expect(await resolved(text)).toBe(code))

  test('a country narrows the choice', async () => {
    expect(await resolved('Москва', 'TJ')).toBe('TJ-KT.D15')
    expect(await resolved('RU-MOW', 'TJ')).toBeNull()
  })

  test('codes of the Russian address classifier', async () => {
    expect(await placeOfRussianCode(base.ctx(), '7700000000000')).toBe('RU-MOW')
    expect(await placeOfRussianCode(base.ctx(), '7100000100000')).toBe('RU-TUL')
    expect(await placeOfRussianCode(base.ctx(), 'x')).toBeNull()
  })
})
