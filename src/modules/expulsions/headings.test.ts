import { expect, test } from 'vitest'
import { guessMapping, splitHeadings, unclearHeadings } from '#kernel/imports/columns.ts'
import { HEADING_WORDS, LIST_COLUMNS, OTHER_HEADINGS } from './columns.ts'
import { EXPECTED_HEADINGS } from './fixtures/headings.ts'

const columnsOf = (headings: readonly string[]) =>
  headings.map((heading, column) => ({ column, heading, samples: ['x'] }))
const mapped = (...headings: string[]) =>
  Object.fromEntries(
    Object.entries(guessMapping(LIST_COLUMNS, columnsOf(headings), HEADING_WORDS)).map(([field, column]) => [
      field,
      headings[column],
    ]),
  )
const unclear = (...headings: string[]) => {
  const columns = columnsOf(headings)
  return unclearHeadings(LIST_COLUMNS, columns, guessMapping(LIST_COLUMNS, columns, HEADING_WORDS), OTHER_HEADINGS)
}

test.each([
  ['Срок запрета въезда с', 'Срок запрета въезда по'],
  ['Срок запрета на въезд с', 'Срок запрета на въезд до'],
  ['Срок запрета - начало', 'Срок запрета - окончание'],
  ['Мӯҳлати манъ аз', 'Мӯҳлати манъ то'],
  ['Мӯҳлати манъи вуруд: аз', 'Мӯҳлати манъи вуруд: то'],
  ['Въезд запрещён с (дд.мм.гггг)', 'Въезд запрещён до (дд.мм.гггг)'],
  ['Запрет на въезд с', 'по'],
  ['Начало срока запрета', 'Окончание срока запрета'],
  ['Дата начала запрета', 'Дата окончания запрета'],
  ['Entry ban from', 'Entry ban until'],
  ['С', 'По'],
  ['Аз', 'То'],
])('«%s» is the first day of a ban and «%s» its last, in any order', (from, to) => {
  expect(mapped(from, to)).toEqual({ starts_on: from, ends: to })
  expect(mapped(to, from)).toEqual({ starts_on: from, ends: to })
})

test('a first day alone is never an end', () => {
  for (const heading of ['Срок запрета въезда с', 'Мӯҳлати манъ аз', 'Срок запрета - начало'])
    expect(mapped(heading)).toEqual({ starts_on: heading })
  // Nobody knows these: nothing is read from them, and a program that sends them is told.
  for (const heading of ['Срок запрета считается от', 'Срок запрета (расчётный) начиная с дня'])
    expect([mapped(heading), unclear(heading)]).toEqual([{}, [heading]])
})

test('a title over two columns is read with the line below it, or not at all', () => {
  const two = (upper: string[], lower: string[]) => {
    const rows = [upper, lower, ['1', 'Намунаев', 'А', '1234567', 'депортация', '01.02.2024', '01.02.2029']]
    const split = splitHeadings(
      rows.map((cells, at) => ({ number: at + 1, cells })),
      LIST_COLUMNS,
      HEADING_WORDS,
    )!
    return [mapped(...split.headings.cells), split.rest.length] as const
  }
  const titles = ['№', 'ФИО', 'Паспорт', '', 'Мера', 'Срок запрета', '']
  expect(two(titles, ['', '', 'Серия', 'Номер', '', 'с', 'по'])).toEqual([
    {
      ...{ full_name: 'ФИО', doc_series: 'Паспорт: Серия', doc_number: 'Паспорт: Номер', measure: 'Мера' },
      ...{ starts_on: 'Срок запрета: с', ends: 'Срок запрета: по' },
    },
    1,
  ])
  expect(
    two(
      ['№', 'Сведения о лице', '', 'Документ', '', 'Срок запрета на въезд', ''],
      ['', 'Фамилия', 'Имя', 'серия', 'номер', 'начало', 'окончание'],
    )[0],
  ).toMatchObject({
    ...{ family: 'Сведения о лице: Фамилия', given: 'Сведения о лице: Имя' },
    ...{ doc_series: 'Документ: серия', doc_number: 'Документ: номер' },
    ...{ starts_on: 'Срок запрета на въезд: начало', ends: 'Срок запрета на въезд: окончание' },
  })
  // Without the second line nobody knows which of the two columns is which.
  expect(mapped('ФИО', 'Паспорт', '', 'Мера', 'Срок запрета', '')).toEqual({ full_name: 'ФИО', measure: 'Мера' })
})

