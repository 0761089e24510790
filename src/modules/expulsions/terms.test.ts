import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StaffActor } from '#kernel/context.ts'
import { importFile } from '#kernel/imports/import-file.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { getBatch, rowsOf } from './batches.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { listImport } from './import.ts'
import { issueBatchLetter } from './letters.ts'
import { getMeasure } from './measures.ts'
import { isInForce, measuresOnRecords } from './public.ts'
import { answer, ask, listQuestions } from './questions.ts'
import { reckonJob, startReckoning } from './reckoning.ts'
import { refusing } from './refusals.ts'
import { reckonedFrom, termText } from './term-text.ts'

let database: TestDatabase
let x: Exchange
beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
})
afterAll(() => database.drop())

const getBatchOf = (officer: StaffActor, reference: string) => x.as(officer, (ctx) => getBatch(ctx, reference))
const rows = (office: 'embassy' | 'service', batch_id: string) =>
  x.as(x[office].officer, (ctx) => rowsOf(ctx, batch_id, { limit: 100 }))

test('years of an expulsion stay open until it is known when it was carried out; then they are counted from there', async () => {
  const list = (
    executed: string,
  ) => `№;ФИО;Д.р.;Паспорт;Мера;Основание;Номер решения;Дата решения;Дата исполнения;Срок запрета
1;Намунаев Сомон;11.11.1991;A42345678;выдворение;ст. 18.8;В-1;05.02.2020;${executed};5 лет
`
  await x.bring(list(''), { name: 'open.csv' })
  const { owner } = database
  const latest = () =>
    owner
      .selectFrom('expulsions.statement as s')
      .innerJoin('expulsions.measure as m', (join) =>
        join.onRef('m.id', '=', 's.measure_id').onRef('m.latest', '=', 's.version'),
      )
      .select(['s.record_id', 's.measure_id', 's.term', 's.ends_on', 's.lasts', 's.batch_id'])
      .where('s.decision_no', '=', 'В-1')
      .executeTakeFirstOrThrow()
  const open = await latest()
  expect([open.term, open.ends_on, open.lasts]).toEqual(['unknown', null, 'P5Y'])
  // Counted from the decision it would be over: nobody is told so.
  const today = Temporal.PlainDate.from('2026-11-21')
  const inForce = async () =>
    (await measuresOnRecords(database.ctx({ db: owner }), [open.record_id])).map((one) => isInForce(one, today))
  expect(await inForce()).toEqual([true])
  const [row] = await rows('embassy', open.batch_id)
  const said = (lang: 'en' | 'ru' | 'tg') => termText(database.ctx({ lang }), row!).replaceAll('\u00a0', ' ')
  expect(said('en')).toBe(
    '5 years from the day it was carried out. That day is not known. It ends on 5 February 2025 or later.',
  )
  expect(said('ru')).toContain('5 лет со дня исполнения')
  expect(said('tg')).toContain('5 сол аз рӯзи иҷро')
  expect(
    await owner.selectFrom('expulsions.question').select('id').where('measure_id', '=', open.measure_id).execute(),
  ).toEqual([])

  await x.bring(list('20.06.2023'), { name: 'carried-out.csv' })
  const counted = await latest()
  expect([counted.measure_id, counted.term, String(counted.ends_on)]).toEqual([open.measure_id, 'until', '2028-06-20'])
  const [told] = await rows('embassy', counted.batch_id)
  expect(termText(database.ctx({ lang: 'en' }), told!).replaceAll('\u00a0', ' ')).toBe(
    'until 20 June 2028, counted: 5 years from the day it was carried out',
  )
})

