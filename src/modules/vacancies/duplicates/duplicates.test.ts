import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withActor } from '#kernel/access/transaction.ts'
import type { Ctx } from '#kernel/context.ts'
import { type TestApp, testApp } from '../../../../test/app.ts'
import { NOW } from '../../../../test/database.ts'
import { decideReview, undoDecision } from '../decisions.ts'
import { bring } from '../fixtures/bring.ts'
import { searchListings } from '../listings.ts'
import type { Cells } from '../sources/read-advert.ts'
import { putBack, takeApart } from './apart.ts'
import { isSame, keysOf, type Offer } from './keys.ts'

const TEXT =
  'Выезды к клиентам, устранение вирусов, настройка сетей и подключение принтеров. Замена комплектующих, восстановление данных с дисков. ' +
  'Консультации по телефону, отчёт о каждом выезде в программе. Свой инструмент желателен, обучаем работе с заявками и кассой.'
const OTHER_TEXT = [...TEXT.split(' ')].reverse().join(' ')
const OFFER: Offer = {
  title: 'Мастер по ремонту компьютеров',
  duties: TEXT,
  requirements: null,
  conditions: null,
  schedule: null,
  hours: null,
  isco: '7422',
  country: 'RU',
  place_code: 'RU-TUL',
  region_text: null,
  workplace_text: null,
  employer_name: null,
  employer_inn: null,
  pay_min: 4_000_000n,
  pay_max: 6_000_000n,
  pay_currency: 'RUB',
  pay_period: 'month',
  accommodation: null,
  foreigners: null,
  contract: null,
  sample: false,
}
const meets = (a: Partial<Offer>, b: Partial<Offer>) => {
  const [one, other] = [
    { ...OFFER, ...a },
    { ...OFFER, ...b },
  ]
  return keysOf(one).some((key) => keysOf(other).includes(key)) && isSame(one, other)
}

describe('the same offer', () => {
  test.each<[string, Partial<Offer>, boolean]>([
    ['in another town', { place_code: 'RU-MOW' }, true],
    [
      'with look-alike letters and other signs',
      { duties: TEXT.replaceAll(/(?<=\p{L})о/gu, 'o').replaceAll('.', ' !') },
      true,
    ],
    ['with a few other words', { duties: TEXT.replace('заявками и кассой', 'кассой') }, true],
    ['in the same words under another title', { title: 'Инженер', isco: '2152' }, true],
    ['with pay that meets', { pay_min: 5_000_000n, pay_max: 9_000_000n }, true],
    ['with pay that does not', { pay_min: 7_000_000n, pay_max: 9_000_000n }, false],
    ['with no pay stated', { pay_min: null, pay_max: null, pay_currency: null, pay_period: null }, false],
    ['of another employer', { employer_name: 'ООО «Сайр»' }, false],
    ['with housing', { accommodation: true }, false],
    ['in another country', { country: 'KZ' }, false],
    ['in other words', { duties: OTHER_TEXT }, false],
  ])('%s: %s', (_, other, expected) => expect(meets({}, other)).toBe(expected))

  test('few words tell nothing, unless place, employer and title are the same too', () => {
    const few = { duties: 'Без опыта' }
    expect(meets(few, few)).toBe(false)
    const known = { ...few, employer_name: 'Завод' }
    expect(meets(known, known)).toBe(true)
    expect(meets(known, { ...known, place_code: 'RU-MOW' })).toBe(false)
    expect(meets(known, { ...known, title: 'Сварщик' })).toBe(false)
  })
})

