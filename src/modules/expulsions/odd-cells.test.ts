import Excel from 'exceljs'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile } from '#kernel/imports/import-file.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { getBatch, listBatches } from './batches.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { listImport } from './import.ts'
import { listQuestions } from './questions.ts'
import { acknowledge } from './relay.ts'

let database: TestDatabase
let x: Exchange
beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
})
afterAll(() => database.drop())

const statements = (source: string) =>
  sql<{ decision_no: string; term: string; ends: string | null; document_hint: string | null; birth: number | null }>`
    select s.decision_no, s.term, s.ends_on::text as ends, s.document_hint, f.birth
    from expulsions.batch b
    join expulsions.statement s on s.batch_id = b.id
    join people.finding f on f.record_id = s.record_id
    where b.letter = ${source}
    order by s.row_number`.execute(database.owner)

test('nobody is left out of a list for the wording of one cell: what is not understood is open, pointed at, and asked about', async () => {
  const rows = [
    ['05.05.1991', 'постоянно', 'indefinite', null],
    ['05.05.1991', 'без срока', 'indefinite', null],
    ['05.05.1991', '31.12.9999', 'indefinite', null],
    ['05.05.1991', 'до 12.2029', 'until', '2029-12-31'],
    ['05.05.1991', 'до особого распоряжения', 'unknown', null],
    ['05.05.1991', 'вчера', 'unknown', null],
    ['00.00.1991', 'бессрочно', 'indefinite', null],
    ['31.02.1995', 'бессрочно', 'indefinite', null],
  ] as const
  const line = ([birth, term]: readonly (string | null)[], at: number) =>
    `${at + 1};Мисолов Озод;${birth};R12345${10 + at};О неразрешении въезда в РФ;ст. 26;R-${at};${term};не снято;б/д`
  const csv = `${HEADINGS};Статус;Дата решения\n${rows.map(line).join('\n')}\n`
  const found = await x.bring(csv, { name: 'odd.csv', source: 'Odd cells' })
  expect(found).toMatchObject({ created: rows.length, errors: 0 })
  const kept = (await statements('Odd cells')).rows
  expect(kept.map(({ term, ends }) => [term, ends])).toEqual(rows.map(([, , term, ends]) => [term, ends]))
  expect(kept.slice(-2).map(({ birth }) => birth)).toEqual([19910000, null])
  const { rows: noted } = await sql<{ number: number; state: string; fields: string[] }>`
    select number, array(select jsonb_object_keys(notes) order by 1) as fields
    from imports.row where import_id = ${found.id} order by number`.execute(database.owner)
  expect(noted.map(({ fields }) => fields)).toEqual([
    ...[
      ['decision_on', 'status'],
      ['decision_on', 'status'],
      ['decision_on', 'ends', 'status'],
    ],
    ...[
      ['decision_on', 'ends', 'status'],
      ['decision_on', 'ends', 'status'],
      ['decision_on', 'ends', 'status'],
    ],
    ...[
      ['birth', 'decision_on', 'status'],
      ['birth', 'decision_on', 'status'],
    ],
  ])
  const questions = await x.as(x.embassy.officer, (ctx) => listQuestions(ctx, { open: true, mine: true, limit: 50 }))
  expect(questions.map(({ about, row_number }) => [about, row_number])).toEqual([
    ['term', 6],
    ['term', 7],
  ])
})

test('a document whose figures are lost is nobody’s evidence: the row is kept without it', async () => {
  const row = (at: number, document: string) =>
    `${at};Мисолова Зебо;06.06.1992;${document};депортация;ст. 25;E-${at};бессрочно`
  const csv = `${HEADINGS}\n${row(1, '4,00123E+08')}\n${row(2, '4,00123456E+08')}\n`
  expect(await x.bring(csv, { source: 'Rounded' })).toMatchObject({ created: 2, errors: 0 })
  const hints = (await statements('Rounded')).rows.map(({ document_hint }) => document_hint)
  expect(hints).toEqual([null, expect.stringMatching(/3456$/)])
})

