import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withActor } from '#kernel/access/transaction.ts'
import { takeUnattended } from '#kernel/imports/import-file.ts'
import type { JobProgress } from '#kernel/jobs/job.ts'
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
  // Nobody is ever given a version that is superseded already; and where somebody pulls the plug, the database is away.
  await sql
    .raw(`
      create function public.refuse_old() returns trigger language plpgsql as $$
      begin
        if new.version <> (select m.latest from expulsions.measure m where m.id = new.measure_id) then
          raise exception 'a superseded version was given';
        end if;
        return new;
      end $$;
      create trigger refuse_old before insert on expulsions.delivery_row for each row execute function public.refuse_old();
      create table public.plug (pulled_at text);
      create function public.pull_plug() returns trigger language plpgsql security definer as $$
      begin
        if exists (select from public.plug p where p.pulled_at = tg_table_name) then
          raise exception 'shut down' using errcode = 'admin_shutdown';
        end if;
        return null;
      end $$;
      ${PLUGS.map((table) => `create trigger pulled after insert on expulsions.${table} for each statement execute function public.pull_plug();`).join('\n')}`)
    .execute(database.owner)
})
afterAll(() => database.drop())

// Where an import can die: after what it wrote last. At `done` all is kept already, and nobody is told so.
const PLUGS = ['batch', 'statement', 'delivery_row', 'event'] as const
const OFFICES = ['foreign', 'service', 'interior', 'security'] as const
const DIRECT: readonly string[] = ['foreign', 'service']
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
      // Rows whose ground is another than in the first list: a correction, or its correction back.
      corrected: fc.subarray([0, 1, 2, 3, 4, 5]),
      dies: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.constantFrom(...PLUGS, 'done' as const)),
      resumed: fc.boolean(),
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
const rowText = (of: number, number: number, at: number, corrected = false) =>
  `${at};Намунаев ${'Далер Сомон Комрон Умед Рустам Фирдавс'.split(' ')[number]};1${number}.02.199${of % 10};A${10_000_000 + of * 10 + number};депортация;${corrected ? 'ст. 26' : 'ст. 25'};Р-${of}-${number};${number === 0 ? '' : 'бессрочно'}`

const listOf = (of: number, rows: readonly number[], corrected: readonly number[] = []) =>
  `${HEADINGS}\n${rows.map((number, at) => rowText(of, number, at + 1, corrected.includes(number))).join('\n')}\n`

/** What lists stated of each row, each time that it was something else than before. */
const history = new Map<string, string[]>()