test('a line that numbers the columns is no row, below one line of headings or two', () => {
  const rest = (...rows: string[][]) =>
    splitHeadings(
      rows.map((cells, at) => ({ number: at + 1, cells })),
      LIST_COLUMNS,
      HEADING_WORDS,
    )!.rest.map(({ number }) => number)
  const row = ['1', 'Намунаев Далер', '1234567', 'депортация', '01.02.2029']
  const headings = ['№', 'ФИО', 'Паспорт', 'Мера', 'Срок запрета']
  expect(rest(headings, ['1', '2', '3', '4', '5'], row)).toEqual([3])
  expect(rest(headings, ['', '1', '2', '', '3'], row)).toEqual([3])
  const two = [
    ['№', 'ФИО', 'Паспорт', 'Мера', 'Срок запрета', ''],
    ['', '', '', '', 'с', 'по'],
  ]
  expect(rest(...two, ['1', '2', '3', '4', '5', '6'], row)).toEqual([4])
  expect(rest(headings, row, ['1', '2', '3', '4', '5'])).toEqual([2, 3])
  expect(rest(headings, ['2', '1', '3', '4', '5'], row)).toEqual([2, 3])
})

test('days under the title of something else are no days of a ban, whatever else stands in these lines', () => {
  const heads = (...rows: string[][]) => {
    const row = ['1', 'Намунаев', '14.02.1990', 'A1234567', '01.02.2024', '01.02.2025', 'депортация', 'x']
    const cells = [...rows, row].map((cells, at) => ({ number: at + 1, cells }))
    return mapped(...splitHeadings(cells, LIST_COLUMNS, HEADING_WORDS)!.headings.cells)
  }
  const lower = ['', 'ФИО', 'Дата рождения', 'Паспорт', 'с', 'по', '']
  const titles = ['№', 'Гражданин', '', '', 'Период пребывания', '', 'Мера']
  for (const rows of [
    [
      [...titles, ''],
      [...lower, 'пункт ст. 26/27 114-ФЗ'],
    ],
    [
      [...titles, 'Примечание'],
      [...lower, 'прочее'],
    ],
    [
      ['', '', '', '', 'Виза', '', '', ''],
      ['№', 'ФИО', 'Дата рождения', 'Паспорт', 'с', 'до', 'Мера', 'Примечание'],
    ],
    [
      ['Список лиц', '', '', '', '', '', '', ''],
      ['', '', '', '', 'Пребывание', 'Пребывание', '', ''],
      ['№', 'ФИО', 'Дата рождения', 'Паспорт', 'с', 'по', 'Мера', 'Примечание'],
    ],
    [
      ['', '', '', '', 'Пребывание', '', '', ''],
      ['№', 'ФИО', 'Дата рождения', 'Паспорт', 'с (дд.мм.гггг)', 'по (дд.мм.гггг)', 'Мера', 'Примечание'],
    ],
    [
      ['', '', '', '', 'Пребывание', '', '', ''],
      ['1. №', '2. ФИО', '3. Дата рождения', '4. Паспорт', '5. с', '6. по', '7. Мера', '8. Примечание'],
    ],
    [['№', 'ФИО', 'Дата рождения', 'Паспорт', 'Виза с', 'до', 'Мера', 'Примечание']],
    [['№', 'ФИО', 'Дата рождения', 'Паспорт', 'Регистрация', 'до', 'Мера', 'Примечание']],
    [['№', 'ФИО', 'Дата рождения', 'Паспорт', '5. Виза', '6. по (дд.мм.гггг)', 'Мера', 'Примечание']],
    [['№', 'ФИО', 'Дата рождения', 'Паспорт', 'Пребывание с (дд.мм.гггг)', 'по (дд.мм.гггг)', 'Мера', 'Примечание']],
    [
      ['', '', '', '', 'Пребывание', '', '', ''],
      ['1', '2', '3', '4', '5', '6', '7', '8'],
      ['№', 'ФИО', 'Дата рождения', 'Паспорт', 'с', 'по', 'Мера', 'Примечание'],
    ],
  ]) {
    const fields = heads(...rows)
    for (const none of ['starts_on', 'ends']) expect(fields).not.toHaveProperty(none)
    expect(fields).toHaveProperty('measure')
  }
  const father = heads(
    ['№', 'Фамилия', 'Дата рождения', 'Паспорт', 'Отец', '', 'Мера', 'Основание'],
    ['', '', '', '', 'ФИО', 'Паспорт', 'Вид', 'пункт ст. 26/27 114-ФЗ'],
  )
  expect(father).toMatchObject({ family: 'Фамилия', document: 'Паспорт' })
  expect(father).not.toHaveProperty('full_name')
  const bans = heads(
    ['', '', '', '', 'Срок запрета въезда', '', '', ''],
    ['№', 'ФИО', 'Дата рождения', 'Паспорт', 'с', 'по', 'Мера', 'Примечание'],
  )
  expect(bans).toMatchObject({ starts_on: 'Срок запрета въезда: с', ends: 'Срок запрета въезда: по', measure: 'Мера' })
  for (const pair of [
    ['с (дд.мм.гггг)', 'по (дд.мм.гггг)'],
    ['5. с', '6. по'],
  ])
    expect(
      heads(
        ['', '', '', '', 'Срок запрета', '', '', ''],
        ['№', 'ФИО', 'Дата рождения', 'Паспорт', ...pair, 'Мера', ''],
      ),
    ).toMatchObject({ starts_on: expect.stringContaining('запрета: с'), ends: expect.stringContaining('запрета: по') })
  for (const pair of [
    ['Запрет с', 'по'],
    ['5. Срок запрета въезда с', '6. до'],
    ['Мӯҳлати манъ аз', 'то'],
    ['Дата начала запрета', 'По'],
  ])
    expect(Object.keys(heads(['№', 'ФИО', 'Дата рождения', 'Паспорт', ...pair, 'Мера', '']))).toEqual(
      expect.arrayContaining(['starts_on', 'ends']),
    )
  for (const before of ['Запрет', 'Дата решения'])
    expect(heads(['№', 'ФИО', 'Дата рождения', 'Паспорт', before, 'До', 'Мера', ''])).toHaveProperty('ends')
  for (const before of [
    ...['Дата начала', 'Начало срока', 'Start date', 'Запрет въезда в РФ', 'Закрыт въезд', 'Мӯҳлати манъи вуруд ба ФР'],
    ...['Въезд в РФ запрещён', 'Дата начала действия запрета', 'Манъ', 'Срок запрета', 'Срок запрета въезда'],
    ...['Мӯҳлати манъ', 'Основание', 'Дата выезда'],
  ])
    for (const to of ['до', 'По', 'то'])
      expect(heads(['№', 'ФИО', 'Дата рождения', 'Шиноснома', before, to, 'Мера', '']).ends, before).toMatch(
        new RegExp(`(?:^|: )${to}$`),
      )
  for (const before of ['Патент', 'Срок действия', 'Дата выдачи', 'Паспорт', 'Место пребывания', 'Кем выдан'])
    expect(heads(['№', 'ФИО', 'Дата рождения', 'Шиноснома', before, 'до', 'Мера', ''])).not.toHaveProperty('ends')
  // What says until when it is the first of no pair: the next one is another's.
  for (const before of ['Паспорт действителен до', 'Виза до', 'Ҳуҷҷат эътибор дорад то'])
    expect(heads(['№', 'ФИО', 'Дата рождения', before, 'С', 'По', 'Мера', ''])).toMatchObject({
      ...{ starts_on: 'С', ends: 'По' },
    })
  const title = 'Список лиц, которым закрыт въезд'
  for (const above of [[title], Array(8).fill(title)])
    expect(heads(above, ['№', 'ФИО', 'Дата рождения', 'Паспорт', 'С', 'По', 'Мера', ''])).toMatchObject({
      ...{ starts_on: 'С', ends: 'По' },
    })
})