test('a length that says it counts from the departure is counted from there, or open, and nobody is asked', async () => {
  const list = (left: string) => `№;ФИО;Д.р.;Паспорт;Мера;Основание;Номер решения;Дата решения;Дата выезда;Срок запрета
1;Намунаев Содиқ;11.11.1991;A42345679;выдворение;ст. 18.8;В-2;05.01.2024;${left};5 лет со дня выдворения
2;Намунаев Сиёвуш;12.11.1991;A42345680;неразрешение въезда;ст. 26;В-3;05.02.2024;${left};3 года с момента выезда
3;Намунаев Сафар;13.11.1991;A42345681;неразрешение въезда;ст. 26;В-4;05.02.2024;${left};3 года с даты вступления в силу
`
  await x.bring(list(''), { name: 'departure.csv' })
  const told = async (lang: 'en' | 'ru' | 'tg') => {
    const { id } = await x.batch()
    return (await rows('embassy', id)).map((row) => termText(database.ctx({ lang }), row).replaceAll('\u00a0', ' '))
  }
  expect(await told('en')).toEqual([
    '5 years from the day it was carried out. That day is not known. It ends on 5 January 2029 or later.',
    '3 years. From which day is not known.',
    'term not stated',
  ])
  const { id } = await x.batch()
  const asked = await x.as(x.embassy.officer, (ctx) => listQuestions(ctx, { batch_id: id, limit: 10 }))
  expect(asked.map(({ row_number, about }) => [row_number, about])).toEqual([[4, 'term']])
  await x.bring(list('20.01.2024'), { name: 'left.csv' })
  expect(await told('en')).toEqual([
    'until 20 January 2029, counted: 5 years from the day it was carried out',
    'until 20 January 2027, counted: 3 years from the day they left',
    'term not stated',
  ])
  expect((await told('ru'))[1]).toContain('3 года со дня выезда')
  expect((await told('tg'))[1]).toContain('3 сол аз рӯзи баромадан')
})

test.each([
  ['entry_ban', 'served', true],
  ['undesirability', 'served', true],
  ['deportation', 'served', true],
  // The register is about people inside the country: whoever left it as they were told has done what it asks.
  ['controlled_persons', 'served', false],
  ['entry_ban', 'appealed', true],
  ['entry_ban', 'lifted', false],
  ['entry_ban', 'not_me', false],
] as const)('%s, %s: in force %s', (kind, status, holds) => {
  const day = Temporal.PlainDate.from('2026-11-21')
  expect(isInForce({ kind, status, ends_on: null }, day)).toBe(holds)
  expect(isInForce({ kind, status, ends_on: day.subtract({ days: 1 }) }, day)).toBe(false)
})

test('an answer takes the place of the whole earlier term: its last day, or its length, goes', async () => {
  await x.bring(
    `${HEADINGS}\n1;Намунаев Умед;12.12.1992;A52345678;неразрешение въезда;ст. 26;Т-1;01.06.2029\n2;Намунаев Беҳрӯз;13.12.1992;A62345678;депортация;ст. 26;Т-2;5 лет\n`,
    { name: 'asked.csv' },
  )
  const batch = await x.batch()
  for (const row of await rows('service', batch.id)) {
    await x.as(x.service.officer, (ctx) => ask(ctx, batch, row.measure_id, 'term', null))
    const [open] = await x.as(x.embassy.officer, (ctx) =>
      listQuestions(ctx, { batch_id: batch.id, open: true, limit: 1 }),
    )
    await x.as(x.embassy.officer, (ctx) => answer(ctx, open!, 'Letter 6', { term: 'indefinite' }))
    const { term, ends_on, lasts } = (await x.as(x.embassy.officer, (ctx) => getMeasure(ctx, row.reference)))
      .versions[0]!
    expect([term, ends_on, lasts]).toEqual(['indefinite', null, null])
  }
})

test('the Migration Service asks itself about its own list, to put it to whoever sent the letter', async () => {
  const { officer } = x.service
  await importFile(
    database.ctx({ actor: officer, db: database.owner }),
    listImport,
    {
      name: 'own.csv',
      bytes: Buffer.from(`${HEADINGS}\n1;Намунаев Рустам;14.12.1992;A72345678;неразрешение въезда;;С-1;\n`),
    },
    { source: 'letter 99' },
  )
  const asked = await x.as(officer, (ctx) => listQuestions(ctx, { open: true, mine: true, limit: 10 }))
  expect(asked.map(({ about, from_organisation }) => [about, from_organisation]).sort()).toEqual([
    ['ground', x.service.id],
    ['term', x.service.id],
  ])
  const own = await getBatchOf(officer, asked[0]!.batch)
  // The letter that asks goes to whoever sent the list: to be written by hand.
  await x.as(officer, (ctx) => issueBatchLetter(ctx, own, { letter: 'request', lang: 'ru' }))
  for (const question of asked)
    await x.as(officer, (ctx) =>
      answer(ctx, question, 'Letter 100', question.about === 'ground' ? { ground: 'ст. 26' } : { term: 'indefinite' }),
    )
  const { versions } = await x.as(officer, (ctx) => getMeasure(ctx, asked[0]!.measure))
  expect([versions[0]!.ground, versions[0]!.term]).toEqual(['ст. 26', 'indefinite'])
})

