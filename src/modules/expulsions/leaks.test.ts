import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ctx } from '#kernel/context.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { getLetter } from '#kernel/letters/letters.ts'
import { protect } from '#kernel/people/protection.ts'
import { NOW, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { eventsOf, getBatch, hopsOf, rowsElsewhere, rowsOf } from './batches.ts'
import { decide, listCorrections, propose } from './corrections.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { detained } from './fixtures/proceeding.ts'
import { issueBatchLetter } from './letters.ts'
import { enterProceeding, listProceedings } from './proceedings.ts'
import { acknowledge } from './relay.ts'
import { releaseJob, remindJob } from './reminders.ts'

let database: TestDatabase
let x: Exchange
let batch: { id: string; reference: string }
let hidden: string
const NAMES = ['Намунаев Далер', 'Мисолзода Нигора', 'Образцов Комрон']
const list = (name: string) => `${HEADINGS}
1;${name} Намунавич;14.02.1990;A12345678;неразрешение въезда;ст. 26;Н-1;01.06.2029
2;Мисолзода Нигора;23.02.1988;A22345678;депортация;ст. 25.10;Н-2;бессрочно
3;Образцов Комрон;01.03.1995;A32345678;неразрешение въезда;ст. 26;Н-3;01.06.2029
`
const BODIES = ['foreign', 'interior', 'security'] as const

beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
  // Somebody who was known before as an asylum seeker stands in the list, by the same document and birth.
  await x.bring(
    `${HEADINGS}\n1;Мисолзода Нигора;23.02.1988;A22345678;нежелательность пребывания;ст. 1;Н-0;бессрочно\n`,
    { name: 'before.csv' },
  )
  const { person_id } = await database.owner
    .selectFrom('people.finding')
    .select('person_id')
    .orderBy('record_id')
    .executeTakeFirstOrThrow()
  hidden = person_id
  await protect(system(), hidden, 'asylum_seeker')
  await x.bring(list(NAMES[0]!))
  batch = await x.batch()
  await x.as(x.foreign.officer, (ctx) => acknowledge(ctx, batch, null))
})
afterAll(() => database.drop())

const system = (): JobCtx => ({
  ...database.ctx({ db: database.owner, actor: { kind: 'system', task: 'test' } }),
  run_id: null,
  signal: new AbortController().signal,
  report: async () => {},
})

const rows = (office: (typeof BODIES)[number] | 'service' | 'embassy', of = batch.id) =>
  x.as(x[office].officer, (ctx) => rowsOf(ctx, of, { limit: 100 }))

describe('a protected person', () => {
  test('reaches the Migration Service, and no body of foreign affairs, interior or security', async () => {
    expect((await rows('service')).map(({ names }) => names[0]?.whole)).toHaveLength(3)
    for (const office of BODIES)
      expect((await rows(office)).map(({ names }) => names[0]!.whole)).toEqual([`${NAMES[0]} Намунавич`, NAMES[2]])
  })

  test('leaves no gap, no count and no event by which anybody else could tell', async () => {
    for (const office of BODIES) {
      expect((await rows(office)).map(({ number }) => number)).toEqual([1, 2])
      const line = await x.as(x[office].officer, (ctx) => getBatch(ctx, batch.reference))
      expect(line.rows).toBe(2)
      for (const { to_organisation, rows } of await x.as(x[office].officer, (ctx) => hopsOf(ctx, batch.id)))
        expect(rows).toBe(to_organisation === x[office].id ? 2 : null)
    }
    // Whoever entered the list knows how many it holds and whom it went to; not what they got or did.
    const sent = await x.as(x.embassy.officer, (ctx) => hopsOf(ctx, batch.id))
    expect(sent.map(({ to_organisation, known, rows }) => [to_organisation, known, rows])).toEqual(
      expect.arrayContaining([
        [x.foreign.id, 'sent', null],
        [x.service.id, 'followed', null],
      ]),
    )
    expect(sent).toHaveLength(2)
    const told = await x.as(x.embassy.officer, (ctx) => eventsOf(ctx, batch.id))
    expect(told.filter(({ kind }) => kind === 'acknowledged')).toEqual([])
    const seen = await x.as(x.service.officer, (ctx) => eventsOf(ctx, batch.id))
    expect(seen.filter(({ kind }) => kind === 'acknowledged').map(({ rows }) => rows)).toEqual([2])
  })

  test('is held on every later path too: a decision, a correction, and passing on again', async () => {
    const measure = (await rows('service')).find(({ names }) => names[0]!.whole === NAMES[1])!
    await x.as(x.service.officer, (ctx) => propose(ctx, measure.measure_id, 'lifted', 'A letter'))
    const [open] = await x.as(x.service.second, (ctx) => listCorrections(ctx, { open: true }))
    const reference = (await x.as(x.service.second, (ctx) => decide(ctx, open!, 'confirmed')))!
    for (const office of BODIES)
      await expect(x.as(x[office].officer, (ctx) => getBatch(ctx, reference))).rejects.toMatchObject({
        kind: 'not_found',
      })
    await x.bring(list(NAMES[0]!).replace('ст. 25.10', 'ст. 25'), { name: 'corrected.csv' })
    const corrected = await x.batch()
    for (const office of BODIES) expect(await rows(office, corrected.id)).toEqual([])
  })

  test('is given over only when the protection has ended', async () => {
    const job = system()
    await releaseJob.run(job, {})
    expect(await rows('foreign')).toHaveLength(2)
    const held = await x.as(x.service.officer, (ctx) =>
      ctx.db.selectFrom('expulsions.held').select('measure_id').execute(),
    )
    expect(held.length).toBeGreaterThan(0)
    await database.owner
      .updateTable('people.protection')
      .set({ until: NOW.add({ hours: 1 }) })
      .execute()
    await releaseJob.run(job, {})
    // As it is stated last, in the corrected list; what that list and a decision superseded goes to nobody any more.
    expect(await rows('foreign')).toHaveLength(2)
    const corrected = await x.batch()
    expect((await rows('foreign', corrected.id)).map(({ names, status }) => [names[0]!.whole, status])).toEqual([
      [NAMES[1], 'lifted'],
    ])
    expect(
      await database.owner
        .selectFrom('expulsions.held')
        .select('measure_id')
        .where('to_organisation', '=', x.foreign.id)
        .where('measure_id', '=', held[0]!.measure_id)
        .execute(),
    ).toEqual([])
  })
})

