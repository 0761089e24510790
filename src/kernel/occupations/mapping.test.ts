import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTable } from '../lists/lists.ts'
import { ROOT } from '../root.ts'
import { fold } from '../search/fold.ts'
import { soundOf } from '../search/sound.ts'
import { findOccupationsIn } from './find-occupations.ts'
import { mapOccupation, oneSlip, SURE } from './map-occupation.ts'
import { buildIndex, labelIn, searchTermsIn, type Term } from './occupation-index.ts'
import { jobsIn } from './titles.ts'
import { stem } from './words.ts'

const table = (file: string) => readTable(readFileSync(join(ROOT, 'data/occupations', file), 'utf8'))
const groups = table('isco08.tsv')
const index = buildIndex(
  groups.map((row) => ({
    code: row.code!,
    level: Number(row.level),
    parent_code: row.code!.slice(0, -1) || null,
    withdrawn: false,
  })),
  groups.flatMap((row) => ['tg', 'ru', 'en'].map((lang) => ({ code: row.code!, lang, label: row[lang]! }))),
  [...table('terms.tsv'), ...table('esco.tsv')] as Term[],
)
const map = (title: string, profession?: string) => mapOccupation(index, title, profession)
const sure = (title: string, profession?: string) => {
  const mapping = map(title, profession)
  return mapping && mapping.confidence >= SURE ? mapping.isco : null
}

describe('the lists', () => {
  test('hold all of ISCO-08, each group named in each language', () => {
    const byLevel = Map.groupBy(groups, (row) => row.level)
    expect([...byLevel].map(([level, rows]) => [level, rows.length]).toSorted()).toEqual([
      ['1', 10],
      ['2', 43],
      ['3', 130],
      ['4', 436],
    ])
    for (const row of groups)
      for (const lang of ['tg', 'ru', 'en']) expect(row[lang], `${row.code} in ${lang}`).toBeTruthy()
    expect(groups.filter((row) => row.tg!.endsWith('~') || row.ru!.endsWith('~'))).toEqual([])
  })

  test('name at least 150 trades in all three languages with everyday names, in letters of one alphabet', () => {
    const own = table('terms.tsv')
    const spellings = [...Map.groupBy(own, (row) => row.isco).values()].map((rows) => {
      const of = (lang: string) => new Set(rows.filter((row) => row.lang === lang).map((row) => fold(row.term!))).size
      return { tg: of('tg'), ru: of('ru'), en: of('en') }
    })
    expect(spellings.filter(({ tg, ru, en }) => tg > 0 && ru > 0 && en > 0).length).toBeGreaterThan(400)
    // Everyday names beside the first one, each different by more than the letters of a keyboard.
    expect(spellings.filter(({ tg, ru, en }) => tg > 1 && ru > 2 && en > 1).length).toBeGreaterThan(150)
    for (const { term, lang } of own) {
      if (lang === 'en' || lang === 'uz') expect(term, term).not.toMatch(/\p{Script=Cyrillic}/u)
      else
        expect(
          term!.split(/[\s-]/).filter((word) => /[a-z]/i.test(word) && /\p{Script=Cyrillic}/u.test(word)),
          term,
        ).toEqual([])
      if (lang !== 'tg') expect(term, term).not.toMatch(/[ғӣқӯҳҷ]/i)
    }
  })
})