describe('adverts that come in', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await testApp()
  })
  afterAll(() => app?.drop())

  const TOWNS = [
    'RU-TUL',
    'RU-MOW',
    'RU-SPE',
    'RU-BA',
    'RU-PER',
    'RU-KDA',
    'RU-AST',
    'RU-SAM',
    'RU-ULY',
    'RU-YAR',
    'RU-ALT',
    'RU-KGD',
  ]
  const come = (source_id: string, cells: Cells = {}) =>
    bring(
      app,
      {
        title: 'Мастер по ремонту компьютеров',
        country: 'RU',
        duties: TEXT,
        pay_min: '40000',
        pay_max: '60000',
        pay_currency: 'RUB',
        pay_period: 'month',
        published_on: '2026-11-01',
        ...cells,
      },
      source_id,
    )
  const vacancy = (id: string) =>
    app.owner.selectFrom('vacancies.vacancy').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const listed = async (ids: readonly string[]) =>
    app.owner
      .selectFrom('vacancies.listing')
      .select(['vacancy_id', 'also_offered', 'place_codes', 'pay_month', 'listed_at'])
      .where('vacancy_id', 'in', ids)
      .orderBy('vacancy_id')
      .execute()
  const asOfficer = async <T>(act: (ctx: Ctx) => Promise<T>) => {
    const actor = await app.actor('vacancy_officer')
    return withActor(app.db, actor, (db) => act(app.ctx({ actor, db })), NOW)
  }
  const ids: string[] = []

  test('twelve times are listed once, and found in every town and at the best pay', async () => {
    for (const [at, place_code] of TOWNS.entries())
      ids.push(await come(`pc${at}`, { place_code, ...(at === 7 && { pay_max: '70000' }) }))
    const rows = await listed(ids)
    expect(rows).toMatchObject([{ also_offered: 11, pay_month: 7_000_000n }])
    expect(rows[0]!.place_codes).toEqual(expect.arrayContaining([...TOWNS, 'RU']))
    for (const place of TOWNS) {
      const { items } = await searchListings(app.ctx(), {
        place: [place],
        q: 'ремонт компьютеров',
        foreigners: 'all',
        limit: 20,
      })
      expect(items.map(({ vacancy_id }) => vacancy_id)).toEqual([rows[0]!.vacancy_id])
    }
    expect(await (await app.ask('/en/vacancies?all=yes')).text()).toContain('and 11 more places')
  })

  test('each keeps its own page, which tells where else it is offered', async () => {
    const { reference } = await vacancy(ids[3]!)
    const other = await vacancy(ids[5]!)
    const page = await (await app.ask(`/en/vacancies/${reference}`)).text()
    expect(page).toContain('Also offered 11 times')
    expect(page).toContain(`/en/vacancies/${other.reference}`)
    expect(page).not.toContain(`<a href="/en/vacancies/${reference}">`)
    expect((await app.ask(`/en/vacancies?q=${other.reference}`)).headers.get('location')).toContain(other.reference)
  })

  test('when the head goes the next one stands in its place, and steps back when it returns', async () => {
    const [head] = await listed(ids)
    const { reference } = await vacancy(head!.vacancy_id)
    await app.owner
      .insertInto('vacancies.review')
      .values({ id: crypto.randomUUID(), vacancy_id: head!.vacancy_id, reason: 'report', opened_at: NOW, due_at: NOW })
      .execute()
    await asOfficer((ctx) => decideReview(ctx, reference, { decision: 'reject', isco: null, note: null }))
    const [next] = await listed(ids)
    // Who waits for new adverts is not told of the same offer again.
    expect(next).toMatchObject({ also_offered: 10, listed_at: head!.listed_at })
    expect(next!.vacancy_id).not.toBe(head!.vacancy_id)
    await asOfficer((ctx) => undoDecision(ctx, reference))
    expect(await listed(ids)).toEqual([head])
  })

  test('the one that stands longest is the head: the group never ends before its last', async () => {
    const short = await come('ends1', { duties: OTHER_TEXT, expires_on: '2026-12-01' })
    const long = await come('ends2', { duties: OTHER_TEXT, expires_on: '2026-12-24' })
    expect(await listed([short, long])).toMatchObject([{ vacancy_id: long, also_offered: 1 }])
  })

  test('an advert that changes leaves its group, and the rest is listed without it', async () => {
    await come('pc4', {
      place_code: TOWNS[4]!,
      duties: 'Совсем другая работа: погрузка, разгрузка и уборка территории.',
    })
    expect((await listed(ids)).map(({ also_offered }) => also_offered).sort()).toEqual([0, 10])
  })

  test('a wrong grouping is taken apart and stays apart, also when the words come in anew; it can be put back', async () => {
    const one = await vacancy(ids[6]!)
    await asOfficer((ctx) => takeApart(ctx, one.reference))
    const apart = async () => (await listed(ids)).map(({ also_offered }) => also_offered).sort((a, b) => a - b)
    expect(await apart()).toEqual([0, 0, 9])
    await expect(asOfficer((ctx) => takeApart(ctx, one.reference))).rejects.toThrow('conflict')
    await come('pc6', { place_code: TOWNS[6]!, duties: `${TEXT} Ждём.` })
    await come('pc8', { place_code: TOWNS[8]!, duties: `${TEXT} Ждём.` })
    expect(await apart()).toEqual([0, 0, 9])
    const page = await app.ask(`/en/work/vacancies/review/${one.reference}`, { as: 'vacancy_officer' })
    expect(await page.text()).toContain('Put it back into the group')
    await asOfficer((ctx) => putBack(ctx, one.reference))
    expect(await apart()).toEqual([0, 10])
    await expect(asOfficer((ctx) => putBack(ctx, one.reference))).rejects.toThrow('conflict')
  })

  test('officers see the group and take one out by a button; visitors cannot', async () => {
    const { reference } = await vacancy(ids[9]!)
    const path = `/en/work/vacancies/review/${reference}`
    const page = await (await app.ask(path, { as: 'vacancy_officer' })).text()
    expect(page).toContain('The same offer, 10 more times')
    expect((await app.ask(`${path}/apart`, { method: 'POST', form: {} })).status).toBe(303)
    const done = await app.ask(`${path}/apart`, { as: 'vacancy_officer', method: 'POST', form: {} })
    expect(done.headers.get('location')).toBe(path)
    expect((await listed([ids[9]!]))[0]).toMatchObject({ also_offered: 0 })
  })
})
