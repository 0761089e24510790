import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ROOT } from '#kernel/root.ts'
import type { Advert } from '../sources/advert.ts'
import { readAdverts } from '../sources/formats.ts'
import { readAccommodation } from './accommodation.ts'
import { readForeigners } from './foreigners.ts'
import { readHolds } from './holds.ts'
import { readStatedFacts } from './read-text.ts'
import { sentencesOf, shorten } from './sentences.ts'

const lines = readFileSync(join(ROOT, 'data/vacancies/trudvsem.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
const shipped = readAdverts(lines, Temporal.PlainDate.from('2026-11-21')).map((reading) => {
  if (!reading.ok) throw new Error(JSON.stringify(reading.errors))
  return reading.advert
})

describe('open to foreigners', () => {
  test.each([
    'Гражданство РФ',
    'Гражданство строго РФ;',
    'Требования: гражданство - РФ, опыт от года',
    'Наличие гражданства РФ обязательно.',
    'Только граждане РФ!',
    'Рассматриваем кандидатов: граждане РФ',
    'работа только для граждан России',
    'российское гражданство',
    'Гражданство РФ, РБ',
    'Иностранных граждан не рассматриваем',
    'Граждан СНГ не принимаем.',
    'Танҳо шаҳрвандони Россия',
    'Шаҳрвандии Россия ҳатмист.',
    'Kazakh citizens only.',
    'You must be a US citizen.',
    'No visa sponsorship.',
  ])('no: %s', (text) => expect(readForeigners(text)?.value).toBe('no'))

  test.each([
    'Гражданство не важно',
    'Гражданство РФ не обязательно',
    'Принимаем граждан СНГ',
    'Иностранные граждане с патентом принимаются',
    'Граждане РФ и СНГ',
    'Рассматриваем граждан Таджикистана и Узбекистана',
    'Поможем с оформлением патента',
    'Шаҳрвандони хориҷӣ қабул мешаванд',
    'Кор барои муҳоҷирон',
    'Foreign workers are welcome to apply.',
    'Work permit is provided.',
  ])('yes: %s', (text) => expect(readForeigners(text)?.value).toBe('yes'))

  test.each([
    'Знание иностранного языка',
    'Федеральная государственная гражданская служба',
    'Знание гражданского законодательства',
    'Патентовед, опыт патентных экспертиз',
    'Приём граждан, работа с обращениями',
    'Наша команда многонациональна',
    'Работа в иностранной крупной компании',
    'Гражданская оборона',
    'without regard to race, national origin or citizenship',
    '',
  ])('not stated: %s', (text) => expect(readForeigners(text)).toBeNull())

  test('the sentence is quoted as it stands', () => {
    expect(readForeigners('Опыт от года. Гражданство РФ. Пунктуальность')?.quote).toBe('Гражданство РФ.')
    expect(readForeigners('Принимаем граждан СНГ. Гражданство РФ обязательно.')).toMatchObject({ value: 'no' })
  })
})

describe('accommodation', () => {
  test.each([
    'Предоставление жилья при переезде',
    'Бесплатно предоставляем общежитие иногородним',
    'Жилье предоставляется',
    'Проживание за счёт компании',
    'Питание и проживание бесплатно',
    'Общежитие',
    'Вахта с проживанием',
    'Тип жилья: Общежитие',
    'Хобгоҳ дода мешавад',
    'Манзил ройгон аст.',
    'Free accommodation and meals',
    'Housing provided by the employer',
  ])('yes: %s', (text) => expect(readAccommodation(text)?.value).toBe(true))

  test.each([
    'Жилье не предоставляется',
    'Жильё не предоставляем',
    'Без проживания',
    'Проживание за свой счёт',
    'Хобгоҳ дода намешавад',
    'Манзил аз ҳисоби худ',
    'Accommodation is not provided.',
    'No housing',
  ])('no: %s', (text) => expect(readAccommodation(text)?.value).toBe(false))

  test.each([
    'Уборка в студенческом общежитии',
    'Продажа жилья в новостройках',
    'Магазин рядом с местом жительства',
    'Возможность приобретения жилья по военной ипотеке',
    'Агент по продаже жилой недвижимости',
    'Компенсация аренды жилья',
    'Вахтовый метод',
    '',
  ])('not stated: %s', (text) => expect(readAccommodation(text)).toBeNull())
})

const advert = (parts: Partial<Advert>) =>
  ({
    title: 'Разнорабочий',
    profession: null,
    duties: null,
    requirements: null,
    conditions: null,
    schedule: null,
    hours: null,
    ...parts,
  }) as Advert
const held = (parts: Partial<Advert>) => readHolds(advert(parts)).map(({ reason }) => reason)

describe('military and armed service', () => {
  test.each<Partial<Advert>>([
    { title: 'Военнослужащий' },
    { title: 'Служба по контракту' },
    { title: 'Военная служба по контракту, водитель' },
    { title: 'Стрелок-пулемётчик' },
    { title: 'Боец штурмового отряда' },
    { title: 'Сарбози шартномавӣ' },
    { title: 'Soldier' },
    { duties: 'Контракт с Министерством обороны РФ. Выплата сразу.' },
    { conditions: 'Заключение контракта на прохождение военной службы' },
    { title: 'Водитель', duties: 'Работа в зоне СВО' },
    { title: 'Повар', duties: 'Приготовление пищи в зоне проведения специальной военной операции' },
    { title: 'Охранник', duties: 'Вооруженная охрана объектов, служба в Росгвардии по контракту' },
    { duties: 'Шартнома бо Вазорати мудофиа' },
    { duties: 'Join the armed forces and earn more' },
    {
      conditions:
        'Единовременная выплата при заключении контракта. Денежное довольствие от 210 000. Льготы ветерана боевых действий.',
    },
  ])('is held: %o', (parts) => expect(held(parts)).toEqual(['military']))

  test.each<Partial<Advert>>([
    { conditions: 'Есть возможность предоставления отсрочки от призыва на военную службу по мобилизации.' },
    { requirements: 'Документы: паспорт, СНИЛС, военный билет' },
    { title: 'Охранник', requirements: 'Удостоверение частного охранника, разрешение на ношение оружия' },
    { title: 'Стрелок ведомственной охраны' },
    { title: 'Специалист по воинскому учёту', duties: 'Ведение воинского учёта' },
    { conditions: 'Возможность приобретения жилья по военной ипотеке' },
    { conditions: 'Приветствуем участников СВО и ветеранов боевых действий' },
    { conditions: 'Льготы для членов семей участников СВО' },
    { title: 'Кладовщик (ТЦ Мадагаскар)' },
    { title: 'Боец скота' },
    { title: 'Дворник', duties: 'Уборка территории воинской части' },
    { title: 'Инженер', requirements: 'Стрелково-пушечное, артиллерийское и ракетное оружие' },
    { requirements: 'U.S. Veterans will be given preference' },
  ])('is not held: %o', (parts) => expect(held(parts)).toEqual([]))

  test('of the shipped adverts one is held, with its own words as evidence', () => {
    const holds = shipped.filter((each) => readHolds(each).length > 0)
    expect(holds.map(({ source_id }) => source_id)).toEqual(['sample-0075'])
    const [hold] = readHolds(holds[0]!)
    expect(hold!.evidence[0]).toEqual({ part: 'title', quote: 'Военнослужащий', weight: 3 })
    expect(hold!.evidence).toContainEqual({ part: 'conditions', quote: 'обеспечение вещевым имуществом.', weight: 1 })
    expect(hold!.evidence.map(({ quote }) => quote).join(' ')).toContain('служебно-боевых задач')
  })
})

test('what the shipped adverts state in words', () => {
  const stated = shipped.map((each) => ({ id: each.source_id, ...readStatedFacts(each) }))
  const ids = (test: (facts: (typeof stated)[number]) => boolean) => stated.filter(test).map(({ id }) => id)
  expect(ids(({ foreigners }) => foreigners === 'no')).toEqual(['sample-0090', 'sample-0126'])
  expect(ids(({ foreigners }) => foreigners === 'yes')).toEqual([])
  expect(ids(({ accommodation }) => accommodation === true)).toEqual([
    'sample-0006',
    'sample-0018',
    'sample-0070',
    'sample-0075',
    'sample-0107',
    'sample-0120',
  ])
  expect(ids(({ accommodation }) => accommodation === false)).toEqual([])
})

test('fields stand above words, except that words may close what a field opened', () => {
  const facts = (parts: Partial<Advert>) => readStatedFacts(advert({ foreigners: null, accommodation: null, ...parts }))
  expect(facts({ foreigners: 'quota', accommodation: false, conditions: 'Общежитие' })).toEqual({
    foreigners: 'quota',
    foreigners_quote: null,
    accommodation: false,
    accommodation_quote: null,
  })
  expect(facts({ foreigners: 'yes', requirements: 'Гражданство РФ' })).toMatchObject({
    foreigners: 'no',
    foreigners_quote: 'Гражданство РФ',
  })
})

test('text run together falls into sentences; abbreviations do not end them', () => {
  expect(
    sentencesOf('иногороднимОбязанности: Работа. Москва, г. Химки; оклад 12 тыс. руб.').map(({ quote }) => quote),
  ).toEqual(['иногородним', 'Обязанности: Работа.', 'Москва, г. Химки', 'оклад 12 тыс. руб.'])
  expect(shorten('слово '.repeat(100), 300).length).toBeLessThanOrEqual(250)
})

test('no text makes reading fail or hang', () => {
  const words = fc.array(
    fc.constantFrom(
      'гражданство',
      'рф',
      'жилье',
      'не',
      'предоставляется',
      'сво',
      'контракт',
      'с',
      'хобгоҳ',
      '.',
      '-',
      ';',
      'Ё',
      'housing',
      '\n',
    ),
    { maxLength: 200 },
  )
  fc.assert(
    fc.property(words, (parts) => {
      const text = parts.join(' ')
      const before = performance.now()
      readForeigners(text)
      readAccommodation(text)
      readHolds(advert({ duties: text }))
      expect(performance.now() - before).toBeLessThan(5_000)
    }),
    { numRuns: 100 },
  )
})
