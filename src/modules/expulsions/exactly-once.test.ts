import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withActor } from '#kernel/access/transaction.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { rowsOf } from './batches.ts'
import { decide, listCorrections, propose } from './corrections.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { answer, ask, listQuestions } from './questions.ts'
import { acknowledge, receiveBatch } from './relay.ts'

let database: TestDatabase
let x: Exchange
beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
})
afterAll(() => database.drop())

const OFFICES = ['foreign', 'service', 'interior', 'security'] as const
// A decision of the Migration Service goes back to the embassy too.
const ALL = [...OFFICES, 'embassy'] as const
type OfficeName = (typeof ALL)[number]
class Crash extends Error {}

// What may happen to a list, in any order, any number of times. `crash`: the process dies before the transaction commits.
const Step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('bring' as const),
      rows: fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 1 }),
      shuffled: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant('confirm' as const),
      office: fc.constantFrom(...ALL),
      some: fc.boolean(),
      crash: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('look' as const),
      office: fc.constantFrom(...ALL),
      crash: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('ask' as const),
      office: fc.constantFrom(...ALL),
      crash: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('answer' as const), crash: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('correct' as const), crash: fc.boolean() }) },
)
type StepOf = typeof Step extends fc.Arbitrary<infer T> ? T : never

let run = 0
const rowText = (of: number, number: number, at: number) =>
  `${at};Намунаев ${'Далер Сомон Комрон Умед Рустам Фирдавс'.split(' ')[number]};1${number}.02.199${of % 10};A${10_000_000 + of * 10 + number};депортация;ст. 25;Р-${of}-${number};${number === 0 ? '' : 'бессрочно'}`

const listOf = (of: number, rows: readonly number[]) =>
  `${HEADINGS}\n${rows.map((number, at) => rowText(of, number, at + 1)).join('\n')}\n`

/** In one transaction; when it is to crash, all of it is as if it had not been. */
async function attempt(office: OfficeName, second: boolean, crash: boolean, act: Parameters<Exchange['as']>[1]) {
  const { officer, second: other } = x[office]
  await withActor(database.db, second ? other : officer, async (db) => {
    await act(database.ctx({ actor: second ? other : officer, db }))
    if (crash) throw new Crash()
  }).catch((error) => {
    if (!(error instanceof Crash)) throw error
  })
}

const batchesOf = async (of: number) => {
  const { rows } = await sql<{ id: string; reference: string }>`
    select distinct b.id, b.reference
    from expulsions.batch b
    join expulsions.statement s on s.batch_id = b.id
    join expulsions.statement f on f.measure_id = s.measure_id
    where f.decision_no like ${`Р-${of}-%`}
    order by b.id`.execute(database.owner)
  return rows
}

async function take(of: number, step: StepOf): Promise<void> {
  if (step.act === 'bring') {
    const rows = step.shuffled ? [...step.rows].reverse() : step.rows
    const { errors } = await x.bring(listOf(of, rows), { name: `${of}.csv`, source: `letter ${of}` })
    expect(errors).toBe(0)
    return
  }
  for (const batch of await batchesOf(of)) {
    if (step.act === 'look') await attempt(step.office, false, step.crash, (ctx) => receiveBatch(ctx, batch.id))
    if (step.act === 'confirm')
      await attempt(step.office, false, step.crash, async (ctx) => {
        const mine = await rowsOf(ctx, batch.id, { limit: 50 })
        const given = mine.filter(({ state }) => state !== null)
        if (given.length > 0) await acknowledge(ctx, batch, step.some ? [given[0]!.measure_id] : null)
      })
    if (step.act === 'ask')
      await attempt(step.office, false, step.crash, async (ctx) => {
        const row = (await rowsOf(ctx, batch.id, { limit: 50 })).find(({ state }) => state !== null)
        if (row) await ask(ctx, batch, row.measure_id, 'other', null)
      })
  }
  if (step.act === 'answer')
    await attempt('embassy', false, step.crash, async (ctx) => {
      const ids = new Set((await batchesOf(of)).map(({ id }) => id))
      const open = (await listQuestions(ctx, { open: true, mine: true, limit: 50 })).find(({ batch_id }) =>
        ids.has(batch_id),
      )
      if (open) await answer(ctx, open, 'Yes', open.about === 'term' ? { term: 'indefinite' } : {})
    })
  if (step.act === 'correct') {
    const [batch] = await batchesOf(of)
    if (!batch) return
    await attempt('service', false, step.crash, async (ctx) => {
      const row = (await rowsOf(ctx, batch.id, { limit: 1 }))[0]
      const open = row && (await listCorrections(ctx, { measure_id: row.measure_id }))
      if (row && open?.length === 0) await propose(ctx, row.measure_id, 'lifted', 'A letter')
    })
    await attempt('service', true, step.crash, async (ctx) => {
      const [open] = await listCorrections(ctx, { open: true })
      if (open) await decide(ctx, open, 'confirmed')
    })
  }
}

