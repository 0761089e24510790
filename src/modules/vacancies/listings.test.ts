import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ctx } from '#kernel/context.ts'
import { NOW, type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { ListingQuery } from './conditions.ts'
import { ago, bring, MIXED, TODAY, takeRate } from './fixtures/bring.ts'
import { searchListings } from './listings.ts'
import type { Cells } from './sources/read-advert.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  for (const [i, cells] of [...NAMED, ...MIXED].entries()) await bring(database, cells, `a${i}`)
  await takeRate(database, 'RUB', '0.12', 1)
  await takeRate(database, 'USD', '9.5', 8)
})
afterAll(() => database.drop())

// What the tests below ask for by name.
const NAMED: Cells[] = [
  {
    title: 'Швея',
    country: 'RU',
    region: 'Тульская область',
    employer_name: 'Фабрика «Заря»',
    duties: 'Пошив курток.',
  },
  { title: 'Дӯзанда', lang: 'tg', country: 'TJ', place_code: 'TJ-KT.C01', employer_name: 'Коргоҳи Ҳунар' },
  { title: 'Welder (TIG)', lang: 'en', country: 'KR', duties: 'Pipes and tanks.' },
  { title: 'Уборщик', country: 'RU', duties: 'Помогать сварщикам убирать цех.' },
  { title: 'Электрогазосварщик', country: 'RU', region: 'Тульская область', foreigners: 'no' },
  { title: 'Пастух', country: 'TJ', place_code: 'TJ-SU', foreigners: 'no' },
  { title: 'Пекарь', country: 'RU', expires_on: ago(1) },
  { title: 'Пекарь последнего дня', country: 'RU', expires_on: TODAY.toString() },
]

// A visitor on the app's connection, as the page has it.
const found = async (query: Partial<ListingQuery>, ctx: Ctx = database.ctx()) =>
  (await searchListings(ctx, { limit: 1000, ...query })).items
const titles = async (query: Partial<ListingQuery>) => [...new Set((await found(query)).map(({ title }) => title))]

describe('words', () => {
  test.each([
    ['Russian, for a Tajik advert too', 'швея', ['Дӯзанда', 'Швея']],
    ['Tajik', 'дӯзанда', ['Дӯзанда', 'Швея']],
    ['Tajik without its letters', 'ДУЗАНДА', ['Дӯзанда', 'Швея']],
    ['English, by the occupation', 'sewing machine operator', ['Дӯзанда', 'Швея']],
    ['a beginning', 'шве', ['Дӯзанда', 'Швея']],
    ['several words, each as it begins', 'швея туль', ['Швея']],
    ['the employer', 'хунар', ['Дӯзанда']],
    ['a place in Latin letters beside a Russian title', 'welder korea', ['Welder (TIG)', 'Сварщик']],
    ['a word of the text', 'курток', ['Швея']],
    ['words of which one is nowhere: rather the trade than nothing', 'швея марс', ['Дӯзанда', 'Швея']],
    ['a slip', 'шввея', ['Дӯзанда', 'Швея']],
    ['a trade and a place, small words between', 'швея в Туле', ['Швея']],
    ['a trade and a place by its former name', 'швея Курган-Тюбе', ['Дӯзанда']],
    ['Latin letters', 'shveya', ['Дӯзанда', 'Швея']],
    ['one word that is nowhere', 'марс', []],
    ['nothing that could be a word', '!!! —', []],
  ])('%s', async (_, q, expected) => {
    expect((await titles({ q })).sort()).toEqual(expected)
  })

  test('who only mentions a trade is not of it; literally he is found, behind', async () => {
    const all = await titles({ q: 'сварщик', foreigners: 'all' })
    expect(all.sort()).toEqual(['Welder (TIG)', 'Сварщик', 'Электрогазосварщик'])
    const literally = await titles({ q: 'сварщик', foreigners: 'all', literal: true })
    expect([literally[0], literally.at(-1)]).toEqual(['Сварщик', 'Уборщик'])
  })
})

describe('filters', () => {
  test('a place with everything inside it', async () => {
    const inside = await found({ place: ['TJ-KT'], foreigners: 'all' })
    expect(new Set(inside.map(({ place_code }) => place_code))).toEqual(new Set(['TJ-KT.C01']))
    expect(inside).toEqual(await found({ place: ['TJ-KT.C01'], foreigners: 'all' }))
    expect(await titles({ place: ['TJ-SU'] })).toEqual(['Пастух'])
    expect((await found({ place: ['TJ'] })).length).toBe((await found({ country: ['TJ'] })).length)
  })

  test('what is for citizens only shows when asked for; at home nobody is a foreigner', async () => {
    expect(await titles({ q: 'электрогазосварщик' })).not.toContain('Электрогазосварщик')
    expect(await titles({ q: 'электрогазосварщик', foreigners: 'all' })).toContain('Электрогазосварщик')
    expect(await titles({ q: 'пастух' })).toEqual(['Пастух'])
    expect(new Set((await found({ foreigners: 'yes' })).map(({ foreigners }) => foreigners))).toEqual(
      new Set(['yes', 'quota']),
    )
  })

  test('an advert goes with the end of its own last day in Dushanbe', async () => {
    expect(await titles({ q: 'пекарь' })).not.toContain('Пекарь')
    expect(await titles({ q: 'пекарь' })).toContain('Пекарь последнего дня')
    const almost = Temporal.Instant.from(`${TODAY}T18:59:59Z`)
    expect(await found({ q: 'последнего дня' }, database.ctx({ now: almost }))).toHaveLength(1)
    expect(await found({ q: 'последнего дня' }, database.ctx({ now: almost.add({ seconds: 1 }) }))).toHaveLength(0)
  })

  test('pay is compared as a month of it', async () => {
    const offers = async (amount: bigint, currency: string) => [
      ...new Set(
        (await found({ salaryMin: { amount, currency }, foreigners: 'all' })).map(
          ({ pay_currency, pay_period }) => `${pay_currency} ${pay_period}`,
        ),
      ),
    ]
    // 400 roubles an hour are 69 333 a month; up to 120 000 somoni a year are 10 000 a month.
    expect((await offers(6_933_300n, 'RUB')).sort()).toEqual(['RUB hour', 'RUB month', 'TJS year'])
    expect((await offers(6_933_400n, 'RUB')).sort()).toEqual(['RUB month', 'TJS year'])
    // 9 000 roubles… 90 000 roubles are 10 800 somoni at 0,12.
    expect((await offers(1_000_000n, 'TJS')).sort()).toEqual(['RUB month', 'TJS year'])
    expect(await offers(1_000_100n, 'TJS')).toEqual(['RUB month'])
    expect(await offers(1_080_100n, 'TJS')).toEqual([])
  })

  test('a rate of eight days ago compares nothing, one of seven days does', async () => {
    const dollars = { salaryMin: { amount: 100_000n, currency: 'USD' }, foreigners: 'all' } as const
    expect(new Set((await found(dollars)).map(({ pay_currency }) => pay_currency))).toEqual(new Set(['USD']))
    const dayBefore = database.ctx({ now: NOW.subtract({ hours: 24 }) })
    expect(new Set((await found(dollars, dayBefore)).map(({ pay_currency }) => pay_currency))).toEqual(
      new Set(['USD', 'RUB', 'TJS']),
    )
  })
})
