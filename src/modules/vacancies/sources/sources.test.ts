import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Reading } from '#kernel/imports/kind.ts'
import { ROOT } from '#kernel/root.ts'
import {
  plainText,
  readAmount,
  readCurrency,
  readDay,
  readOneOf,
  readPay,
  readText,
  readUrl,
  readWhole,
  readYesNo,
} from './cells.ts'
import { ADVERT_COLUMNS } from './columns.ts'
import { readCountry } from './countries.ts'
import { ADVERT_FORMATS, readAdverts } from './formats.ts'
import en from './messages/en.json' with { type: 'json' }
import { type Cells, languageOf, readAdvert } from './read-advert.ts'

const today = Temporal.PlainDate.from('2026-11-21')
const data = (file: string) => readFileSync(join(ROOT, 'data/vacancies', file), 'utf8')
const lines = (file: string) =>
  data(file)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const read = (document: unknown) => readAdverts(document, today)
const adverts = (document: unknown) =>
  read(document).map((reading) => {
    if (!reading.ok) throw new Error(JSON.stringify(reading.errors))
    return reading.advert
  })
const row = (cells: Cells) => readAdvert({ title: 'Сварщик', country: 'RU', ...cells }, { today, raw: null })
const value = (reading: Reading) => ('error' in reading ? reading.error.key : reading.value)

describe('an answer of the portal’s API', () => {
  const [first, second] = adverts(JSON.parse(data('trudvsem-api.json')))

  test('is read as it is meant: zero is no salary, «руб.» are roubles, the work is at its address', () => {
    expect(first).toMatchObject({
      source: 'trudvsem',
      source_id: '58c3f1e4-5b4a-11f1-b964-dd82fad7662e',
      employer: { name: 'МТС', inn: '7718620740', ogrn: '1067761906805' },
      pay: { min: 3_000_000n, max: null, currency: 'RUB', period: 'month', gross: null },
      region_text: null,
      workplace_text: 'г Москва, проспект Андропова 18к9',
      education: null,
      experience: null,
      expires_on: null,
      contacts: [],
    })
    expect(`${first!.published_on} ${first!.modified_on}`).toBe('2026-05-29 2026-06-10')
  })

  test('in words knows "from" where both ends are equal; a profession that is a number is none', () => {
    expect(second).toMatchObject({
      pay: { min: 10_000_000n, max: null },
      profession: null,
      experience: 'Опыт работы от 3 лет',
    })
  })

  test('says that foreigners are taken, and nothing when the box is not ticked', () => {
    const answer = JSON.parse(data('trudvsem-api.json'))
    expect(first!.foreigners).toBeNull()
    answer.results.vacancies[0].vacancy.workPlaceType.workPlaceForeign = true
    answer.results.vacancies[0].vacancy.workPlaceType.workPlaceQuota = true
    expect(adverts(answer)[0]).toMatchObject({ foreigners: 'yes', conditions: 'Квотируемое рабочее место' })
  })

  test('without results is an empty list; without a title an error in its place', () => {
    expect(read({ status: '200', meta: { total: 0 }, results: {} })).toEqual([])
    expect(read({ results: { vacancies: [{ vacancy: { id: '1' } }, null] } })).toEqual([
      { ok: false, errors: { title: { key: 'vacancies.row.missing' } } },
      { ok: false, errors: { title: { key: 'vacancies.row.missing' } } },
    ])
    expect(() => read({ hello: 1 })).toThrow(TypeError)
  })
})

test('a bulk record: HTML goes, the address stays, the medical card is needed, a deleted one is withdrawn', () => {
  const file = JSON.parse(data('trudvsem-bulk.json'))
  const [advert] = adverts(file)
  expect(advert).toMatchObject({
    title: 'Аппаратчик 5 разряда',
    region_text: 'Тульская область',
    region_code: '7100000000000',
    pay: { min: 2_300_000n, max: null, currency: 'RUB' },
    medical_card: true,
    accommodation: null,
    experience: 'Опыт работы от 1 года',
    positions: 2,
    withdrawn: false,
    contacts: [
      { kind: 'phone', value: '+7(48741)60144' },
      { kind: 'email', value: 'zernoef@mail.ru' },
    ],
  })
  expect(advert!.requirements).toContain('Квотируемое рабочее место\nдля трудоустройства инвалидов')
  expect(advert!.requirements).not.toContain('<')
  file.vacancies[0].deleted = true
  expect(adverts(file)[0]!.withdrawn).toBe(true)
})

