import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guessMapping } from '#kernel/imports/columns.ts'
import { ROOT } from '#kernel/root.ts'
import { fold } from '#kernel/search/fold.ts'
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
    ['00.00.1991', 19910000, 'year_only'],
    ['1991-00-00', 19910000, 'year_only'],
    ['00.05.1991', 19910500, 'month_only'],
    ['1991-05-00', 19910500, 'month_only'],
    ['05.1991', 19910500, 'month_only'],
    ['00.13.1991', undefined, 'no_such_day'],
    ['12 марта 1985 г.', 19850312, undefined],
    ['12 марти 1985', 19850312, undefined],
    ['00.00.0000', undefined, 'no_such_day'],
  ])('birth %s', (text, expected, note) => {
    expect([value(readBirthCell(text)), why(readBirthCell(text))]).toEqual([expected, note])
  })

  test.each([
    ['А12345678', 'A12345678', 'document_letters'],
    ['A 12345678', 'A12345678', 'document_joined'],
    ['№ 4012345678', '4012345678', 'document_joined'],
    ['сер. А № 1234567', 'A1234567', 'document_letters'],
    ['пасп. 400123456', '400123456', 'document_joined'],
    ['загран. пасп. 400123456', '400123456', 'document_joined'],
    ['сер/ном А/1234567', 'A1234567', 'document_letters'],
    ['сер: А 1234567', 'A1234567', 'document_letters'],
    ['СЕР-1234567', 'CEP1234567', 'document_letters'],
    ['4.01234567E8', '401234567', 'spreadsheet_number'],
    ['401234567.0', '401234567', 'spreadsheet_number'],
    ['4,01234567E+08', '401234567', 'spreadsheet_number'],
    ['4.00123E+08', undefined, 'document_rounded'],
    ['4,00123E+08', undefined, 'document_rounded'],
    ['4.00123 E+08', undefined, 'document_rounded'],
    ['4.012E8', undefined, 'document_rounded'],
    ['4E+08', undefined, 'document_rounded'],
    ['48', undefined, 'document_short'],
  ])('document %s', (text, expected, note) => {
    expect([value(readDocument(text)), why(readDocument(text))]).toEqual([expected, note])
  })

  test('a number beside its series gets its lost zeros back', () => {
    expect([value(readNumber('12345')), why(readNumber('12345'))]).toEqual(['0012345', 'lost_zeros'])
    expect(value(readNumber('1234567'))).toBe('1234567')
    expect(why(readNumber('4,00123E+08'))).toBe('document_rounded')
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
    ['О неразрешении въезда в РФ', 'entry_ban'],
    ['решение о неразрешении въезда', 'entry_ban'],
    ['въезд в РФ запрещен', 'entry_ban'],
    ['Въезд в Российскую Федерацию запрещён', 'entry_ban'],
    ['Въезд в РФ не разрешен', 'entry_ban'],
    ['запрещен въезд', 'entry_ban'],
    ['запрет на въезд в Россию', 'entry_ban'],
    ['въезд закрыт', 'entry_ban'],
    ['закрытие въезда', 'entry_ban'],
    ['Закрыт въезд на территорию Российской Федерации', 'entry_ban'],
    ['манъи вуруд ба ФР', 'entry_ban'],
    ['вуруд ба Русия манъ аст', 'entry_ban'],
    ['Манъи вуруд ба Федератсияи Россия', 'entry_ban'],
    ['entry into Russia banned', 'entry_ban'],
    ['контролируемое лицо', 'controlled_persons'],
    ['состоит в реестре контролируемых лиц', 'controlled_persons'],
    ['Включен в РКЛ, режим высылки', 'controlled_persons'],
    ['рӯйхати назоратшавандагон', 'controlled_persons'],
    ['ихроҷи маъмурӣ', 'expulsion'],
    ['адм. выдворение за пределы РФ', 'expulsion'],
    ['депортатсия', 'deportation'],
    ['подлежит депортации', 'deportation'],
    ['реадмиссии', 'readmission'],
  ])('measure %s', (text, kind) => {
    expect(readMeasure(text)).toEqual({ value: kind })
  })

  test.each([
    ...['въезд не запрещён', 'Въезд в РФ не запрещен', 'не запрещен въезд', 'въезд разрешён', 'разрешение въезда'],
    ...[
      'запрет на въезд снят',
      'запрета на въезд нет',
      'запрет въезда отсутствует',
      'въезд был закрыт, открыт 05.02.2026',
    ],
    ...['штраф без выдворения', 'без административного выдворения', 'не подлежит депортации', 'выдворение отменено'],
    ...['отмена решения о неразрешении въезда', 'выдворение заменено штрафом', 'депортация прекращена'],
    ...['не в РКЛ', 'исключён из РКЛ', 'снят с РКЛ', 'исключён из реестра контролируемых лиц', 'РКЛ: нет'],
    ...[
      'не контролируемое лицо',
      'срок неразрешения въезда истёк',
      'закрыто дело о депортации',
      'в выдворении отказано',
    ],
    ...['вуруд манъ нест', 'манъи вуруд бекор шуд', 'манъи вуруд надорад', 'ихроҷ нашудааст', 'бе ихроҷ'],
    ...[
      'not banned',
      'no entry ban',
      'entry ban lifted',
      'entry not banned',
      'expulsion cancelled',
      'without deportation',
    ],
    ...[
      'рассматривается вопрос о депортации',
      'предупреждение о выдворении',
      'ошибочно внесён в РКЛ',
      'амнистия: запрет въезда',
    ],
    ...['невыдворение', 'штраф', 'нет', '-', 'въезд'],
  ])('«%s» is no measure', (text) => {
    expect(['measure_denied', 'no_measure']).toContain(why(readMeasure(text)))
    expect(value(readMeasure(text))).toBeUndefined()
  })

  test('words beside a measure that nobody knows are pointed at', () => {
    const odd = readMeasure('депортация, сопровождение конвоем')
    expect([value(odd), why(odd)]).toEqual(['deportation', 'measure_beside'])
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
    ['постоянно', 'indefinite'],
    ['Постоянный запрет', 'indefinite'],
    ['без срока', 'indefinite'],
    ['без ограничения срока', 'indefinite'],
    ['пожизненно', 'indefinite'],
    ['без указания срока', 'unknown'],
    ['срок не установлен', 'unknown'],
    ['01.01.2099', '2099-01-01'],
    ['31 декабря 2029 г.', '2029-12-31'],
    ['пять лет', 'P5Y'],
    ['на пять лет', 'P5Y'],
    ['Три года', 'P3Y'],
    ['5 (пять) лет', 'P5Y'],
    ['пять (5) лет', 'P5Y'],
    ['сроком на 10 (десять) лет', 'P10Y'],
    ['сроком пяти лет', 'P5Y'],
    ['один год и шесть месяцев', 'P1Y6M'],
    ['панҷ сол', 'P5Y'],
    ['ба мӯҳлати се сол', 'P3Y'],
    ['five years', 'P5Y'],
    ['с 12 марта 2025 г. по 12 марта 2030 г.', '2025-03-12/2030-03-12'],
    ['с «12» марта 2025 года по 12.03.2030', '2025-03-12/2030-03-12'],
    ['аз 12 марти соли 2025 то 12 марти соли 2030', '2025-03-12/2030-03-12'],
    ['3 года с 12 марта 2025 г.', '2025-03-12/P3Y'],
    ['по 12.03.2030 включительно', '2030-03-12'],
    ['с 12 марта 2025 г. по 12 марта 2030 г. (включительно)', '2025-03-12/2030-03-12'],
  ])('term %s', (text, expected) => {
    expect(value(readEnd(text))).toBe(expected)
  })

  test.each([
    ['31.12.9999', 'indefinite', 'term_endless'],
    ['9999-12-31', 'indefinite', 'term_endless'],
    ['по 31.12.9999', 'indefinite', 'term_endless'],
    ['с 05.02.2025 по 31.12.9999', '2025-02-05/indefinite', 'term_endless'],
    ['до 12.2029', '2029-12-31', 'last_of_month'],
    ['02.2028', '2028-02-29', 'last_of_month'],
    ['2029-06', '2029-06-30', 'last_of_month'],
    ['до декабря 2029 г.', '2029-12-31', 'last_of_month'],
    ['00.06.2029', '2029-06-30', 'last_of_month'],
    ['до 2029 г.', '2029-12-31', 'last_of_year'],
    ['2029', '2029-12-31', 'last_of_year'],
    ['то соли 2029', '2029-12-31', 'last_of_year'],
    ['00.00.2029', '2029-12-31', 'last_of_year'],
    ['до особого распоряжения', 'unknown', 'term_open'],
    ['до отмены', 'unknown', 'term_open'],
    ['until further notice', 'unknown', 'term_open'],
  ])('term %s: %s, and how it was read is said', (text, expected, note) => {
    expect([value(readEnd(text)), why(readEnd(text))]).toEqual([expected, note])
  })

  test.each([
    ...[
      'вчера',
      'с 31.02.2025 по 05.02.2030',
      '31.02.2029',
      'до 13.2029',
      '01.06.2925',
      'нет',
      'снят',
      '45',
      'до свадьбы',
    ],
    ...['не бессрочно', 'не постоянно', 'бессрочно, 5 лет', 'бессрочный запрет снят', 'бемуҳлат нест', '3 (пять) лет'],
    ...['двадцать пять лет', 'не более пяти лет', 'до пяти лет', 'не permanent'],
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

  test.each([
    ['5 лет со дня выдворения', 'removal/P5Y'],
    ['5 (пять) лет с даты административного выдворения из РФ', 'removal/P5Y'],
    ['3 года с момента выезда', 'removal/P3Y'],
    ['3 года c даты выезда', 'removal/P3Y'], // a Latin c
    ['сроком на три года со дня выезда из Российской Федерации', 'removal/P3Y'],
    ['в течение 5 лет со дня депортации', 'removal/P5Y'],
    ['в течение 5 лет', 'P5Y'],
    ['1 год 6 мес. после реадмиссии', 'removal/P1Y6M'],
    ['5 лет, с даты выдворения (депортации)', 'removal/P5Y'],
    ['5 лет (с даты выезда за пределы РФ)', 'removal/P5Y'],
    ['со дня выдворения на 5 лет', 'removal/P5Y'],
    ['с даты исполнения постановления о выдворении сроком на пять лет', 'removal/P5Y'],
    ['5 сол аз рӯзи ихроҷ', 'removal/P5Y'],
    ['ба мӯҳлати се сол аз санаи баромадан аз Русия', 'removal/P3Y'],
    ['аз рӯзи ихроҷ 5 сол', 'removal/P5Y'],
    ['5 years from the date of removal', 'removal/P5Y'],
    ['5 лет с даты исполнения', 'execution/P5Y'],
    ['5 лет с момента исполнения решения', 'execution/P5Y'],
    ['5 сол аз рӯзи иҷрои қарор', 'execution/P5Y'],
    ['5 лет со дня вынесения решения', 'decision/P5Y'],
    ['3 года с даты принятия решения', 'decision/P3Y'],
    ['3 сол аз рӯзи қабули қарор', 'decision/P3Y'],
  ])('term %s, from what it counts', (text, expected) => {
    expect(readEnd(text)).toEqual({ value: expected })
  })

  test('a first day beside what else it counts from is read alone', () => {
    expect(value(readEnd('с 05.02.2025 на 5 лет со дня выдворения'))).toBe('2025-02-05/unknown')
  })

  test.each([
    ...['5 лет с даты вступления в силу', '5 лет со дня вступления решения в законную силу', '3 года с момента въезда'],
    ...['5 лет со дня, следующего за днем выдворения', '5 лет не со дня выдворения', '5 лет со дня последнего выезда'],
    ...['5 лет со дня выдворения или решения', '5 лет со дня вынесения решения о выдворении', '5 лет до выдворения'],
    ...['5 лет с даты выдворения, бессрочно', '5 лет с даты выдворения 20.06.2023', 'не менее 5 лет с даты выдворения'],
    ...['5 лет с даты освобождения', '5 лет с даты выезда супруги', '5 лет с даты'],
    ...[
      '5 сол аз рӯзи эътибор пайдо кардани қарор',
      '5 сол аз рӯзи баромади қарор',
      'со дня выдворения',
      '5 лет с даты въезда/выезда',
    ],
  ])('a term that counts from what nobody knows is asked about: %s', (text) => {
    expect([value(readEnd(text)), why(readEnd(text))]).toEqual(['unknown', 'term_unread'])
  })

  test.each([
    ['№ 123 от 05.02.2025', '123', '2025-02-05'],
    ['5-123/2025 аз 05.02.2025', '5-123/2025', '2025-02-05'],
    ['от 05.02.2025 г. № 123', '123', '2025-02-05'],
    ['5-123 от 5 февраля 2025 г.', '5-123', '2025-02-05'],
    ['от «05» февраля 2025 г. № 123', '123', '2025-02-05'],
    ['№ 123', '№ 123', null],
    ['№ 5-12/2025', '№ 5-12/2025', null],
    ['№ 123 от 31.02.2025', '№ 123 от 31.02.2025', null],
  ])('decision %s', (text, no, on) => {
    expect(decisionOf(text)).toEqual({ no, on })
  })

  test.each([
    ['снято', 'lifted'],
    ['Отменён решением суда от 12.03.2025 г.', 'lifted/2025-03-12'],
    ['бекор карда шуд 12.03.2025', 'lifted/2025-03-12'],
    ['исполнено 05.03.2025', 'served/2025-03-05'],
    ['снято с 01.06.2030', 'lifted/2030-06-01'],
    ['снят 12 марта 2025 г.', 'lifted/2025-03-12'],
    ['отменён решением суда от 12 марта 2025 года', 'lifted/2025-03-12'],
    ['бекор карда шуд 12 марти соли 2025', 'lifted/2025-03-12'],
    ['обжалуется', 'appealed'],
    ['Оставлено в силе', 'in_force'],
  ])('status «%s»: %s', (text, status) => {
    expect(readStatus(text)).toEqual({ value: status })
  })

  test.each([
    ...['не снято', 'не исполнено', 'в отмене отказано', 'ходатайство об отмене отклонено', 'исполняется'],
    ...['снят с миграционного учёта', 'на исполнении', 'снято, обжалуется', 'отменено в части', 'бекор нашуд'],
    ...['снят?', 'отменён (?)', 'снято 31.02.2025', 'снято 01.03.2024, 05.03.2024', 'снято до 01.06.2030'],
    ...['снято 31 февраля 2025 г.', 'снято до 12 марта 2030 г.', 'не снято 12 марта 2025 г.'],
  ])('«%s» does not say that a measure is over', (text) => {
    expect([value(readStatus(text)), why(readStatus(text))]).toEqual(['?', 'no_status'])
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

describe('a length that says from what it counts', () => {
  const days = { decision_on: '2025-02-05', executed_on: '2025-06-20' }
  const read = (measure: string, ends: string, row: object = days) => {
    const reading = noticeOf({ ...EXPULSION, measure, ends, ...row }, 1, TODAY)
    if (!reading.ok || reading.notice.refusal) throw new Error('not read')
    const { term, ends_on, lasts } = reading.notice.facts
    return [term, ends_on, lasts, reading.repairs?.ends?.key.replace('expulsions.import.', '')]
  }
  const open = ['unknown', null, 'P5Y', undefined]
  const asked = ['unknown', null, undefined, 'term_unread']

  test.each(['expulsion', 'deportation', 'readmission'])('%s: what the law says is said once more', (measure) => {
    for (const from of ['removal', 'execution']) {
      expect(read(measure, `${from}/P5Y`)).toEqual(read(measure, 'P5Y'))
      expect(read(measure, `${from}/P5Y`)).toEqual(['until', '2030-06-20', 'P5Y', undefined])
      expect(read(measure, `${from}/P5Y`, { decision_on: '2025-02-05' })).toEqual(open)
    }
    expect(read(measure, 'decision/P5Y')).toEqual(asked)
  })

  test.each(['entry_ban', 'undesirability'])('%s: from the day they left, never from the decision', (measure) => {
    expect(read(measure, 'P5Y')).toEqual(['until', '2030-02-05', 'P5Y', undefined])
    expect(read(measure, 'removal/P5Y')).toEqual(['until', '2030-06-20', 'P5Y', undefined])
    expect(read(measure, 'removal/P5Y', { ...days, starts_on: '2025-03-01' })).toEqual([
      'until',
      '2030-06-20',
      'P5Y',
      undefined,
    ])
    expect(read(measure, 'removal/P5Y', { decision_on: '2025-02-05' })).toEqual(open)
    // What of it was carried out nobody knows: the ban is not.
    expect(read(measure, 'execution/P5Y')).toEqual(asked)
    expect(read(measure, 'decision/P5Y')).toEqual(['until', '2030-02-05', 'P5Y', undefined])
    expect(read(measure, 'decision/P5Y', { ...days, starts_on: '2025-03-01' })).toEqual(asked)
    expect(read(measure, 'decision/P5Y', { executed_on: '2025-06-20' })).toEqual(asked)
  })

  test('an entry in the register is about people inside the country', () => {
    for (const from of ['removal', 'execution', 'decision'])
      expect(read('controlled_persons', `${from}/P5Y`)).toEqual(asked)
  })
})

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
  // The start that nobody knows is left open, not the person; so is the day of the decision.
  expect(noticeOf({ ...row, starts_on: '2025-02-06' }, 1, TODAY)).toMatchObject({
    ...{ ok: true, repairs: { ends: { key: 'expulsions.import.two_days_open' } } },
    notice: { facts: { starts_on: null, term: 'until', ends_on: '2030-02-05' } },
  })
  expect(noticeOf({ ...row, decision_on: '2025-02-06' }, 1, TODAY)).toMatchObject({
    ...{ ok: true, repairs: { decision_no: { key: 'expulsions.import.two_days_open' } } },
    notice: { facts: { decision_no: '123', decision_on: null } },
  })
  // A length that counts from a start which two columns state otherwise has no end that anybody knows.
  const length = { ...row, ends: '2025-02-05/P5Y', starts_on: '2025-02-06', decision_no: null }
  expect(noticeOf(length, 1, TODAY)).toMatchObject({
    notice: { facts: { term: 'unknown', ends_on: null, lasts: 'P5Y' } },
  })
})

test('an end before its start, and a birth that is still to come, are left open and said', () => {
  const row = { full_name: 'Намунаев Далер', birth: 19900101, measure: 'entry_ban' }
  expect(noticeOf({ ...row, starts_on: '2030-02-05', ends: '2025-02-05' }, 1, TODAY)).toMatchObject({
    ...{ ok: true, repairs: { ends: { key: 'expulsions.import.ends_before_start_open' } } },
    notice: { facts: { starts_on: '2030-02-05', term: 'unknown', ends_on: null } },
  })
  expect(noticeOf({ ...row, birth: 20270101 }, 1, TODAY)).toMatchObject({
    ...{ ok: true, repairs: { birth: { key: 'expulsions.import.birth_ahead_open' } } },
    notice: { person: { birth: null } },
  })
})

test('nothing is lifted or served before its day, wherever that stands', () => {
  const row = { full_name: 'Намунаев Далер', measure: 'entry_ban', ends: '2031-06-01' }
  const inForce = { notice: { facts: { status: 'in_force', status_on: null } } }
  for (const status of ['lifted', 'served']) {
    expect(noticeOf({ ...row, status: `${status}/2026-11-21` }, 1, TODAY)).toMatchObject({
      notice: { facts: { status, status_on: '2026-11-21' } },
    })
    for (const ahead of [
      { status: `${status}/2026-11-22` },
      { status, status_on: '2030-06-01' },
      { status: `${status}/2024-01-01`, status_on: '2030-06-01' },
    ])
      expect(noticeOf({ ...row, ...ahead }, 1, TODAY)).toMatchObject({
        ...{ ...inForce, repairs: { status: { key: 'expulsions.import.lifted_open' } } },
      })
  }
  const both = { status: 'lifted', status_on: '2030-06-01', lifted_on: '2024-03-01' }
  expect(noticeOf({ ...row, ...both }, 1, TODAY)).toMatchObject(inForce)
})

test('the day that a database writes for none ends and lifts nothing', () => {
  for (const none of [
    '01.01.1900',
    '1900-01-01',
    '30.12.1899',
    '01.01.1970',
    '24.12.1991',
    '12.1970',
    '1970',
    '25569',
  ]) {
    expect(value(readEnd(none)), none).toBe('unknown')
    expect(value(readDay(none)), none).toBeUndefined()
    expect(value(readStatus(`снят ${none}`)), none).toBe('?')
  }
  expect(why(readDay('01.01.1900'))).toBe('day_too_early')
  expect(value(readDay('25.12.1991'))).toBe('1991-12-25')
})

test('nothing is lifted before it was decided, nor beside a status that nobody can read', () => {
  const row = { full_name: 'Намунаев Далер', measure: 'entry_ban', ends: 'indefinite', decision_on: '2024-05-05' }
  const note = { key: 'expulsions.import.lifted_open' }
  for (const [cells, repairs] of [
    [{ lifted_on: '2024-05-04' }, { lifted_on: note }],
    [{ status: 'lifted/2024-05-04' }, { status: note }],
    [{ status: 'lifted', status_on: '2024-05-04' }, { status: note }],
    [{ status: '?', lifted_on: '2025-05-05' }, { lifted_on: note }],
    [
      { status: 'lifted', lifted_on: '2030-06-01' },
      { status: note, lifted_on: note },
    ],
    [
      { status: 'lifted', lifted_on: '2024-05-04' },
      { status: note, lifted_on: note },
    ],
    [
      { status: 'served', lifted_on: '2030-06-01' },
      { status: note, lifted_on: note },
    ],
    [
      { status: 'lifted', lifted_on: '?' },
      { status: note, lifted_on: note },
    ],
    [{ status: 'lifted', status_on: '?' }, { status: note }],
    [{ status: 'lifted/2025-05-05', status_on: '?' }, { status: note }],
    [{ status_on: '?', lifted_on: '?' }, { lifted_on: note }],
    [{ status: '?' }, undefined],
  ] as const) {
    const reading = noticeOf({ ...row, ...cells }, 1, TODAY)
    expect(reading).toMatchObject({ notice: { facts: { status: 'in_force', status_on: null } } })
    expect(reading).toMatchObject(repairs ? { repairs } : {})
  }
  for (const cells of [{ lifted_on: '2024-05-05' }, { status: 'lifted/2024-05-05' }])
    expect(noticeOf({ ...row, ...cells }, 1, TODAY)).toMatchObject({ notice: { facts: { status: 'lifted' } } })
})

test.each(['status_on', 'lifted_on'])('a day that nobody can read in %s is stated, and not known', (name) => {
  const { read } = LIST_COLUMNS.find((column) => column.name === name)!
  for (const [text, wanted] of [
    ...[
      ['12.2029', '?'],
      ['2030', '?'],
      ['31.02.2026', '?'],
      ['01.01.1900', '?'],
      ['01.03.2026', '2026-03-01'],
    ],
    ...[
      ['-', null],
      ['нет', null],
    ],
  ] as const)
    expect(value(read(text)), text).toBe(wanted)
  expect(why(read('12.2029'))).toBe('no_date_open')
})

test.each([
  ...['12.03.2025.', '12. 03. 2025', '2025.03.12', '2025/03/12', '12 марти соли 2025', '12 марти соли 2025 с.'],
  ...['«12» марта 2025 г.', '"12" марта 2025 года'],
])('what was lifted on «%s» is lifted: offices write a day in many ways', (text) => {
  const { read } = LIST_COLUMNS.find(({ name }) => name === 'lifted_on')!
  const reading = read(text)
  expect(reading).toEqual({ value: '2025-03-12' })
  const row = { full_name: 'Намунаев Далер', measure: 'entry_ban', status: 'lifted', lifted_on: '2025-03-12' }
  expect(noticeOf(row, 1, TODAY)).toMatchObject({ notice: { facts: { status: 'lifted', status_on: '2025-03-12' } } })
})

test('what was carried out before it was decided is not counted from there', () => {
  const days = { decision_on: '2024-03-01', executed_on: '2020-03-10' }
  expect(noticeOf({ ...EXPULSION, ...days }, 1, TODAY)).toMatchObject({
    repairs: { executed_on: { key: 'expulsions.import.executed_before_open' } },
    notice: { facts: { term: 'unknown', ends_on: null, lasts: 'P5Y', executed_on: null } },
  })
  // A ban may follow a departure.
  expect(noticeOf({ ...EXPULSION, ...days, measure: 'entry_ban', ends: 'removal/P5Y' }, 1, TODAY)).toMatchObject({
    notice: { facts: { ends_on: '2025-03-10', executed_on: '2020-03-10' } },
  })
})

test('nothing was decided or carried out on a day that is still ahead: no length is counted from there', () => {
  const open = { key: 'expulsions.import.day_ahead_open' }
  expect(noticeOf({ ...EXPULSION, decision_on: '2024-03-01', executed_on: '2062-03-10' }, 1, TODAY)).toMatchObject({
    repairs: { executed_on: open },
    notice: { facts: { term: 'unknown', ends_on: null, lasts: 'P5Y', executed_on: null } },
  })
  const ban = { ...EXPULSION, measure: 'entry_ban' }
  for (const [cells, field] of [
    [{ decision_on: '2098-05-05' }, 'decision_on'],
    [{ decision_no: '12 от 05.05.2098' }, 'decision_no'],
  ] as const)
    expect(noticeOf({ ...ban, ...cells }, 1, TODAY)).toMatchObject({
      repairs: { [field]: open },
      notice: { facts: { term: 'unknown', ends_on: null, lasts: 'P5Y', decision_on: null } },
    })
  expect(noticeOf({ ...ban, decision_on: String(TODAY) }, 1, TODAY)).not.toHaveProperty('repairs')
})

test('nothing ends, or is lifted, before the day of its decision or execution, also where that one is still ahead', () => {
  const ban = { full_name: 'Намунаев Далер', measure: 'entry_ban' }
  for (const cells of [
    { decision_on: '2031-05-05' },
    { decision_no: '12 от 05.05.2031' },
    { measure: 'deportation', executed_on: '2031-05-05' },
  ])
    expect(noticeOf({ ...ban, ...cells, ends: '2026-05-05' }, 1, TODAY)).toMatchObject({
      repairs: { ends: { key: 'expulsions.import.ends_before_start_open' } },
      notice: { facts: { term: 'unknown', ends_on: null } },
    })
  // A slip of the pen in one day takes no other.
  expect(noticeOf({ ...ban, decision_on: '2062-05-05', ends: '2031-05-05' }, 1, TODAY)).toMatchObject({
    notice: { facts: { term: 'until', ends_on: '2031-05-05' } },
  })
  expect(noticeOf({ ...ban, decision_on: '2062-05-05', status: 'lifted/2026-02-01' }, 1, TODAY)).toMatchObject({
    repairs: { status: { key: 'expulsions.import.lifted_open' } },
    notice: { facts: { status: 'in_force', status_on: null } },
  })
})

test('an end before the day on which somebody was made to leave is left open', () => {
  const row = { full_name: 'Намунаев Далер', ends: '2024-12-31', executed_on: '2025-03-01' }
  expect(noticeOf({ ...row, measure: 'expulsion' }, 1, TODAY)).toMatchObject({
    ...{ repairs: { ends: { key: 'expulsions.import.ends_before_start_open' } } },
    notice: { facts: { term: 'unknown', ends_on: null, executed_on: '2025-03-01' } },
  })
  // Whoever is in the register of controlled persons may leave after their time to regularise ran out.
  expect(noticeOf({ ...row, measure: 'controlled_persons' }, 1, TODAY)).toMatchObject({
    notice: { facts: { term: 'until', ends_on: '2024-12-31' } },
  })
})

test('any cell but the measure that is not understood is left open, and pointed at; it never takes the row', () => {
  for (const { name, read } of LIST_COLUMNS) {
    const odd = read('((')
    if (name === 'measure') expect(odd, name).toHaveProperty('error')
    else if (name === 'ends') expect(odd).toMatchObject({ value: 'unknown', repaired: {} })
    else if (name === 'starts_on' || name === 'status') expect(odd).toMatchObject({ value: '?', repaired: {} })
    else expect(odd, name).not.toHaveProperty('error')
  }
  const birth = LIST_COLUMNS.find(({ name }) => name === 'birth')!
  expect(birth.read('31.02.1995')).toEqual({ value: null, repaired: { key: 'expulsions.import.no_such_day_open' } })
})

test('a length is counted from no other day where its first day cannot be read', () => {
  const row = { full_name: 'Намунаев Далер', measure: 'entry_ban', ends: 'P5Y', decision_on: '2025-02-05' }
  const open = { ok: true, notice: { facts: { starts_on: null, term: 'unknown', ends_on: null, lasts: 'P5Y' } } }
  expect(noticeOf({ ...row, starts_on: '?' }, 1, TODAY)).toMatchObject(open)
  const carried = { ...row, measure: 'expulsion', executed_on: '2025-06-20', starts_on: '?' }
  expect(noticeOf(carried, 1, TODAY)).toMatchObject(open)
  expect(noticeOf({ ...row, ends: '2030-02-05', starts_on: '?' }, 1, TODAY)).toMatchObject({
    notice: { facts: { starts_on: null, term: 'until', ends_on: '2030-02-05' } },
  })
})

const WORDS = readFileSync(join(ROOT, 'data/expulsions/words.tsv'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t'))
const wordsOf = (...lists: string[]) =>
  WORDS.filter(([list]) => lists.includes(list!)).map(([, value, word]) => ({ value, word: word!.replaceAll('*', '') }))

test('a denial anywhere beside a measure, a term or a status never leaves it standing, nor turns it into its end', () => {
  const denials = wordsOf('denial').map(({ word }) => word)
  expect(denials.length).toBeGreaterThan(30)
  const denied = (words: readonly { word: string }[]) =>
    fc.tuple(fc.constantFrom(...words), fc.constantFrom(...denials), fc.nat(10)).map(([{ word }, denial, at]) => {
      const parts = word.split(' ')
      return parts.toSpliced(at % (parts.length + 1), 0, denial).join(' ')
    })
  const measures = wordsOf('measure')
  const stated = new Set(measures.map(({ word }) => fold(word)))
  fc.assert(
    fc.property(denied(measures), (text) => {
      fc.pre(!stated.has(fold(text)))
      expect(readMeasure(text)).toHaveProperty('error')
    }),
    { numRuns: 3000 },
  )
  const statuses = wordsOf('status')
  const states = new Set(statuses.map(({ word }) => fold(word)))
  fc.assert(
    fc.property(denied(statuses), (text) => {
      fc.pre(!states.has(fold(text)))
      expect(value(readStatus(text))).toBe('?')
    }),
    { numRuns: 3000 },
  )
  const counted = wordsOf('counted_from').map(({ word }) => ({ word: `5 лет со дня ${word}` }))
  fc.assert(
    fc.property(denied(counted), (text) => {
      expect(value(readEnd(text))).toBe('unknown')
    }),
    { numRuns: 3000 },
  )
  const terms = wordsOf('term')
  const ends = new Set(terms.map(({ word }) => fold(word)))
  fc.assert(
    fc.property(denied(terms), (text) => {
      fc.pre(!ends.has(fold(text)))
      expect(value(readEnd(text))).toBe('unknown')
    }),
    { numRuns: 3000 },
  )
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

test('whatever else stands beside a length that counts from a removal, it is asked about', () => {
  const own = ['counted_from', 'counted_beside'].flatMap((list) =>
    wordsOf(list).flatMap(({ word }) => fold(word).split(' ')),
  )
  const others = [...new Set(WORDS.flatMap(([, , word]) => fold(word!.replaceAll('*', '')).split(' ')))].filter(
    (word) => word && !/\d/.test(word) && !own.includes(word),
  )
  expect(others.length).toBeGreaterThan(200)
  fc.assert(
    fc.property(fc.constantFrom(...others), fc.nat(3), (word, at) => {
      const text = ['5 лет', 'со дня', 'выдворения'].toSpliced(at, 0, word).join(' ')
      // A word of the length itself is another length.
      fc.pre(value(readEnd(`${word} 5 лет`)) === 'unknown')
      expect(value(readEnd(text)), text).toBe('unknown')
    }),
    { numRuns: 3000 },
  )
})