describe('a title', () => {
  test.each([
    ['Уборщик служебных помещений', '9112'],
    ['Водитель погрузчика', '8344'],
    ['Водитель автомобиля', '8322'],
    ['Водитель автомобиля седельного тягача', '8332'],
    ['Слесарь по контрольно-измерительным приборам и автоматике', '7311'],
    ['Слесарь - ремонтник', '7233'],
    ['Наладчик станков и манипуляторов с программным управлением 5-6 разряда', '7223'],
    ['экскурсовод 2 категории, 0,75 ставки', '5113'],
    ['Продавец мебели (ТЦ Гудзон)', '5223'],
    ['Продавец-консультант в магазин KARL LAGERFELD', '5223'],
    ['Кассир на пр. Строителей, 134А', '5230'],
    ['Продавец-Кассир, г. Нижний Новгород', '5223'],
    ['Производитель работ (прораб) (в строительстве)', '3123'],
    ['Ведущий инженер по эксплуатации мультимедийнх систем', '2153'],
    ['Уборщик/Уборщица', '9112'],
    ['Бетонщик вахта', '7114'],
    ['СварщикМонтажник 5 разряда', '7212'],
    ['svarshik', '7212'],
    ['povar universal', '5120'],
    ['Cварщик', '7212'],
    ['кафшергар', '7212'],
    ['кафшдӯз', '7536'],
    ['дарзи', '7531'],
    ['Ронандаи автобус', '8331'],
    ['ҳамшираи тиббӣ', '3221'],
    ['Web Programmer', '2513'],
    ['Senior Industrial Automation Engineer', '2152'],
    ['Chief of Party', '1120'],
    ['Chief Accountant', '2411'],
    ['Welder (TIG)', '7212'],
    ['Truck driver CE', '8332'],
    ['Требуются швеи', '8153'],
    ['Даркор: кафшергарон', '7212'],
    ['Водитель кат. С, Е', '8332'],
    ['Водитель категории В', '8322'],
    ['Ронандаи категорияи D', '8331'],
    ['Сиделка с проживанием', '5322'],
    ['Повар 5 разряда вахтовым методом', '5120'],
  ])('%s is %s', (title, isco) => expect(sure(title)).toBe(isco))

  test.each([
    'Специалист',
    'Ведущий специалист',
    'Главный специалист (КБ)',
    'Техник',
    'Manager',
    'водитель асфальтоукладчика',
    'Сортировщик',
    '',
  ])('%s alone is left to an officer', (title) => expect(sure(title)).toBeNull())

  test('of several jobs goes by the first when they are alike, and to an officer when they are not', () => {
    expect(sure('Бармен-официант / Бариста (ТЦ Ереван Плаза)')).toBe('5132')
    const mixed = map('Сварщик / Повар')!
    expect(mixed).toMatchObject({ isco: '7212', others: expect.arrayContaining(['5120']) })
    expect(mixed.confidence).toBeLessThan(0.8)
  })

  test('is confirmed, helped out or contradicted by the profession field', () => {
    expect(sure('Инженер', 'Инженер-технолог')).toBe('2141')
    expect(sure('горничная - официантка', 'Горничная')).toBe('9112')
    expect(sure('Ведущий специалист', 'Специалист')).toBeNull()
    const soldier = map('Военнослужащий', 'Охранник ведомственной охраны')!
    expect(soldier).toMatchObject({ isco: '0310', others: expect.arrayContaining(['5414']) })
    expect(soldier.confidence).toBeLessThan(SURE)
  })

  test('of any text gives an answer in order, never a failure', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'аявщикс -/(),.5wbНQ«»\\') }),
        fc.string(),
        (title, profession) => {
          const mapping = map(title, profession)
          if (mapping)
            expect(mapping.confidence > 0 && mapping.confidence <= 1 && index.occupations.has(mapping.isco)).toBe(true)
        },
      ),
      { numRuns: 200 },
    )
  })
})

/** The shipped adverts, as a measure: titles seen by eye to be right, and how many need an officer. */
test('the shipped adverts are mapped, at most one in six left to an officer', () => {
  const adverts = readFileSync(join(ROOT, 'data/vacancies/trudvsem.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const unsure = adverts.filter((advert) => sure(advert.title, advert.profession) === null)
  expect(adverts.length).toBeGreaterThan(160)
  expect(unsure.length / adverts.length).toBeLessThan(1 / 6)
})

describe('finding', () => {
  const codes = (text: string, lang: 'tg' | 'ru' | 'en' = 'en') =>
    findOccupationsIn(index, lang, text, 5).map(({ code }) => code)
  test('by the beginning of a name in any language, by code, and in Latin letters', () => {
    expect(codes('ронанда')).toContain('8331')
    expect(codes('ошпаз')[0]).toBe('5120')
    expect(codes('сварщ')[0]).toBe('7212')
    expect(codes('svarsh')[0]).toBe('7212')
    expect(codes('weld')[0]).toBe('7212')
    expect(codes('7212')).toEqual(['7212'])
    expect(codes('')).toEqual([])
    expect(codes('ъъъъ')).toEqual([])
  })

  test('names in the reader’s language, and falls back where a label is missing', () => {
    expect(findOccupationsIn(index, 'ru', 'welder', 1)[0]).toMatchObject({
      code: '7212',
      label: 'Сварщики и газорезчики',
    })
    expect(labelIn(index, 'tg', '7212')).toBe('Кафшергарон')
    expect(labelIn(index, 'tg', '0000')).toBe('0000')
  })

  test('a Tajik word is among what a Russian advert is searched by', () => {
    expect(searchTermsIn(index, '7212')).toEqual(expect.arrayContaining(['кафшергар', 'сварщик', 'welder']))
    expect(searchTermsIn(index, '8331')).toContain('ронанда')
  })
})

test('words meet in their stems', () => {
  for (const forms of [
    ['уборщик', 'уборщица', 'уборщицы'],
    ['официант', 'официантка'],
    ['станков', 'станок', 'станка'],
    ['продавец', 'продавца', 'продавщица'],
  ]) {
    expect(new Set(forms.map(stem)).size, forms.join()).toBe(1)
  }
  expect(stem('бухгалтерия')).not.toBe(stem('бухгалтер'))
  expect(soundOf('svarschik')).toBe(soundOf('сварщик'))
  expect(oneSlip('techincal', 'technical')).toBe(true)
  expect(oneSlip('повар', 'товар')).toBe(false)
})

test('a title is cut into jobs without grades and places', () => {
  expect(jobsIn('Слесарь-испытатель 5 разряда')).toEqual([{ text: 'Слесарь-испытатель', aside: '' }])
  expect(jobsIn('Экскурсовод (гид)')).toEqual([{ text: 'Экскурсовод', aside: 'гид' }])
  expect(jobsIn('Оператор станков с ЧПУ').map(({ text }) => text)).toEqual(['Оператор станков с ЧПУ'])
  expect(jobsIn('Администратор в г. Нижний Новгород (б-р Южный 22А)').map(({ text }) => text)).toEqual([
    'Администратор в',
  ])
})