test('a list of one about somebody protected looks to its sender like any other, whatever others do with it', async () => {
  const protect_ = (person: string) => protect(system(), person, 'victim')
  const one = (name: string, number: number) =>
    `${HEADINGS}\n1;${name} Якумов;07.07.1977;B${number};депортация;ст. 25.10;Н-7;бессрочно\n`
  await x.bring(one('Пинҳон', 7654321).replace('депортация', 'реадмиссия'), { name: 'earlier.csv' })
  const { person_id } = await database.owner
    .selectFrom('people.finding')
    .select('person_id')
    .orderBy('record_id', 'desc')
    .executeTakeFirstOrThrow()
  await protect_(person_id)
  const lists = []
  for (const [name, number] of [
    ['Пинҳон', 7654321],
    ['Ошкор', 1234567],
  ] as const) {
    await x.bring(one(name, number), { name: 'one.csv', source: 'letter 7' })
    lists.push(await x.batch())
  }
  const [held, given] = lists as [typeof batch, typeof batch]

  /** All that an officer of the embassy can read of a batch, by functions and from the tables, without what names the batch. */
  const seen = (of: typeof batch) =>
    x.as(x.embassy.officer, async (ctx) => {
      const tables = []
      for (const table of ['delivery', 'sending', 'delivery_row', 'tally', 'held', 'event', 'question', 'correction'])
        tables.push(
          table,
          (await sql`select * from ${sql.table(`expulsions.${table}`)} where batch_id = ${of.id}`.execute(ctx.db)).rows,
        )
      const { text } = await letter(ctx, of)
      // The import of each is its own, and the embassy's.
      const { import_id: _, ...line } = await getBatch(ctx, of.reference)
      const all = {
        line,
        hops: await hopsOf(ctx, of.id),
        events: await eventsOf(ctx, of.id),
        elsewhere: (
          await rowsElsewhere(
            ctx,
            of.id,
            (await rowsOf(ctx, of.id, { limit: 9 })).map(({ measure_id }) => measure_id),
          )
        ).map(({ office, state, due_at }) => [office, state, due_at]),
      }
      return JSON.stringify([all, tables, text], (_, value) => (typeof value === 'bigint' ? 0 : value))
        .replaceAll(of.id, 'batch')
        .replaceAll(of.reference, 'batch')
    })
  const letter = async (ctx: Ctx, of: typeof batch) => {
    const reference = await issueBatchLetter(ctx, await getBatch(ctx, of.reference), {
      letter: 'cover',
      to: x.foreign.id,
      lang: 'ru',
    })
    const { kind, rows, issuer, recipient } = await getLetter(ctx, reference)
    return { text: { kind, rows, issuer, recipient } }
  }
  expect(await rows('foreign', given.id)).toHaveLength(1)
  expect(await rows('foreign', held.id)).toEqual([])
  await expect(x.as(x.foreign.officer, (ctx) => getBatch(ctx, held.reference))).rejects.toMatchObject({
    kind: 'not_found',
  })
  expect(await seen(held)).toBe(await seen(given))
  await x.as(x.service.officer, (ctx) => acknowledge(ctx, held, null))
  await x.as(x.service.officer, (ctx) => acknowledge(ctx, given, null))
  await x.as(x.foreign.officer, (ctx) => acknowledge(ctx, given, null))
  await x.as(x.security.officer, (ctx) => acknowledge(ctx, given, null))
  await remindJob.run({ ...system(), now: NOW.add({ hours: 100 }) }, {})
  expect(await seen(held)).toBe(await seen(given))

  const elsewhere = (office: 'embassy' | 'service', of: typeof batch) =>
    x.as(x[office].officer, async (ctx) => {
      const [row] = await rowsOf(ctx, of.id, { limit: 1 })
      return (await rowsElsewhere(ctx, of.id, [row!.measure_id])).map(({ office, state }) => `${office}: ${state}`)
    })
  // Row by row as well: of others than the Migration Service the sender sees that it was sent, and no more.
  for (const of of [held, given])
    expect(await elsewhere('embassy', of)).toEqual(['Office foreign: sent', 'Office service: acknowledged'])

  // Whoever watches over the exchange knows what is held.
  expect(await elsewhere('service', held)).toEqual(['Office foreign: held'])
  const hops = await x.as(x.service.officer, (ctx) => hopsOf(ctx, held.id))
  expect(hops.map(({ to_organisation, known }) => [to_organisation, known])).toEqual(
    expect.arrayContaining([
      [x.foreign.id, 'held'],
      [x.service.id, 'followed'],
    ]),
  )
})

