import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile } from '#kernel/imports/import-file.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { bringNotices } from '../../../test/notices.ts'
import { decide, listCorrections, wantedText } from './corrections.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { listImport } from './import.ts'
import { MEASURES } from './kinds.ts'
import { noticeOf } from './notice.ts'
import { type Answered, answer, ask, listQuestions } from './questions.ts'

let database: TestDatabase
let x: Exchange
beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
})
afterAll(() => database.drop())

const day = (iso: string) => Temporal.PlainDate.from(iso)
const latest = async (no: string) => {
  const found = await database.owner
    .selectFrom('expulsions.statement as s')
    .innerJoin('expulsions.measure as m', (join) =>
      join.onRef('m.id', '=', 's.measure_id').onRef('m.latest', '=', 's.version'),
    )
    .select(['s.measure_id', 's.term', 's.ends_on', 's.lasts', 's.executed_on'])
    .where('s.decision_no', '=', no)
    .executeTakeFirstOrThrow()
  const { measure_id, ...stated } = found
  return { measure_id, stated: Object.values(stated).map(String) }
}
const row = (no: string, measure: string, ends: string) =>
  `1;Намунаев Далер;14.02.1990;E1234${no}678;${measure};ст. 26;${no};${ends}\n`
const bring = (no: string, measure: string, ends = '', more = '', heading = '') =>
  x.bring(`${HEADINGS}${heading}\n${row(no, measure, ends).trimEnd()}${more}\n`, {
    name: `${no}${ends}${more}.csv`,
    source: `letter ${no}`,
  })
/** What the embassy answers, when it is asked about the term of its measure. */
async function answered(no: string, change: Answered): Promise<boolean> {
  const { measure_id } = await latest(no)
  const batch = await x.batch()
  await x.as(x.service.officer, (ctx) => ask(ctx, batch, measure_id, 'term', null))
  const asked = await x.as(x.embassy.officer, (ctx) => listQuestions(ctx, { open: true, mine: true, limit: 50 }))
  const question = asked.find((one) => one.measure_id === measure_id && one.about === 'term')!
  return x.as(x.embassy.officer, (ctx) => answer(ctx, question, 'As the letter says', change))
}

test('an answer states a length: it counts from the day of execution, which the row or the answer states; else the end is open', async () => {
  await bring('11', 'выдворение')
  expect(await answered('11', { lasts: 'P5Y', executed_on: day('2023-06-20') })).toBe(true)
  expect((await latest('11')).stated).toEqual(['until', '2028-06-20', 'P5Y', '2023-06-20'])

  await bring('12', 'депортация')
  expect(await answered('12', { lasts: 'P3Y6M' })).toBe(true)
  expect((await latest('12')).stated).toEqual(['unknown', 'null', 'P3Y6M', 'null'])
  // The first day of a length that is known: the end is counted.
  expect(await answered('12', { executed_on: day('2024-08-31') })).toBe(true)
  expect((await latest('12')).stated).toEqual(['until', '2028-02-29', 'P3Y6M', '2024-08-31'])

  await bring('13', 'неразрешение въезда', '', ';05.02.2025', ';Дата решения')
  expect(await answered('13', { lasts: 'P3Y' })).toBe(true)
  expect((await latest('13')).stated).toEqual(['until', '2028-02-05', 'P3Y', 'null'])

  await bring('14', 'выдворение')
  await answered('14', { term: 'indefinite', executed_on: day('2023-06-20') })
  expect((await latest('14')).stated).toEqual(['indefinite', 'null', 'null', '2023-06-20'])
})

test('what was answered of it stays where the same list says it no better', async () => {
  await bring('21', 'выдворение', '5 лет')
  await answered('21', { executed_on: day('2023-06-20') })
  const counted = ['until', '2028-06-20', 'P5Y', '2023-06-20']
  await bring('21', 'выдворение', '5 лет', ';МВД', ';Орган')
  expect((await latest('21')).stated).toEqual(counted)
  await bring('21', 'выдворение', '', ';МВД РФ', ';Орган')
  expect((await latest('21')).stated).toEqual(counted)
})