/** A list comes, whole or until the process dies; then the same import is taken up again, or nobody does. */
async function bring(of: number, { rows, shuffled, corrected, dies, resumed }: Extract<StepOf, { act: 'bring' }>) {
  const list = listOf(of, shuffled ? [...rows].reverse() : rows, corrected)
  const options = {
    name: `${of}.csv`,
    source: `letter ${of}`,
    ...(dies === 'done' && {
      report: ({ done, total }: JobProgress) => {
        if (done && !total) throw new Crash()
      },
    }),
  }
  if (dies && dies !== 'done') await sql`insert into public.plug (pulled_at) values (${dies})`.execute(database.owner)
  const died = await x.bring(list, options).then(
    ({ errors }) => {
      expect(errors).toBe(0)
      return false
    },
    (error) => {
      if (!(error instanceof Crash || error.code === '57P01')) throw error
      return true
    },
  )
  await sql`delete from public.plug`.execute(database.owner)
  if (died && resumed) {
    const { id } = await database.owner
      .selectFrom('imports.import')
      .select('id')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    const job = { run_id: null, signal: new AbortController().signal, report: async () => {} }
    await takeUnattended({ ...database.ctx({ actor: x.embassy.officer, db: database.owner }), ...job }, id)
  }
  if (died && !resumed && dies !== 'done') return
  for (const number of rows) {
    const [key, content] = [`Р-${of}-${number}`, corrected.includes(number) ? 'ст. 26' : 'ст. 25']
    const before = history.get(key) ?? []
    if (before.at(-1) !== content) history.set(key, [...before, content])
  }
}

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
    await bring(of, step)
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
      const all = [0, 1, 2, 3, 4, 5]
      await take(of, { act: 'bring', rows: all, shuffled: false, corrected: [], dies: null, resumed: false })
      for (const office of ALL) await take(of, { act: 'confirm', office, some: false, crash: false })
      for (const office of ALL) await take(of, { act: 'confirm', office, some: false, crash: false })
      const { rows } = await sql<{ recipient: string; measure_id: string; version: number; waiting: boolean }>`
        select r.to_organisation as recipient, r.measure_id, r.version, r.acknowledged_at is null as waiting
        from expulsions.delivery_row r
        where r.measure_id in (select measure_id from expulsions.statement where decision_no like ${`Р-${of}-%`})`.execute(
        database.owner,
      )
      const { rows: stated } = await sql<{
        measure_id: string
        version: number
        sender: string
        decision_no: string
        ground: string
        listed: boolean
      }>`
        select s.measure_id, s.version, b.custodian as sender, s.decision_no, s.ground, s.row_number is not null as listed
        from expulsions.statement s
        join expulsions.batch b on b.id = s.batch_id
        where s.decision_no like ${`Р-${of}-%`}
        order by s.version`.execute(database.owner)
      // Six people, six measures, whatever happened; a version for each time that a list stated something else, and no other.
      expect(new Set(stated.map(({ measure_id }) => measure_id)).size).toBe(6)
      for (const number of all) {
        const key = `Р-${of}-${number}`
        const versions = stated.filter(({ decision_no, listed }) => listed && decision_no === key)
        expect([key, versions.map(({ ground }) => ground)]).toEqual([key, history.get(key)])
      }
      expect(rows.filter(({ waiting }) => waiting)).toEqual([])
      for (const office of OFFICES)
        for (const [measure_id, versions] of Map.groupBy(stated, (one) => one.measure_id)) {
          const had = rows
            .filter((row) => row.recipient === x[office].id && row.measure_id === measure_id)
            .map(({ version }) => version)
          const others = versions.filter(({ sender }) => sender !== x[office].id).map(({ version }) => version)
          // Whoever the embassy gives its lists to has each version, in order. A recipient behind them may have come to the row later
          // than a correction: it has some, each once, and what is stated last.
          if (DIRECT.includes(office)) expect(had.toSorted()).toEqual(others)
          else
            expect([
              new Set(had).size,
              others.filter((one) => had.includes(one)).length,
              had.includes(versions.at(-1)!.version),
            ]).toEqual([had.length, had.length, true])
        }
      // What each was told, and what it noted, is as much as it was given: nothing twice, in order, without a gap.
      const { rows: wrong } = await sql`
        select d.batch_id, d.to_organisation, given.*, t.rows, t.acknowledged, noted.*
        from expulsions.delivery d
        join expulsions.tally t on t.batch_id = d.batch_id and t.to_organisation = d.to_organisation
        cross join lateral (
          select count(*)::int as given, count(r.acknowledged_at)::int as confirmed, max(r.position) as last
          from expulsions.delivery_row r
          where r.batch_id = d.batch_id
            and r.to_organisation = d.to_organisation
        ) given
        cross join lateral (
          select count(*) filter (where e.kind = 'sent')::int as sent,
            coalesce(sum(e.rows) filter (where e.kind = 'acknowledged'), 0)::int as noted
          from expulsions.event e
          where e.batch_id = d.batch_id
            and e.organisation_id = d.to_organisation
        ) noted
        where (given.given, given.confirmed, given.last, noted.sent, noted.noted)
            is distinct from (t.rows, t.acknowledged, t.rows, 1, given.confirmed)
          or (d.acknowledged_at is null) <> (t.acknowledged < t.rows)`.execute(database.owner)
      expect(wrong).toEqual([])
    }),
    { numRuns: 30, seed: 20261121, endOnFailure: true },
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
