import { describe, expect, test } from 'vitest'
import { guessMapping } from '#kernel/imports/columns.ts'
import { LIST_COLUMNS } from './columns.ts'
import { EXPECTED_HEADINGS } from './fixtures/headings.ts'
import { noticeOf } from './notice.ts'
import {
  decisionOf,
  readBirthCell,
  readDay,
  readDocument,
  readEnd,
  readMeasure,
  readName,
  readNumber,
  readStatus,
} from './reading.ts'

const TODAY = Temporal.PlainDate.from('2026-11-21')
const value = (reading: object) => ('value' in reading ? reading.value : undefined)
const why = (reading: object) => {
  const note = 'error' in reading ? reading.error : 'repaired' in reading ? reading.repaired : undefined
  return (note as { key: string } | undefined)?.key.replace('expulsions.import.', '')
}

describe('cells are repaired visibly, or refused', () => {
  test.each([
    ['33214', 19901207, 'excel_date'],
    ['07.12.1990', 19901207, undefined],
    ['1990-12-07T00:00:00', 19901207, undefined],
    ['1990', 19900000, 'year_only'],
    ['31.02.1995', undefined, 'no_such_day'],
    ['07.12.90', undefined, 'birth_short_year'],
    ['вчера', undefined, 'no_date'],
  ])('birth %s', (text, expected, note) => {
    expect([value(readBirthCell(text)), why(readBirthCell(text))]).toEqual([expected, note])
  })

  test.each([
    ['А12345678', 'A12345678', 'document_letters'],
    ['A 12345678', 'A12345678', 'document_joined'],
    ['№ 4012345678', '4012345678', 'document_joined'],
    ['4.01234567E8', '401234567', 'spreadsheet_number'],
    ['401234567.0', '401234567', 'spreadsheet_number'],
    ['48', undefined, 'document_short'],
  ])('document %s', (text, expected, note) => {
    expect([value(readDocument(text)), why(readDocument(text))]).toEqual([expected, note])
  })

  test('a number beside its series gets its lost zeros back', () => {
    expect([value(readNumber('12345')), why(readNumber('12345'))]).toEqual(['0012345', 'lost_zeros'])
    expect(value(readNumber('1234567'))).toBe('1234567')
  })

  test('a name of two alphabets becomes one of one', () => {
    const mixed = 'P\u0430химова' // a Latin P before Cyrillic letters
    expect([value(readName(mixed)), why(readName(mixed))]).toEqual(['Рахимова', 'mixed_letters'])
    expect(why(readName('Сафарзода Ҷамшед'))).toBeUndefined()
    expect(why(readName('12'))).toBe('no_name')
  })

  test.each([
    ['Неразрешение въезда', 'entry_ban'],
    ['административное выдворение', 'expulsion'],
    ['Депортация', 'deportation'],
    ['реадмиссия', 'readmission'],
    ['нежелательность пребывания', 'undesirability'],
    ['Включение в РКЛ', 'controlled_persons'],
    ['Рӯйхати шахсони назоратшаванда', 'controlled_persons'],
    ['отказ в пропуске', 'border_refusal'],
  ])('measure %s', (text, kind) => {
    expect(value(readMeasure(text))).toBe(kind)
  })
  test('two measures in one cell are nobody’s to merge', () => {
    expect(why(readMeasure('выдворение с запретом въезда, неразрешение въезда'))).toBe('two_measures')
    expect(why(readMeasure('штраф'))).toBe('no_measure')
  })

  test.each([
    ['бессрочно', 'indefinite'],
    ['не указан', 'unknown'],
    ['—', 'unknown'],
    ['5 лет', 'P5Y'],
    ['на 3 года', 'P3Y'],
    ['01.06.2029', '2029-06-01'],
    ['3 года 6 месяцев', 'P3Y6M'],
    ['3 года 6 мес.', 'P3Y6M'],
    ['1 год 6 мес', 'P1Y6M'],
    ['3 года и 6 месяцев', 'P3Y6M'],
    ['сроком на 5 (пять) лет', 'P5Y'],
    ['6 мес.', 'P6M'],
    ['1 г. 2 мес. 10 дн.', 'P1Y2M10D'],
    ['180 суток', 'P180D'],
    ['3 сол 6 моҳ', 'P3Y6M'],
    ['3 солу 6 моҳ', 'P3Y6M'],
    ['ба мӯҳлати 5 сол', 'P5Y'],
    ['3 years 6 months', 'P3Y6M'],
    ['1 year and 10 days', 'P1Y10D'],
    ['05.02.2030 г.', '2030-02-05'],
    ['до 05.02.2030', '2030-02-05'],
    ['с 05.02.2025 по 05.02.2030', '2025-02-05/2030-02-05'],
    ['05.02.2025 – 05.02.2030', '2025-02-05/2030-02-05'],
    ['05.02.2025-05.02.2030', '2025-02-05/2030-02-05'],
    ['аз 05.02.2025 то 05.02.2030', '2025-02-05/2030-02-05'],
    ['с 05.02.2025 на 5 лет', '2025-02-05/P5Y'],
    ['5 лет с 05.02.2025', '2025-02-05/P5Y'],
    ['с 05.02.2025 бессрочно', '2025-02-05/indefinite'],
    ['с 05.02.2025', '2025-02-05/unknown'],
  ])('term %s', (text, expected) => {
    expect(value(readEnd(text))).toBe(expected)
  })

  test.each([
    '5 лет и ещё немного',
    '3,5 года',
    '3 года 6',
    '10 лет 3 нед.',
    'не менее 3 лет',
    'до 5 лет',
    '5 лет, по 05.02.2030',
  ])('a term that is understood by half counts as not stated, and says so: %s', (text) => {
    expect([value(readEnd(text)), why(readEnd(text))]).toEqual(['unknown', 'term_unread'])
  })
  test('a term that is none is an error', () => {
    expect(why(readEnd('вчера'))).toBe('no_date')
    expect(why(readEnd('с 31.02.2025 по 05.02.2030'))).toBe('no_such_day')
  })

  test.each([
    ['№ 123 от 05.02.2025', '123', '2025-02-05'],
    ['5-123/2025 аз 05.02.2025', '5-123/2025', '2025-02-05'],
    ['от 05.02.2025 г. № 123', '123', '2025-02-05'],
    ['№ 123', '№ 123', null],
    ['№ 5-12/2025', '№ 5-12/2025', null],
    ['№ 123 от 31.02.2025', '№ 123 от 31.02.2025', null],
  ])('decision %s', (text, no, on) => {
    expect(decisionOf(text)).toEqual({ no, on })
  })

  test.each([
    ['снято', 'lifted'],
    ['Отменён решением суда от 12.03.2025 г.', 'lifted'],
    ['бекор карда шуд 12.03.2025', 'lifted'],
    ['исполнено 05.03.2025', 'served'],
    ['обжалуется', 'appealed'],
    ['Оставлено в силе', 'in_force'],
  ])('status «%s»: %s', (text, status) => {
    expect(readStatus(text)).toEqual({ value: status })
  })

  test.each([
    ...['не снято', 'не исполнено', 'в отмене отказано', 'ходатайство об отмене отклонено', 'исполняется'],
    ...['снят с миграционного учёта', 'на исполнении', 'снято, обжалуется', 'отменено в части', 'бекор нашуд'],
  ])('«%s» does not say that a measure is over', (text) => {
    expect([value(readStatus(text)), why(readStatus(text))]).toEqual([null, 'no_status'])
  })
  test('a decision of two figures in the year is of this century, and says so', () => {
    expect([value(readDay('05.03.26')), why(readDay('05.03.26'))]).toEqual(['2026-03-05', 'short_year'])
  })
})