test('what weighs is taken from an exact heading only', () => {
  expect(mapped('Дата снятия с миграционного учета')).toEqual({})
  expect(mapped('Номер паспорта отца', 'Номер паспорта')).toEqual({ doc_number: 'Номер паспорта' })
  expect(mapped('Дата решения об отмене', 'Номер решения об отмене')).toEqual({})
  expect(mapped('Паспорт: срок действия')).toEqual({ doc_expires: 'Паспорт: срок действия' })
  expect(mapped('Фамилия, имя, отчество отца', 'Дата рождения супруги', 'Мера пресечения')).toEqual({})
  expect(mapped('Орган, принявший решение о запрете', 'Основание запрета въезда')).toEqual({
    ...{ issuer: 'Орган, принявший решение о запрете', ground: 'Основание запрета въезда' },
  })
})

test('a program is told which headings nobody understood, and nothing of those that mean nothing here', () => {
  expect(unclear('ФИО', 'Паспорт отца', 'Мера', 'Дата снятия с миграционного учёта')).toEqual(['Паспорт отца'])
  expect(unclear('ФИО', 'Паспорт', 'Номер паспорта отца', 'Телефон')).toEqual([])
  expect(unclear(...Object.keys(EXPECTED_HEADINGS))).toEqual([])
})

const DECORATIONS = [
  (heading: string) => `${heading}:`,
  (heading: string) => `  ${heading.replaceAll(' ', '\n')}  `,
  (heading: string) => `7. ${heading}`,
  (heading: string) => heading.toUpperCase(),
  (heading: string) => `${heading} *`,
  (heading: string) => `${heading} (при наличии)`,
]
test.each(Object.entries(EXPECTED_HEADINGS))('heading «%s» is %s whatever decorates it', (heading, field) => {
  for (const decorated of [...DECORATIONS.map((decorate) => decorate(heading))])
    expect(mapped(decorated), decorated).toEqual(field ? { [field]: decorated } : {})
  if (['birth', 'decision_on', 'lifted_on', 'ends'].includes(field ?? ''))
    expect(mapped(`${heading} (ДД.ММ.ГГГГ)`)).toEqual({ [field!]: `${heading} (ДД.ММ.ГГГГ)` })
})

test('a second name column is another name of the person', () => {
  expect(guessMapping(LIST_COLUMNS, columnsOf(['ФИО', 'ФИО', 'Мера']), HEADING_WORDS)).toEqual({
    ...{ full_name: 0, latin_name: 1, measure: 2 },
  })
})