test.each<[string, string, Answered, string]>([
  ['31', '', { lasts: 'P5Y', executed_on: day('2015-01-01') }, 'its last day is 1 January 2020'],
  ['32', '5 лет', { executed_on: day('2015-01-01') }, 'its last day is 1 January 2020'],
  ['33', '01.06.2035', { lasts: 'P5Y', executed_on: day('2026-01-01') }, 'its last day is 1 January 2031'],
  ['34', 'бессрочно', { lasts: 'P5Y' }, 'it holds for 5 years'],
])(
  'a length that ends it, or brings its end forward, waits for another officer: %s %s',
  async (no, ends, change, said) => {
    await bring(no, 'выдворение', ends)
    const before = await latest(no)
    expect(await answered(no, change)).toBe(false)
    expect(await latest(no)).toEqual(before)
    const find = () =>
      x.as(x.service.officer, (ctx) => listCorrections(ctx, { measure_id: before.measure_id, open: true }))
    const [waiting] = await find()
    expect(wantedText(database.ctx({ lang: 'en' }), waiting!).replaceAll('\u00a0', ' ')).toBe(said)
    await x.as(x.service.officer, (ctx) => decide(ctx, waiting!, 'confirmed'))
    const { stated } = await latest(no)
    expect(stated.slice(2)).toEqual(['P5Y', String(change.executed_on ?? null)])
  },
)

test('an answer counts a length as a list does', async () => {
  const days = [null, '2023-01-31', '2024-02-29']
  const cases = MEASURES.flatMap((kind) =>
    days.flatMap((starts_on) =>
      days.flatMap((decision_on) =>
        days.flatMap((executed_on) =>
          ['P5Y', 'P1Y1M', 'P18M', 'P90D'].map((lasts) => ({ kind, starts_on, decision_on, executed_on, lasts })),
        ),
      ),
    ),
  )
  const { rows } = await sql<{ ends_on: string | null }>`
    select expulsions.end_of_length(x.facts)::text as ends_on
    from jsonb_array_elements(${JSON.stringify(cases)}::jsonb) with ordinality x (facts, at)
    order by x.at`.execute(database.owner)
  const read = cases.map(({ kind: measure, lasts: ends, ...stated }) => {
    const reading = noticeOf({ full_name: 'Намунаев Далер', measure, ends, ...stated }, 1, day('2026-11-21'))
    return reading.ok ? reading.notice.facts.ends_on : undefined
  })
  expect(rows.map(({ ends_on }) => ends_on)).toEqual(read)
})

test('the page of a question takes a length and the day of execution, and says what it does not understand', async () => {
  const site: TestApp = await testApp()
  try {
    await bringNotices(site)
    await importFile(
      site.ctx({ db: site.owner, actor: await site.actor('consul') }),
      listImport,
      {
        name: 'decided.csv',
        bytes: Buffer.from('ФИО;Мера;Номер решения;Дата решения\nНамунаев Тоҷир;депортация;Т-1;25.04.2022\n'),
      },
      { source: 'Decided' },
    )
    const asked = await site.owner
      .selectFrom('expulsions.question as q')
      .innerJoin('expulsions.statement as s', (join) =>
        join.onRef('s.measure_id', '=', 'q.measure_id').onRef('s.batch_id', '=', 'q.batch_id'),
      )
      .select(['q.id', 'q.measure_id'])
      .where('s.decision_no', '=', 'Т-1')
      .where('q.about', '=', 'term')
      .executeTakeFirstOrThrow()
    const path = `/en/work/expulsions/questions/${asked.id}`
    const form = { answer: 'Letter 7', term: 'lasts', lasts: '5 years' }
    const send = (more: Record<string, string>) => site.ask(path, { as: 'consul', form: { ...form, ...more } })
    for (const [more, field] of [
      [{ term: 'until', ends_day: '24', ends_month: '4', ends_year: '2022' }, 'ends'],
      [{ term: 'until', ends_day: '24', ends_month: '4', ends_year: '32' }, 'ends'],
      [{ lasts: '' }, 'lasts'],
      [{ lasts: 'five or six' }, 'lasts'],
      [{ executed_on_day: '31', executed_on_month: '2', executed_on_year: '2023' }, 'executed_on'],
      [{ executed_on_day: '1', executed_on_month: '2', executed_on_year: '2062' }, 'executed_on'],
      [{ executed_on_day: '24', executed_on_month: '4', executed_on_year: '2022' }, 'executed_on'],
    ] as const) {
      const wrong = await send(more)
      expect([wrong.status, field]).toEqual([422, field])
      expect(await wrong.text()).toMatch(new RegExp(`class="errors".*<a href="#${field}">`, 's'))
    }
    expect((await send({ executed_on_day: '20', executed_on_month: '6', executed_on_year: '2023' })).status).toBe(303)
    const { lasts, executed_on } = await site.owner
      .selectFrom('expulsions.statement')
      .select(['lasts', 'executed_on'])
      .where('measure_id', '=', asked.measure_id)
      .orderBy('version', 'desc')
      .executeTakeFirstOrThrow()
    expect([lasts, String(executed_on)]).toEqual(['P5Y', '2023-06-20'])
  } finally {
    await site.drop()
  }
})
