import { expect, test } from 'vitest'
import { LIST_COLUMNS } from './columns.ts'
import { noticeOf } from './notice.ts'

const TODAY = Temporal.PlainDate.from('2026-11-21')
const read = (name: string, text: string) => {
  const reading = LIST_COLUMNS.find((field) => field.name === name)!.read(text)
  if ('error' in reading) return reading.error.key
  return [reading.value, reading.repaired?.key.replace('expulsions.import.', '')]
}

test.each([
  ['C1000005 / C2000005', 'C1000005 / C2000005', 'documents'],
  ['С1000005; С2000005', 'C1000005 / C2000005', 'documents'],
  ['C1000005 C2000005', 'C1000005 / C2000005', 'documents'],
  ['C1000005, C1000005', 'C1000005', 'document_joined'],
  ['C1000012 от 01.02.2015', 'C1000012', 'document_date'],
  ['C1000012 от 01.02.2015 г.', 'C1000012', 'document_date'],
  ['C1000012, выдан 01/02/2015', 'C1000012', 'document_date'],
  ['C1000012 аз 2015-02-01', 'C1000012', 'document_date'],
  ['C1000005 от 01.02.2015 / C2000005 от 03.04.2020', 'C1000005 / C2000005', 'documents'],
  ['40 12 345678', '4012345678', 'document_joined'],
  ['4012 № 345678', '4012345678', 'document_joined'],
  ['А № 12345678', 'A12345678', 'document_letters'],
  ['XIV-ЖД № 123456', 'XIVЖД123456', 'document_joined'],
  ['паспорт серия А номер 12345678', 'A12345678', 'document_letters'],
  ['401234567.0', '401234567', 'spreadsheet_number'],
  ['12345.0', '12345', 'spreadsheet_number'],
  ['C1000012 выдан МВД РТ', null, 'document_more_open'],
  ['C1000012 / выдан МВД', null, 'document_more_open'],
  ['C1000012 действителен до 01.02.2025', null, 'document_more_open'],
  ['C1000012 5', null, 'document_more_open'],
  ['40123 45678', null, 'document_more_open'],
  ['4012/345678', '4012345678', 'document_joined'],
  ['C1000005C2000005', null, 'document_more_open'],
  ['C1000005 / C2000005 / C3000005', 'C1000005 / C2000005 / C3000005', 'documents'],
])('a document cell «%s»', (text, value, note) => {
  expect(read('document', text)).toEqual([value, note])
})

test('a number beside its series, and the series', () => {
  expect(read('doc_number', '12345.0')).toEqual(['0012345', 'lost_zeros'])
  expect(read('doc_number', '1000012 от 01.02.2015')).toEqual(['1000012', 'document_date'])
  expect(read('doc_number', 'C1000005 / C2000005')).toEqual([null, 'document_more_open'])
  expect(read('doc_series', '№ А')).toEqual(['A', 'document_letters'])
  expect(read('doc_series', 'серия А')).toEqual(['A', 'document_letters'])
  expect(read('doc_series', '4012.0')).toEqual(['4012', 'spreadsheet_number'])
})

test('both numbers of a cell are documents of the person', () => {
  const row = { full_name: 'Намунаев Далер', measure: 'deportation' }
  const both = noticeOf({ ...row, document: 'C1000005 / C2000005' }, 1, TODAY)
  expect(both).toMatchObject({
    notice: { document: 'C1000005', person: { documents: [{ number: 'C1000005' }, { number: 'C2000005' }] } },
  })
})

test('of two columns that state different numbers neither is trusted; the row is kept', () => {
  const row = { full_name: 'Намунаев Далер', measure: 'deportation' }
  const numbers = (cells: object) => {
    const reading = noticeOf({ ...row, ...cells }, 1, TODAY)
    if (!reading.ok) throw new Error('refused')
    return [reading.notice.person.documents.map(({ number }) => number), reading.repairs?.document?.key]
  }
  expect(numbers({ document: 'C1000005', doc_number: 'C2000005' })).toEqual([
    [],
    'expulsions.import.two_documents_open',
  ])
  expect(numbers({ document: 'C1000005', doc_series: 'C', doc_number: '1000005' })).toEqual([['C1000005'], undefined])
  expect(numbers({ document: 'C1000005', doc_number: '1000005' })).toEqual([['C1000005'], undefined])
  expect(numbers({ document: 'C1000005 / C2000005', doc_number: 'C2000005' })[0]).toEqual(['C1000005', 'C2000005'])
  expect(numbers({ document: 'C1000005', doc_series: 'A', doc_number: '1000005' })[0]).toEqual([])
})
