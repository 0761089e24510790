import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringAdverts } from '../../../test/adverts.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { bring } from '../vacancies/fixtures/bring.ts'
import { type Figure, reckonMonth } from './figures.ts'
import { FEWEST, protect } from './protect.ts'

const group = (basis: number) => ({ basis, amount: BigInt(basis) })

describe('what is shown', () => {
  test('stands for ten or more, and a hidden group is never what is left of the total', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 8 }), (numbers) => {
        const shown = protect(
          numbers.map((count) => group(count)),
          true,
        )
        const hidden = numbers.filter((_, at) => shown[at]!.amount === null)
        for (const [at, { amount, basis }] of shown.entries()) {
          if (amount === null) expect(basis).toBeNull()
          else expect(numbers[at] === 0 || numbers[at]! >= FEWEST).toBe(true)
        }
        const others = numbers.filter((count) => count > 0)
        if (hidden.length === 1) expect(others).toHaveLength(1)
      }),
    )
  })

  test('what does not add up hides its own small groups only', () => {
    expect(protect([group(3), group(40), group(50)], false).map(({ amount }) => amount)).toEqual([null, 40n, 50n])
    expect(protect([group(3), group(40), group(50)], true).map(({ amount }) => amount)).toEqual([null, null, 50n])
  })
})

describe('a month', () => {
  let app: TestApp
  const month = Temporal.PlainDate.from('2026-11-01')
  const ctx = () => app.ctx({ actor: { kind: 'system', task: 'test' }, db: app.owner })
  const figures = async (at = month) =>
    (await app.owner
      .selectFrom('labour_market.figure')
      .selectAll()
      .where('month', '=', at)
      .execute()) as unknown as Figure[]
  const amount = async (measure: string, split: string, value: string, currency = '') =>
    (await figures()).find(
      (f) => f.measure === measure && f.split === split && f.value === value && f.currency === currency,
    )?.amount

  beforeAll(async () => {
    app = await testApp()
    const text = (at: number) => `Работа номер ${'абвгдежзик'[at % 10]}${'лмнопрст'[at % 8]} `.repeat(4)
    for (let at = 0; at < 12; at++)
      await bring(
        app,
        {
          ...{
            title: 'Швея',
            country: 'RU',
            region: 'Тульская область',
            published_on: '2026-11-03',
            duties: text(at),
            requirements: 'Нужна медицинская книжка.',
          },
          ...{
            pay_min: String(50_000 + 1_000 * at),
            pay_currency: 'RUB',
            pay_period: 'month',
            employer: `Фабрика ${at}`,
          },
        },
        `f${at}`,
      )
    for (let at = 0; at < 3; at++)
      await bring(app, { title: 'Повар', country: 'KZ', published_on: '2026-10-03', employer: `Кафе ${at}` }, `k${at}`)
    // Nobody stands by it for more than a year; and one that ended.
    await bring(app, { title: 'Сварщик', country: 'RU', published_on: '2025-10-01' }, 'old')
    await bring(app, { title: 'Слесарь', country: 'RU', published_on: '2026-11-02', expires_on: '2026-11-10' }, 'ended')
    await reckonMonth(ctx(), month)
  })
  afterAll(() => app?.drop())

  test('tells what is open and new, and the median pay in its currency', async () => {
    expect(await amount('open', 'total', '')).toBe(15n)
    expect(await amount('fresh', 'total', '')).toBe(13n)
    expect(await amount('pay', 'total', '', 'RUB')).toBe(5_500_000n)
  })

  test('tells which papers are asked for', async () => {
    expect(await amount('asked', 'skill', 'licence.medical_book')).toBe(12n)
  })

  test('hides the group of three, and the one it could be reckoned from', async () => {
    const countries = (await figures()).filter((f) => f.measure === 'open' && f.split === 'country')
    expect(countries.map((f) => [f.value, f.amount, f.basis]).sort()).toEqual([
      ['KZ', null, null],
      ['RU', null, null],
    ])
    // Nor by how many of them state their pay.
    expect(await amount('pay', 'country', 'RU', 'RUB')).toBeNull()
    const page = await (await app.ask('/en/labour-market')).text()
    expect(page).toContain('fewer than 10')
    expect(page).toMatch(/Russia<\/th><td[^>]*>fewer than 10/)
    const csv = await (await app.ask('/en/labour-market.csv?month=2026-11')).text()
    expect(csv).toMatch(/2026-11,open,country,KZ,,,,(?:true|yes)/)
  })

  test('a month without figures says so, whatever is asked', async () => {
    for (const asked of ['2019-01', 'x', "';drop", '2026-13']) {
      const response = await app.ask(`/tg/labour-market?month=${encodeURIComponent(asked)}`)
      expect(response.status).toBe(200)
    }
  })

  test('an office states its numbers; a correction counts, and the first statement stays', async () => {
    const state = (people: string, place = 'TJ-SU', of = '2026-10') =>
      app.ask('/en/work/labour-market', {
        as: 'employment_officer',
        form: { month: of, place, people, source: 'Form 2-T, No. 14' },
      })
    expect((await state('1 240')).status).toBe(303)
    expect((await state('1250')).status).toBe(303)
    const october = Temporal.PlainDate.from('2026-10-01')
    await reckonMonth(ctx(), october)
    const told = (await figures(october)).filter((f) => f.measure === 'registered')
    expect(told.map((f) => [f.split, f.amount])).toEqual(
      expect.arrayContaining([
        ['total', 1250n],
        ['region', 1250n],
      ]),
    )
    const { rows } = { rows: await app.owner.selectFrom('labour_market.registered').select('people').execute() }
    expect(rows.map(({ people }) => people)).toEqual([1240, 1250])
    for (const [people, place, of] of [
      ['-3', 'TJ-SU', '2026-10'],
      ['viele', 'TJ-SU', '2026-10'],
      ['10', 'RU-MOW', '2026-10'],
      ['10', 'TJ-SU', '2026-11'],
    ] as const)
      expect((await state(people, place, of)).status).toBe(422)
    expect(NOW.toString()).toContain('2026-11-21')
  })

  test('another office reads nothing of it', async () => {
    const page = await app.ask('/en/work/labour-market', { as: 'vacancy_officer' })
    expect(page.status).toBe(403)
  })
})

test('the real adverts of the shipped kind make a page without a fault', async () => {
  const app = await testApp()
  await bringAdverts(app)
  const ctx = app.ctx({ actor: { kind: 'system', task: 'test' }, db: app.owner })
  for (let ago = 0; ago < 3; ago++)
    await reckonMonth(ctx, Temporal.PlainDate.from('2026-11-01').subtract({ months: ago }))
  for (const lang of ['tg', 'ru', 'en']) expect((await app.ask(`/${lang}/labour-market`)).status).toBe(200)
  await app.drop()
})
