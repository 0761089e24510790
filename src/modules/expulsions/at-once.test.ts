import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DB } from '#kernel/db/types.ts'
import { NOW, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { decide, listCorrections, propose, withdrawGone } from './corrections.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { answer, ask, listQuestions } from './questions.ts'
import { acknowledge } from './relay.ts'

let database: TestDatabase
let x: Exchange
beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
})
afterAll(() => database.drop())

const bring = (no: string, ends: string, by = x.embassy.officer) =>
  x.bring(`${HEADINGS}\n1;Намунаев Далер;14.02.1990;E1234${no}678;неразрешение въезда;ст. 26;${no};${ends}\n`, {
    ...{ name: `${no} ${ends} ${by.user_id}.csv`, source: `letter ${no}`, by },
  })
const measures = (no: string) =>
  database.owner
    .selectFrom('expulsions.statement as s')
    .innerJoin('expulsions.measure as m', (join) =>
      join.onRef('m.id', '=', 's.measure_id').onRef('m.latest', '=', 's.version'),
    )
    .select(['m.id', 'm.custodian', 's.status', 's.term'])
    .where('s.decision_no', '=', no)
    .execute()

test('a question that is answered while a list states the same: one of both ends it, the other is told', async () => {
  await bring('1', '')
  const [measure] = await measures('1')
  const asked = await x.as(x.embassy.officer, (ctx) => listQuestions(ctx, { open: true, mine: true, limit: 9 }))
  const question = asked.find(({ about }) => about === 'term')!
  let answered: Promise<unknown> | undefined
  // What an import does to a measure and to its questions, in its order.
  await database.owner.transaction().execute(async (list) => {
    await sql`select from expulsions.measure where id = ${measure!.id} for update`.execute(list)
    answered = x
      .as(x.embassy.officer, (ctx) => answer(ctx, question, 'As the letter says', { term: 'indefinite' }))
      .catch((error) => error.kind ?? error.code)
    await waiting(list)
    await sql`
      update expulsions.question set answered_at = ${NOW}, answer = '' where id = ${question.id}`.execute(list)
  })
  expect(await answered).toBe('conflict')
})

test('a row that is confirmed while its question is answered: one waits for the other, and neither fails', async () => {
  await bring('3', 'бессрочно')
  const [measure] = await measures('3')
  const batch = await x.batch()
  await x.as(x.service.officer, (ctx) => ask(ctx, batch, measure!.id, 'other', 'Who?'))
  let confirmed: Promise<unknown> | undefined
  // What an answer, or a list that brings one, does to a measure and to the rows of those who asked, in its order.
  await database.owner.transaction().execute(async (list) => {
    await sql`select from expulsions.measure where id = ${measure!.id} for update`.execute(list)
    confirmed = x
      .as(x.service.officer, (ctx) => acknowledge(ctx, batch, [measure!.id]))
      .catch((error) => error.kind ?? error.code)
    await waiting(list)
    await sql`
      select expulsions.close_as(array(select id from expulsions.question where measure_id = ${measure!.id}))`.execute(
      list,
    )
  })
  expect(await confirmed).toBe(1)
  const states = await database.owner
    .selectFrom('expulsions.delivery_row')
    .select('state')
    .where('measure_id', '=', measure!.id)
    .where('to_organisation', '=', x.service.id)
    .execute()
  expect(states).toEqual([{ state: 'acknowledged' }])
})

test('officers of two offices confirm at once that the same decision is lifted', async () => {
  await bring('2', 'бессрочно')
  await bring('2', 'бессрочно', x.consulate.officer)
  const lift = async (office: 'embassy' | 'consulate') => {
    const { id } = (await measures('2')).find(({ custodian }) => custodian === x[office].id)!
    await x.as(x[office].officer, (ctx) => propose(ctx, id, 'lifted', 'Letter 5'))
    return () =>
      x.as(x[office].second, async (ctx) => {
        const [open] = await listCorrections(ctx, { measure_id: id, open: true })
        return decide(ctx, open!, 'confirmed')
      })
  }
  const both = [await lift('embassy'), await lift('consulate')]
  await Promise.all(both.map((confirm) => confirm()))
  expect((await measures('2')).map(({ status }) => status)).toEqual(['lifted', 'lifted'])
  const { rows: open } = await sql`select from expulsions.correction where outcome is null`.execute(database.owner)
  expect(open).toEqual([])
})

test('an end whose row is gone is withdrawn while an officer decides about it: it is left to them, and neither fails', async () => {
  const list = (ends: string, rows = [4, 5, 6]) =>
    `${HEADINGS}\n${rows.map((no) => `${no};Намунаев Далер;14.02.1990;E1234${no}678;неразрешение въезда;ст. 26;Г-${no};${no === 6 ? ends : 'бессрочно'}\n`).join('')}`
  for (const [at, text] of [list(''), list('01.11.2026'), list('', [4, 5])].entries())
    await x.bring(text, { name: `gone ${at}.csv`, source: 'letter Г' })
  const [measure] = await measures('Г-6')
  const withdraw = () =>
    database.owner
      .transaction()
      .execute((db) => withdrawGone(database.ctx({ db, actor: { kind: 'system', task: 'test' } })))
      .catch((error) => error.code)
  let withdrawn: Promise<unknown> | undefined
  // What a decision locks, in its order.
  await database.owner.transaction().execute(async (decision) => {
    await sql`select from expulsions.measure where id = ${measure!.id} for update`.execute(decision)
    withdrawn = withdraw()
    await Promise.race([waiting(decision), withdrawn])
    await sql`select from expulsions.correction where measure_id = ${measure!.id} for update`.execute(decision)
  })
  expect([await withdrawn, await withdraw()]).toEqual([0, 1])
})

// Until another connection waits for a lock that this one holds.
async function waiting(holder: Kysely<DB>): Promise<void> {
  for (;;) {
    const { rows } = await sql`
      select from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))`.execute(holder)
    if (rows.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