test('everybody who is given a list knows how many of its rows were not taken in; how long it was, who is given all of it', async () => {
  const row = (at: number, name: string, measure: string) =>
    `${at};${name};07.07.1993;;${measure};ст. 26;L-${at};бессрочно`
  const rows = [
    ...[row(1, 'Мисолов Сомон', 'депортация'), row(2, 'Мисолов Умед', 'реадмиссия')],
    ...[row(3, 'Мисолов Комрон', 'отказ в пропуске'), row(4, 'Мисолов Далер', 'штраф'), row(5, '', 'депортация')],
  ]
  await x.bring(`${HEADINGS}\n${rows.join('\n')}\n`, { source: 'Left out' })
  const batch = await x.batch()
  const seen = async (office: 'embassy' | 'foreign' | 'interior' | 'service') =>
    x.as(x[office].officer, async (ctx) => {
      const [first] = await listBatches(ctx, { limit: 1 })
      const { left_out, listed, same, rows, refusals } = await getBatch(ctx, batch.reference)
      expect(first).toMatchObject({ reference: batch.reference, left_out, listed })
      return { left_out, listed, same, rows, refusals }
    })
  const whole = { left_out: 2, listed: 5, same: 0, rows: 2, refusals: 1 }
  expect(await seen('embassy')).toEqual(whole)
  expect(await seen('service')).toEqual(whole)
  const part = { left_out: 2, listed: null, same: null, rows: 2, refusals: 0 }
  expect(await seen('foreign')).toEqual(part)
  const direct = () =>
    x.as(x.interior.officer, (ctx) => sql`select * from expulsions.left_out(${[batch.id]}::uuid[])`.execute(ctx.db))
  expect((await direct()).rows).toEqual([])
  await x.as(x.foreign.officer, (ctx) => acknowledge(ctx, batch, null))
  expect(await seen('interior')).toEqual(part)
  // The same list once more, with one more row: what was here already is no new row of its batch, and said.
  await x.bring(`${HEADINGS}\n${[...rows, row(6, 'Мисолов Рустам', 'депортация')].join('\n')}\n`, {
    source: 'Left out',
  })
  const again = await x.batch()
  expect(await x.as(x.service.officer, (ctx) => getBatch(ctx, again.reference))).toMatchObject({
    ...{ left_out: 2, listed: 6, same: 3, rows: 1 },
  })
})

test('where a column writes the month first, all its days are read so, and it is said', async () => {
  const rows = [
    ['2/14/1991', '3/20/2029', '05/03/2026'],
    ['3/4/1991', '12/1/2026', '25/02/2026'],
    ['05.06.1991', 'с 1/2/2026 по 6/1/2029', '04/02/2026'],
  ]
  const line = ([birth, term, decided]: string[], at: number) =>
    `${at + 1};Моҳов Аввал;${birth};R22345${10 + at};неразрешение въезда;ст. 26;${at + 1}/14/2026;${term};;${decided}`
  const csv = `${HEADINGS};Статус;Дата решения\n${rows.map((row, at) => line(row, at)).join('\n')}\n`
  const { id } = await x.bring(csv, { name: 'months.csv', source: 'Months' })
  const { rows: kept } = await sql`
    select f.birth, s.starts_on::text as start, s.ends_on::text as end, s.decision_on::text as decided, s.decision_no
    from expulsions.batch b
    join expulsions.statement s on s.batch_id = b.id
    join people.finding f on f.record_id = s.record_id
    where b.letter = 'Months'
    order by s.row_number`.execute(database.owner)
  expect(kept).toEqual([
    { birth: 19910214, start: null, end: '2029-03-20', decided: '2026-03-05', decision_no: '1/14/2026' },
    { birth: 19910304, start: null, end: '2026-12-01', decided: '2026-02-25', decision_no: '2/14/2026' },
    { birth: 19910605, start: '2026-01-02', end: '2029-06-01', decided: '2026-02-04', decision_no: '3/14/2026' },
  ])
  const { rows: noted } = await sql<{ fields: string[] }>`
    select array(select n.key from jsonb_each(notes) n where n.value ->> 'key' like '%month_first' order by 1) as fields
    from imports.row where import_id = ${id} order by number`.execute(database.owner)
  expect(noted.map(({ fields }) => fields)).toEqual([['birth', 'ends'], ['birth', 'ends'], ['ends']])
})