describe('JSON Lines', () => {
  const portal = adverts(lines('trudvsem.jsonl'))

  test('all shipped adverts are read, none twice, and nothing is added to what they say', () => {
    expect(portal).toHaveLength(166)
    expect(new Set(portal.map(({ source_id }) => source_id)).size).toBe(166)
    expect(portal.filter(({ source_id }) => source_id.startsWith('dev'))).toEqual([])
    const old = portal.filter(({ source_id }) => /^sample-\d/.test(source_id))
    expect(old.filter(({ employer, expires_on, source_url }) => employer ?? expires_on ?? source_url)).toEqual([])
    expect(portal.find(({ source_id }) => source_id === 'sample-0001')).toMatchObject({
      pay: { min: 4_000_000n, max: 6_900_000n, period: 'month' },
      hours: 'с 09:00 по 18:15',
    })
    expect(portal.find(({ source_id }) => source_id === 'sample-0035')!.pay).toBeNull()
    expect(portal.find(({ source_id }) => source_id === 'sample-0153')).toMatchObject({
      profession: 'Экскурсовод',
      contract: 'fixed_term',
    })
    // The portal's own number, so that the API's answer for the same advert renews it.
    expect(portal.find(({ title }) => title === 'Аналитик данных')!.source_id).toBe(
      '511c3618-698b-11f1-b58e-dd53c9fce633',
    )
  })

  test('the demonstration exercises every filter and is labelled', () => {
    const demo = adverts(lines('demo.jsonl'))
    const all = <K extends keyof (typeof demo)[number]>(key: K) => new Set(demo.map((advert) => advert[key]))
    expect(
      Object.fromEntries([...Map.groupBy(demo, ({ lang }) => lang)].map(([lang, rows]) => [lang, rows.length])),
    ).toEqual({ tg: 10, ru: 6, en: 8 })
    for (const { source, employer, contacts } of demo) {
      expect(source).toBe('sample')
      expect(employer!.name).toMatch(/\((намуна|образец|sample)\)$/)
      for (const { kind, value } of contacts)
        expect(value).toMatch(kind === 'phone' ? /^\+992 000 00-00-\d\d$/ : /example\.org/)
    }
    expect(new Set(demo.map(({ pay }) => pay?.period))).toEqual(
      new Set(['hour', 'day', 'shift', 'week', 'month', 'year', 'total', undefined]),
    )
    expect(new Set(demo.map(({ pay }) => pay?.gross))).toEqual(new Set([true, false, null, undefined]))
    expect(all('contract')).toEqual(new Set(['permanent', 'fixed_term', 'seasonal', 'service', 'none']))
    expect(all('foreigners')).toEqual(new Set(['yes', 'no', 'quota', null]))
    expect(all('accommodation')).toEqual(new Set([true, false, null]))
    expect(all('country').size).toBeGreaterThanOrEqual(8)
    expect(
      demo.filter(({ expires_on }) => expires_on && Temporal.PlainDate.compare(expires_on, today) < 0),
    ).toHaveLength(1)
    expect(demo.filter(({ withdrawn }) => withdrawn)).toHaveLength(1)
  })
})

describe('a row of a table', () => {
  test('states pay in one cell or in two; what is missing stays missing', () => {
    expect(row({ pay: 'от 30 000 руб.' })).toMatchObject({
      ok: true,
      advert: { pay: { min: 3_000_000n, max: null, currency: 'RUB', period: null, gross: null } },
      repairs: { pay: { key: 'vacancies.row.pay' } },
    })
    expect(row({ pay_min: '2 060 740', pay_currency: 'KRW' })).toMatchObject({
      advert: { pay: { min: 2_060_740n, currency: 'KRW' } },
    })
    expect(
      row({ pay_min: '12.50', pay_max: '15', pay_currency: 'EUR', pay_period: 'в час', pay_tax: 'на руки' }),
    ).toMatchObject({ advert: { pay: { min: 1_250n, max: 1_500n, period: 'hour', gross: false } } })
    expect(row({ pay_min: '0', pay_max: '0' })).toMatchObject({ ok: true, advert: { pay: null } })
    expect(row({})).toMatchObject({
      ok: true,
      advert: { employer: null, published_on: null, foreigners: null, contacts: [], source: 'employer' },
    })
  })

  test('is refused with the column that is wrong', () => {
    expect(row({ title: ' ' })).toEqual({ ok: false, errors: { title: { key: 'vacancies.row.missing' } } })
    expect(row({ pay_min: '100' })).toEqual({
      ok: false,
      errors: { pay_currency: { key: 'vacancies.row.no_currency' } },
    })
    expect(row({ pay_min: '200', pay_max: '100', pay_currency: 'RUB' })).toEqual({
      ok: false,
      errors: { pay_max: { key: 'vacancies.row.pay_disorder' } },
    })
    expect(row({ expires_on: '31.02.2026', positions: '0' })).toEqual({
      ok: false,
      errors: {
        expires_on: { key: 'vacancies.row.bad_day', values: { value: '31.02.2026' } },
        positions: { key: 'vacancies.row.bad_number', values: { value: '0' } },
      },
    })
  })

  test('of a day that has not come, or that ends before it began, is none', () => {
    const errors = (cells: Cells) => {
      const reading = row(cells)
      return reading.ok ? null : Object.entries(reading.errors).map(([column, { key }]) => [column, key])
    }
    expect(errors({ published_on: '2026-11-23' })).toEqual([['published_on', 'vacancies.row.day_ahead']])
    expect(errors({ published_on: '2126-01-01' })).toEqual([['published_on', 'vacancies.row.day_ahead']])
    // It is tomorrow already in Vladivostok.
    expect(errors({ published_on: '2026-11-22' })).toBeNull()
    expect(errors({ published_on: '2026-11-20', expires_on: '2026-11-19' })).toEqual([
      ['expires_on', 'vacancies.row.ends_before'],
    ])
    expect(errors({ published_on: '2026-11-20', expires_on: '2026-11-20' })).toBeNull()
    expect(errors({ expires_on: '2020-01-01' })).toBeNull()
  })

  test('without a number of its own is known again by what it offers', () => {
    const id = (cells: Cells) => {
      const reading = row(cells)
      return reading.ok && reading.advert.source_id
    }
    expect(id({ duties: 'Сварка' })).toBe(id({ duties: 'Сварка', pay: '1000 руб.' }))
    expect(id({ duties: 'Сварка' })).not.toBe(id({ duties: 'Резка' }))
    expect(languageOf('Кафшергар, маоши хуб')).toBe('ru')
    expect(languageOf('Ронандаи боркаш, ҷои хоб')).toBe('tg')
    expect(languageOf('Welder')).toBe('en')
  })
})