test('an empty measure is an error, an empty term is unknown, and years count from the decision', () => {
  const row = { full_name: 'Намунаев Далер', birth: 19900101, measure: 'entry_ban' }
  const empty = noticeOf({ ...row, measure: null }, 1, TODAY)
  expect(empty).toMatchObject({ ok: false, errors: { measure: { key: 'expulsions.import.measure_missing' } } })
  const silent = noticeOf(row, 1, TODAY)
  expect(silent).toMatchObject({ ok: true, notice: { facts: { term: 'unknown', ends_on: null, status: 'in_force' } } })
  const counted = noticeOf({ ...row, ends: 'P5Y', decision_on: '2026-03-05' }, 1, TODAY)
  expect(counted).toMatchObject({ ok: true, notice: { facts: { term: 'until', ends_on: '2031-03-05' } } })
  expect(noticeOf({ ...row, ends: 'P5Y' }, 1, TODAY)).toMatchObject({ notice: { facts: { term: 'unknown' } } })
  expect(noticeOf({ ...row, birth: 20270101 }, 1, TODAY)).toMatchObject({ ok: false })
  expect(noticeOf({ ...row, measure: 'border_refusal' }, 1, TODAY)).toMatchObject({ notice: { refusal: true } })
})

const EXPULSION = { full_name: 'Намунаев Далер', birth: 19900101, measure: 'expulsion', ends: 'P5Y' }

