import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { newId } from '#kernel/ids.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { isOwnNumber, lookUp } from './look-up.ts'
import { factsOn, TOPICS } from './offices.ts'
import { tradeOf } from './patent.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app?.drop())

async function page(path: string) {
  const response = await app.ask(path)
  const html = await response.text()
  const text = html.replaceAll(/<(script|style)[^>]*>.*?<\/\1>/gs, '').replaceAll(/<[^>]+>/g, ' ')
  return { status: response.status, html, text: text.replaceAll(/[\s\u00a0\u202f]+/g, ' ') }
}
const patent = (query: Record<string, string>, lang = 'en') => page(`/${lang}/patent?${new URLSearchParams(query)}`)

describe('the patent check', () => {
  test('says that a trade is closed, what a month costs, and from which source', async () => {
    const { text, html } = await patent({
      region: 'RU-SPE',
      work: 'курьер',
      on_day: '1',
      on_month: '6',
      on_year: '2026',
    })
    expect(text).toContain('this work is closed to people with a patent. The ban holds from 1 January 2026')
    expect(text).toContain('a patent costs 8,000 roubles a month')
    expect(html).toContain('https://nsn.fm/')
    expect(text).toContain('As of 10 December 2025')
  })

  test('what no dated rule tells is unknown, never allowed', async () => {
    const { text, html } = await patent({
      region: 'RU-ALT',
      work: 'сварщик',
      on_day: '1',
      on_month: '6',
      on_year: '2026',
    })
    expect(text).toContain('Whether a patent allows this work is unknown')
    expect(text).toContain('What a patent costs there now is unknown')
    expect(text).toContain('“Unknown” does not mean “allowed”.')
    expect(html).not.toContain('note ok')
    // The same trade and place a year later: nobody has published that yet.
    const later = await patent({ region: 'RU-SPE', work: '9621', on_day: '1', on_month: '6', on_year: '2027' })
    expect(later.text).toContain('is unknown')
  })

  test('asks back when a word may mean several trades, and forgives what cannot be', async () => {
    const { sure, perhaps } = await tradeOf(app.ctx(), 'ронанда')
    expect(sure === null ? perhaps.length : 1).toBeGreaterThan(0)
    const which = await patent({ region: 'RU-MOW', work: 'оператор' })
    expect(which.text).toMatch(/Which of these\?|Work:/)
    expect((await patent({ region: 'RU-MOW', work: 'ъъъ' })).text).toContain('We did not recognise “ъъъ”')
    expect((await patent({ region: 'KZ-75', work: 'повар' })).text).toContain('Choose a region from the list.')
    const wrong = await patent({ region: 'RU-MOW', on_day: '31', on_month: '2', on_year: '2026' })
    expect(wrong.text).toContain('There is no such day')
    expect(wrong.html).toContain('value="31"')
  })

  test.each(LANGUAGES)('is whole in %s', async (lang) => {
    const { status, text } = await patent({ region: 'RU-MOW', work: '7212' }, lang)
    expect(status).toBe(200)
    expect(text).not.toMatch(/\bguide\.|\blaw\./)
  })
})