test('a column writes the month first also where its years have two figures', async () => {
  const rows = ['2/14/29', '3/4/29', 'с 1/2/26 по 6/1/29']
  const line = (term: string, at: number) =>
    `${at + 1};Моҳов Дуюм;14.02.1991;R32345${10 + at};неразрешение въезда;ст. 26;M-${at};${term};;${at ? '03' : '25'}/02/26`
  const csv = `${HEADINGS};Статус;Дата решения\n${rows.map(line).join('\n')}\n`
  const { id } = await x.bring(csv, { name: 'short.csv', source: 'Short months' })
  expect((await statements('Short months')).rows.map(({ ends }) => ends)).toEqual([
    ...['2029-02-14', '2029-03-04', '2029-06-01'],
  ])
  const { rows: decided } = await sql`
    select value ->> 'decision_on' as "on" from imports.row where import_id = ${id} order by number`.execute(
    database.owner,
  )
  expect(decided).toEqual([{ on: '2026-02-25' }, { on: '2026-02-03' }, { on: '2026-02-03' }])
})

test('a column that does not tell is read as the other columns of days are, where these agree', async () => {
  const ends = async (source: string, decided: string) => {
    const line = (term: string, at: number) =>
      `${at + 1};Моҳов Чорум;2/14/1991;R5234${source}5${at};неразрешение въезда;ст. 26;${source}-${at};${term};;${decided}`
    const csv = `${HEADINGS};Статус;Дата решения\n${['12/3/2026', '5/11/2030'].map(line).join('\n')}\n`
    await x.bring(csv, { name: `${source}.csv`, source })
    return (await statements(source)).rows.map(({ ends }) => ends)
  }
  // Read the other way, the first would have been over since March.
  expect(await ends('61', '1/5/2024')).toEqual(['2026-12-03', '2030-05-11'])
  expect(await ends('62', '25/1/2024')).toEqual(['2026-03-12', '2030-11-05'])
})

test('the number of a decision is no day of such a column, also where its cell has two lines', async () => {
  const line = (no: number) =>
    `${no};Моҳов Сеюм;14.02.1991;R4234567${no};неразрешение въезда;ст. 26;"${no}/${no === 1 ? 14 : 7}/26\nот 20.03.2026";бессрочно\n`
  await x.bring(`${HEADINGS}\n${line(1)}${line(2)}`, { name: 'numbers.csv', source: 'Numbers' })
  const { rows } = await sql`
    select s.decision_no as no, s.decision_on::text as "on"
    from expulsions.batch b
    join expulsions.statement s on s.batch_id = b.id
    where b.letter = 'Numbers'
    order by s.row_number`.execute(database.owner)
  expect(rows).toEqual([
    { no: '1/14/26', on: '2026-03-20' },
    { no: '2/7/26', on: '2026-03-20' },
  ])
})

test('headings of two lines in a workbook with merged cells say where a ban begins and where it ends', async () => {
  const book = new Excel.Workbook()
  const sheet = book.addWorksheet('Рӯйхат')
  sheet.addRows([
    ['№', 'ФИО', 'Д.р.', 'Паспорт', '', 'Мера', 'Номер решения', 'Срок запрета', ''],
    ['', '', '', 'Серия', 'Номер', '', '', 'с', 'по'],
    [1, 'Мисолов Озод', '08.08.1994', 'А', '1234599', 'О неразрешении въезда', 'T-1', '01.02.2024', '01.02.2029'],
  ])
  for (const range of ['A1:A2', 'B1:B2', 'C1:C2', 'D1:E1', 'F1:F2', 'G1:G2', 'H1:I1']) sheet.mergeCells(range)
  const bytes = new Uint8Array(await book.xlsx.writeBuffer())
  const ctx = database.ctx({ actor: x.embassy.officer, db: database.owner })
  expect(await importFile(ctx, listImport, { name: 'two.xlsx', bytes }, { source: 'Two lines' })).toMatchObject({
    ...{ created: 1, errors: 0, doubtful: 0 },
  })
  expect((await statements('Two lines')).rows).toMatchObject([
    { term: 'until', ends: '2029-02-01', document_hint: '•••• 4599' },
  ])
})