test('a check that fails in the database is no colleague who was faster', async () => {
  const failed = (constraint: string) =>
    refusing(Promise.reject(Object.assign(new Error('x'), { code: '23514', constraint })))
  await expect(failed('statement_term_whole')).rejects.toThrow('x')
  await expect(failed('correction_by_two')).rejects.toMatchObject({ kind: 'conflict' })
})

test('an end that was reckoned from the decision is reckoned anew once, told to who had it, and never comes sooner', async () => {
  const list = `№;ФИО;Д.р.;Паспорт;Мера;Основание;Номер решения;Дата решения;Дата исполнения;Срок запрета
1;Образцов Ином;11.11.1991;R1234567;выдворение;ст. 18.8;Р-1;05.02.2020;;5 лет
2;Образцов Иноят;12.11.1991;R2234567;депортация;ст. 18.8;Р-2;05.02.2020;01.03.2020;5 лет
3;Образцов Исмат;13.11.1991;R3234567;депортация;ст. 18.8;Р-3;05.02.2019;01.01.2020;5 лет
4;Образцов Исо;14.11.1991;R4234567;депортация;ст. 18.8;Р-4;05.02.2020;;05.02.2025
`
  const bring = () => x.bring(list, { name: 'reckoned.csv', source: 'reckoned' })
  await bring()
  const { owner } = database
  // As they were kept before lengths were.
  await sql`alter table expulsions.statement disable trigger statement_immutable`.execute(owner)
  await sql`
    update expulsions.statement
    set term = 'until', ends_on = '2025-02-05', starts_on = decision_on, lasts = null
    where decision_no like 'Р-%'`.execute(owner)
  await sql`alter table expulsions.statement enable trigger statement_immutable`.execute(owner)
  const stated = async () =>
    (
      await sql<{ line: string }>`
        select concat_ws(' ', s.decision_no, s.version, s.term, s.ends_on, s.lasts, s.starts_on) as line
        from expulsions.statement s
        join expulsions.measure m on m.id = s.measure_id and m.latest = s.version
        where s.decision_no like 'Р-%'
        order by s.decision_no`.execute(owner)
    ).rows.map(({ line }) => line)
  await sql`delete from jobs.run where task = 'expulsions.reckon'`.execute(owner)
  await startReckoning(owner)
  expect(
    await owner.selectFrom('jobs.run').select('id').where('task', '=', 'expulsions.reckon').execute(),
  ).toHaveLength(1)
  const job = {
    ...database.ctx({ db: owner, actor: { kind: 'system', task: 'test' } }),
    ...{ run_id: null, signal: new AbortController().signal, report: async () => {} },
  } as JobCtx
  await reckonJob.run(job, {})
  await reckonJob.run(job, {})
  expect(await stated()).toEqual([
    'Р-1 2 unknown P5Y',
    'Р-2 2 until 2025-03-01 P5Y',
    'Р-3 1 until 2025-02-05 2019-02-05',
    'Р-4 1 until 2025-02-05 2020-02-05',
  ])
  // The Migration Service, which had the rows, has them as they are now; the list itself brings nothing new.
  const service = await owner
    .selectFrom('expulsions.delivery_row as r')
    .innerJoin('expulsions.statement as s', (join) =>
      join.onRef('s.measure_id', '=', 'r.measure_id').onRef('s.version', '=', 'r.version'),
    )
    .select('s.decision_no')
    .where('r.to_organisation', '=', x.service.id)
    .where('s.version', '=', 2)
    .where('s.decision_no', 'like', 'Р-%')
    .execute()
  expect(service.map(({ decision_no }) => decision_no).sort()).toEqual(['Р-1', 'Р-2'])
  // What cannot be reckoned is told with its doubt.
  const facts = { ...TERM, kind: 'deportation' as const }
  expect(reckonedFrom(facts)?.toString()).toBe('2020-02-05')
  for (const change of [
    { kind: 'entry_ban' as const },
    { ends_on: Temporal.PlainDate.from('2025-02-06') },
    { lasts: 'P5Y' },
    { executed_on: TERM.decision_on },
    { term: 'indefinite' as const, ends_on: null },
  ])
    expect(reckonedFrom({ ...facts, ...change })).toBeNull()
})

const TERM = {
  ...{ term: 'until' as const, ends_on: Temporal.PlainDate.from('2025-02-05'), lasts: null, starts_on: null },
  ...{ decision_on: Temporal.PlainDate.from('2020-02-05'), executed_on: null },
}