test('whatever comes twice, half, late or in another order, each recipient has each version once, and confirms it once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(Step, { minLength: 3, maxLength: 9 }), async (steps) => {
      const of = ++run
      for (const step of steps) await take(of, step)
      // What was lost is sent again; everybody does in the end what is theirs.
      await take(of, { act: 'bring', rows: [0, 1, 2, 3, 4, 5], shuffled: false })
      for (const office of ALL) await take(of, { act: 'confirm', office, some: false, crash: false })
      for (const office of ALL) await take(of, { act: 'confirm', office, some: false, crash: false })
      const { rows } = await sql<{
        recipient: string
        measure_id: string
        version: number
        times: number
        waiting: number
      }>`
        select r.to_organisation as recipient, r.measure_id, r.version, count(*)::int as times,
          (count(*) filter (where r.acknowledged_at is null))::int as waiting
        from expulsions.delivery_row r
        where r.measure_id in (select measure_id from expulsions.statement where decision_no like ${`Р-${of}-%`})
        group by 1, 2, 3`.execute(database.owner)
      const { rows: stated } = await sql<{ measure_id: string; version: number; sender: string }>`
        select s.measure_id, s.version, b.custodian as sender
        from expulsions.statement s
        join expulsions.batch b on b.id = s.batch_id
        where s.decision_no like ${`Р-${of}-%`}`.execute(database.owner)
      // Six people, six measures, whatever happened.
      expect(new Set(stated.map(({ measure_id }) => measure_id)).size).toBe(6)
      expect(rows.every(({ times, waiting }) => times === 1 && waiting === 0)).toBe(true)
      for (const office of OFFICES)
        for (const { measure_id, version, sender } of stated) {
          if (sender === x[office].id) continue
          const had = rows.filter((row) => row.recipient === x[office].id && row.measure_id === measure_id)
          // A recipient that came to the row later than a correction has at least what is stated last.
          const newest = Math.max(...stated.filter((one) => one.measure_id === measure_id).map((one) => one.version))
          if (version === newest) expect(had.map((row) => row.version)).toContain(newest)
        }
      const { rows: tallies } = await sql<{ wrong: number }>`
        select count(*)::int as wrong
        from expulsions.tally t
        where t.rows <> (select count(*) from expulsions.delivery_row r where r.batch_id = t.batch_id and r.to_organisation = t.to_organisation)
          or t.acknowledged <> (select count(*) from expulsions.delivery_row r
            where r.batch_id = t.batch_id and r.to_organisation = t.to_organisation and r.acknowledged_at is not null)
          or (select d.acknowledged_at is null from expulsions.delivery d
            where d.batch_id = t.batch_id and d.to_organisation = t.to_organisation) <> (t.acknowledged < t.rows)`.execute(
        database.owner,
      )
      expect(tallies[0]!.wrong).toBe(0)
    }),
    { numRuns: 12, seed: 20261121, endOnFailure: true },
  )
}, 240_000)

test('the same list twice at the same moment is one', async () => {
  for (const [of, names] of [
    [901, ['list.csv', 'list.csv']],
    [902, ['list.csv', 'copy.csv']],
  ] as const) {
    const csv = listOf(of, [1, 2, 3, 4, 5])
    // As another file, with a line that is nobody's, the rows stand under another source.
    const files = names.map((name) => (name === 'copy.csv' ? `${csv}\n` : csv))
    const found = await Promise.all(files.map((file, at) => x.bring(file, { name: names[at]! })))
    const { measures, delivered } = await database.owner
      .selectFrom('expulsions.statement as s')
      .leftJoin('expulsions.delivery_row as r', 'r.measure_id', 's.measure_id')
      .select((e) => [
        e.fn.count<bigint>('s.measure_id').distinct().as('measures'),
        e.fn.countAll<bigint>().as('delivered'),
      ])
      .where('s.decision_no', 'like', `Р-${of}-%`)
      .executeTakeFirstOrThrow()
    expect([found.map(({ errors }) => errors), measures, delivered]).toEqual([[0, 0], 5n, 10n])
  }
})
