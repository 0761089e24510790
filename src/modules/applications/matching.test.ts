import { expect, test } from 'vitest'
import { lacksOf } from './matching.ts'
import { needsOf } from './needs.ts'

const advert = (requirements: string, title = 'Водитель') => ({
  ...{ title, profession: null, duties: null, requirements, conditions: null, documents: [], medical_card: null },
})

// Wordings of real adverts, and others in the two other languages.
test.each([
  ['Водительское удостоверение категории B, C', ['driver_b', 'driver_c']],
  ['Права категории «В» и «С»', ['driver_b', 'driver_c']],
  ['Категория Е, опыт работы на полуприцепе', ['driver_e']],
  ['Шаҳодатномаи ронандагӣ, дараҷаи D', ['driver_d']],
  ['Наличие удостоверения водителя погрузчика', ['forklift']],
  ['Forklift licence required', ['forklift']],
  ['Наличие действующей медицинской книжки', ['medical_book']],
  ['Удостоверение сварщика, аттестация НАКС', ['welder']],
  ['Допуск к работам на высоте', ['height']],
  ['3 группа допуска по электробезопасности', ['electrician']],
  ['Шаҳодатномаи кафшергар', ['welder']],
  // What is only wished for, or is the work itself, is no need.
  ['Категория C будет плюсом', []],
  ['Работа на погрузчике. Обучаем', []],
  ['Ответственность, без вредных привычек', []],
  ['Высокая зарплата в категории «рабочие»', []],
])('papers: %s', (text, licences) => expect(needsOf(advert(text)).licences).toEqual(licences))

test.each([
  ['Знание русского языка', [{ lang: 'ru', level: 'talk' }]],
  ['Свободное владение русским языком', [{ lang: 'ru', level: 'well' }]],
  ['Базовый уровень английского языка', [{ lang: 'en', level: 'words' }]],
  ['Fluent English and basic Korean', [{ lang: 'en', level: 'well' }]],
  ['Донистани забони русӣ', [{ lang: 'ru', level: 'talk' }]],
  ['Русская кухня', []],
  ['Знание английского языка желательно', []],
])('languages: %s', (text, languages) =>
  expect(needsOf(advert(text)).languages.slice(0, 1)).toEqual(languages.slice(0, 1)),
)

test('what was not shown counts as neither had nor lacking; a better level is enough', () => {
  const needs = { licences: ['forklift' as const], languages: [{ lang: 'ru' as const, level: 'talk' as const }] }
  const nothing = { languages: null, licences: null, place_codes: null }
  expect(lacksOf(needs, nothing, ['TJ'])).toEqual([])
  const known = { languages: [{ lang: 'ru' as const, level: 'well' as const }], licences: [], place_codes: ['RU'] }
  expect(lacksOf(needs, known, ['TJ-DU', 'TJ'])).toEqual([{ kind: 'licence', licence: 'forklift' }, { kind: 'place' }])
  expect(lacksOf(needs, { ...known, languages: [], place_codes: [] }, ['TJ'])).toEqual([
    { kind: 'licence', licence: 'forklift' },
    { kind: 'language', lang: 'ru', level: 'talk' },
  ])
})