describe('a cell', () => {
  test.each<[Reading, unknown]>([
    [readDay('2026-11-21T13:48:00'), '2026-11-21'],
    [readDay('21.11.2026'), '2026-11-21'],
    [readDay('45378'), '2024-03-27'],
    [readDay('2018-12'), 'vacancies.row.bad_day'],
    [readDay('30.02.2026'), 'vacancies.row.bad_day'],
    [readAmount('40\u2009000'), '40000'],
    [readAmount('90000.0'), '90000'],
    [readAmount('0'), null],
    [readAmount('много'), 'vacancies.row.bad_amount'],
    [readCurrency('«руб.»'), 'RUB'],
    [readCurrency('попугаи'), 'vacancies.row.bad_currency'],
    [readText('Cвapщик'), 'Сварщик'],
    [readText('Не указано'), null],
    [readText('Ничего не выбрано'), null],
    [readWhole(1)('12.0'), 12],
    [readWhole(1)('-1'), 'vacancies.row.bad_number'],
    [readYesNo('ҳа'), true],
    [readYesNo('Нет'), false],
    [readYesNo('возможно'), 'vacancies.row.bad_yes_no'],
    [readUrl('example.org/1'), 'https://example.org/1'],
    [readUrl('javascript:alert(1)'), 'vacancies.row.bad_url'],
    [readOneOf({ a: /^x/ })('X-ray'), 'a'],
    [readCountry('Россия'), 'RU'],
    [readCountry('Тоҷикистон'), 'TJ'],
    [readCountry('ОАЭ'), 'AE'],
    [readCountry('kr'), 'KR'],
    [readCountry('Атлантида'), 'vacancies.row.bad_country'],
  ])('%j', (reading, expected) => expect(value(reading)).toBe(expected))

  test('a currency named surely is no repair; pay from words says what was understood', () => {
    for (const text of ['RUB', 'руб.', '₽', 'сомонӣ']) expect(readCurrency(text)).not.toHaveProperty('repaired')
    expect(readPay('от 60 000 руб.')).toMatchObject({ repaired: { values: { value: '60000–… RUB' } } })
    expect(readPay('2 060 740 вон')).toMatchObject({ repaired: { values: { value: '2060740 KRW' } } })
  })

  test('pay in words', () => {
    expect(value(readPay('40 000 - 69 000 руб.'))).toEqual({ min: '40000', max: '69000', currency: 'RUB' })
    expect(value(readPay('до 50 тыс. рублей'))).toEqual({ min: null, max: '50000', currency: 'RUB' })
    expect(value(readPay('2 060 740 вон'))).toEqual({ min: '2060740', max: '2060740', currency: 'KRW' })
    expect(value(readPay('по договорённости'))).toBeNull()
  })

  test('marks of HTML become lines and letters', () => {
    expect(plainText('Раз<br/>Два&nbsp;&laquo;три&raquo;<ul><li>четыре</li></ul>')).toBe('Раз\nДва «три»\n• четыре')
    expect(plainText('a < b')).toBe('a < b')
  })

  test('of any text is read or refused with a message that exists, never a failure', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.oneof(fc.constantFrom(...'0123456789.,-/ рубтысот€$<>&;'), fc.string()) }),
        (text) => {
          for (const { read } of ADVERT_COLUMNS) {
            const reading = read(text)
            const note = 'error' in reading ? reading.error : reading.repaired
            if (note) expect(en).toHaveProperty([note.key.replace('vacancies.', '')])
          }
        },
      ),
    )
  })
})

test('columns are headed as in real files, no heading twice, and named in the messages', () => {
  const headings = ADVERT_COLUMNS.flatMap(({ headings }) => headings.map((heading) => heading.toLowerCase()))
  expect(headings.filter((heading, at) => headings.indexOf(heading) !== at)).toEqual([])
  for (const { label } of ADVERT_COLUMNS) expect(en).toHaveProperty([label.replace('vacancies.', '')])
  expect(ADVERT_FORMATS.map(({ name }) => name)).toEqual(['trudvsem_api', 'trudvsem_bulk', 'advert_lines'])
})