test.each(['expulsion', 'deportation', 'readmission'])(
  'years of %s count from the day it was carried out',
  (measure) => {
    const row = { ...EXPULSION, measure, decision_on: '2025-02-05' }
    const carried = noticeOf({ ...row, executed_on: '2025-06-20' }, 1, TODAY)
    expect(carried).toMatchObject({ notice: { facts: { term: 'until', ends_on: '2030-06-20', lasts: 'P5Y' } } })
    // Nobody knows yet when they left: the length stays, the end is open.
    const open = { facts: { term: 'unknown', ends_on: null, lasts: 'P5Y' } }
    expect(noticeOf(row, 1, TODAY)).toMatchObject({ notice: open })
    expect(noticeOf({ ...row, starts_on: '2025-02-05' }, 1, TODAY)).toMatchObject({ notice: open })
  },
)

test('both parts of a cell are read; where another column says otherwise, nobody guesses', () => {
  const row = { ...EXPULSION, ends: '2025-02-05/2030-02-05', decision_no: '№ 123 от 05.02.2025' }
  const facts = {
    starts_on: '2025-02-05',
    term: 'until',
    ends_on: '2030-02-05',
    decision_no: '123',
    decision_on: '2025-02-05',
  }
  const read = noticeOf(row, 1, TODAY)
  expect(read).toMatchObject({ notice: { facts } })
  expect(read.ok && 'lasts' in read.notice.facts).toBe(false)
  expect(noticeOf({ ...row, starts_on: '2025-02-06' }, 1, TODAY)).toMatchObject({ errors: { ends: {} } })
  expect(noticeOf({ ...row, decision_on: '2025-02-06' }, 1, TODAY)).toMatchObject({ errors: { decision_no: {} } })
})

const mapped = (headings: readonly string[]) =>
  Object.fromEntries(
    Object.entries(
      guessMapping(
        LIST_COLUMNS,
        headings.map((heading, column) => ({ column, heading, samples: [] })),
      ),
    ).map(([field, column]) => [headings[column]!, field]),
  )

test.each(Object.entries(EXPECTED_HEADINGS))('heading «%s» alone is %s', (heading, field) => {
  expect(mapped([heading])).toEqual(field ? { [heading]: field } : {})
})

test('headings that share words do not take each other’s columns', () => {
  const lists = [
    ['Серия паспорта', 'Номер паспорта', 'Серия и номер патента', 'Дата выдачи', 'Кем выдан', 'Срок действия'],
    ['Паспорт', 'Серия и номер патента', 'ИНН', 'Исх. №, дата', 'Номер решения (постановления)', 'Дата решения'],
    ['Место рождения', 'Дата рождения', 'Последнее место пребывания в РФ', 'Срок запрета (с, по)', 'Дата исполнения'],
    ['Шиноснома, силсила, рақам', 'Рақам ва санаи қарор', 'Мӯҳлати манъ', 'Ҷойи таваллуд', 'Ҳолат'],
  ]
  for (const list of lists)
    expect(mapped(list)).toEqual(Object.fromEntries(list.map((heading) => [heading, EXPECTED_HEADINGS[heading]])))
})

test('headings of real lists find their fields', () => {
  const headings = [
    ...['№ п/п', 'Фамилия', 'Имя', 'Отчество', 'Д.р.', 'Серия и номер паспорта', 'Мера', 'Статья КоАП РФ'],
    ...[
      'Номер решения (постановления)',
      'Дата решения',
      'Орган, принявший решение',
      'Въезд запрещён до',
      'Снято',
      'Пункт пропуска',
    ],
  ]
  const mapping = guessMapping(
    LIST_COLUMNS,
    headings.map((heading, column) => ({ column, heading, samples: [] })),
  )
  const found = Object.fromEntries(Object.entries(mapping).map(([field, column]) => [headings[column], field]))
  expect(found).toEqual({
    Фамилия: 'family',
    Имя: 'given',
    Отчество: 'patronymic',
    'Д.р.': 'birth',
    'Серия и номер паспорта': 'document',
    Мера: 'measure',
    'Статья КоАП РФ': 'ground',
    'Номер решения (постановления)': 'decision_no',
    'Дата решения': 'decision_on',
    'Орган, принявший решение': 'issuer',
    'Въезд запрещён до': 'ends',
    Снято: 'lifted_on',
    'Пункт пропуска': 'border_point',
  })
})