describe('is this agency real', () => {
  let safar: string
  beforeAll(async () => {
    safar = await known({
      legal_name: 'ҶДММ «Роҳи Сафед»',
      phone: '+992372210011',
      licence_no: 'АБ-0042/7',
      kind: 'agency',
    })
    await known({ legal_name: 'ООО «Кирпичный двор»', phone: '+74950000000', country: 'RU', state: 'suspended' })
    await known({ legal_name: 'ҶДММ «Пинҳон»', phone: '+992372219999', state: 'asked' })
  })
  async function known(facts: Record<string, unknown>): Promise<string> {
    const id = newId()
    await app.owner
      .insertInto('organisations.organisation')
      .values({ id, kind: 'employer', country: 'TJ', created_at: NOW })
      .execute()
    await app.owner
      .insertInto('organisations.organisation_name')
      .values({ organisation_id: id, lang: 'tg', name: String(facts.legal_name) })
      .execute()
    const verified_at = facts.state === 'asked' ? null : NOW.subtract({ hours: 24 * 100 })
    await app.owner
      .insertInto('employers.employer')
      .values({
        ...{
          organisation_id: id,
          reference: id.slice(-8),
          kind: 'employer',
          state: 'verified',
          country: 'TJ',
          lang: 'tg',
        },
        ...{ contact_name: 'x', contact_email: `${id}@example.tj`, asked_at: NOW, due_at: NOW, verified_at },
        ...(facts as { legal_name: string; phone: string }),
      })
      .execute()
    return id
  }
  const found = async (q: string) =>
    (await lookUp(app.ctx(), q)).employers.map(({ employer, by }) => [employer.legal_name, by])

  test.each([
    ['Роҳи Сафед', 'name'],
    ['рохи сафед', 'name'],
    ['rohi safed', 'name'],
    ['Rokhi Safed LLC', 'name'],
    ['сафед', 'name'],
    ['+992 37 221-00-11', 'phone'],
    ['8 37 221 00 11', 'phone'],
    ['аб 0042 7', 'licence'],
  ])('%s is found by %s', async (q, by) => expect(await found(q)).toEqual([['ҶДММ «Роҳи Сафед»', by]]))

  test.each(['Роҳи Сиёҳ', 'ҶДММ', 'ООО', '37 221', '0042', '', '%', 'роҳи сафед пинҳон'])(
    '«%s» finds nobody',
    async (q) => expect(await found(q)).toEqual([]),
  )

  test('nobody is shown before an officer verified them', async () => expect(await found('Пинҳон')).toEqual([]))

  test('says since when it is known, and whether it was they who called', async () => {
    const { text } = await page('/en/agencies?q=rohi+safed')
    expect(text).toContain('An officer verified it on 13 August 2026.')
    expect(text).toContain('АБ-0042/7')
    expect(text).toContain('A licence is no guarantee')
    expect((await page('/en/agencies?q=rohi+safed&called=8+37+221+00+11')).text).toContain('The number matches')
    expect((await page('/en/agencies?q=rohi+safed&called=%2B79001234567')).text).toContain('This is another number')
    expect((await page('/en/agencies?q=rohi+safed&called=1234')).text).toContain('Write the whole number')
    expect((await page('/en/agencies?q=кирпичный+двор')).text).toContain('suspended')
    const employer = (await lookUp(app.ctx(), 'rohi safed')).employers[0]!.employer
    expect(employer.organisation_id).toBe(safar)
    expect(isOwnNumber(employer, '+992372210011')).toBe(true)
    expect(isOwnNumber(employer, '+998372210011')).toBe(false)
  })

  test('an unknown one is not accused; the ministry’s own number is known', async () => {
    const { text } = await page('/en/agencies?q=Золотой+путь')
    expect(text).toContain('We know nothing of “Золотой путь”')
    expect(text).toContain('That is no accusation')
    expect((await page('/en/agencies?q=%2B7+495+967-98-44')).text).toContain(
      'Representative Office of the Ministry of Labour',
    )
  })

  test('a licence that ended is said to have ended', async () => {
    await sql`update employers.employer set licence_until = '2026-01-01', licence_on = '2024-01-01' where organisation_id = ${safar}`.execute(
      app.owner,
    )
    expect((await page('/en/agencies?q=rohi+safed')).text).toContain('ended on 1 January 2026')
  })
})

describe('employment offices', () => {
  test('what no source states is shown as not stated; each fact carries its source', async () => {
    for (const topic of ['hours', 'register', 'bring'] as const) expect(factsOn(topic)).toEqual([])
    const { html, text } = await page('/en/work-offices')
    expect(html.match(/class="missing"/g)!.length).toBeGreaterThanOrEqual(3)
    expect(text).toContain('How to register as unemployed Not stated')
    expect(text).toContain('Agency for Employment Abroad It belongs to the Ministry of Labour')
    expect(text).toContain('Licensed agencies In the first half of 2024, 26 of them sent')
    for (const topic of TOPICS)
      for (const { source_url } of factsOn(topic)) expect(html).toContain(source_url.replaceAll('&', '&amp;'))
    expect(text).toContain('year not stated')
  })

  test.each(LANGUAGES)('is whole in %s and stands on the road', async (lang) => {
    const { text, html } = await page(`/${lang}/work-offices`)
    expect(text).not.toMatch(/\bguide\.|\bsite\./)
    expect(html).toContain('id="recruitment"')
    const home = (await page(`/${lang}`)).html
    for (const path of ['patent', 'agencies', 'work-offices']) expect(home).toContain(`/${lang}/${path}`)
  })
})

test('an advert leads to both checks with what it says', async () => {
  expect((await page('/en/patent?region=RU-TUL&work=7212')).text).toContain('Welders')
})