describe('what is seen of others', () => {
  const TABLES = [
    ...[
      'batch',
      'statement',
      'measure',
      'delivery',
      'sending',
      'delivery_row',
      'tally',
      'held',
      'question',
      'correction',
    ],
    ...['event', 'proceeding', 'border_refusal', 'route', 'body'],
  ]
  test('without an actor no table has a row (for other roles and embassies: others.test.ts)', async () => {
    for (const table of TABLES) {
      const columns = table === 'measure' ? sql`id` : sql`*`
      const { rows } = await sql`select ${columns} from ${sql.table(`expulsions.${table}`)}`.execute(database.db)
      expect([table, rows.length]).toEqual([table, 0])
    }
  })

  test('a recipient sees only what it was given, and none of the help in proceedings', async () => {
    await x.as(x.embassy.officer, (ctx) => enterProceeding(ctx, ...detained()))
    for (const office of BODIES)
      await x.as(x[office].officer, async (ctx) => {
        for (const table of ['proceeding', 'held', 'correction', 'border_refusal', 'body'])
          expect([table, (await sql`select * from ${sql.table(`expulsions.${table}`)}`.execute(ctx.db)).rows]).toEqual([
            table,
            [],
          ])
        const { rows: given } = await sql<{
          to_organisation: string
        }>`select to_organisation from expulsions.delivery_row`.execute(ctx.db)
        expect(new Set(given.map(({ to_organisation }) => to_organisation))).toEqual(new Set([x[office].id]))
        const { rows: people } = await sql`select id from people.record`.execute(ctx.db)
        expect(people).toEqual([])
        expect(
          (await sql`select * from expulsions.detained(array(select id from expulsions.proceeding))`.execute(ctx.db))
            .rows,
        ).toEqual([])
      })
    expect(await x.as(x.embassy.officer, (ctx) => listProceedings(ctx, { limit: 5 }))).toHaveLength(1)
  })

  test('nobody confirms, asks or decides in another’s name', async () => {
    await expect(
      x.as(x.security.officer, (ctx) =>
        sql`select expulsions.answer(${batch.id}, 'x', '{}', ${batch.id}, 'x', 1, now(), now())`.execute(ctx.db),
      ),
    ).rejects.toThrow(/not allowed/)
    await expect(
      x.as(x.interior.officer, (ctx) =>
        sql`select expulsions.deliver_as(${batch.id}, ${x.embassy.id}, ${x.interior.id}, null, 1, now(), '{}')`.execute(
          ctx.db,
        ),
      ),
    ).rejects.toThrow(/permission denied/)
    await expect(
      x.as(x.interior.officer, (ctx) =>
        ctx.db.updateTable('expulsions.delivery_row').set({ state: 'acknowledged' }).execute(),
      ),
    ).rejects.toThrow(/permission denied/)
  })
})
