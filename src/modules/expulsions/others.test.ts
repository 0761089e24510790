import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StaffActor } from '#kernel/context.ts'
import { allPages } from '#kernel/http/pages.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { ROLES, type RoleName } from '#kernel/module.ts'
import { protect } from '#kernel/people/protection.ts'
import { systemContext } from '#kernel/system.ts'
import { member, type TestApp, testApp, testOffice } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { setAppeal } from './appeals.ts'
import { eventsOf, getBatch, hopsOf, refusalsOf, rowsElsewhere, rowsOf } from './batches.ts'
import { propose } from './corrections.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { detained } from './fixtures/proceeding.ts'
import { giveHome, setDistrictOffice } from './home-help.ts'
import { noteInformed, safeContacts } from './informing.ts'
import { noteLacking } from './lacking.ts'
import { getMeasure } from './measures.ts'
import { enterProceeding, getProceeding, listProceedings, receiveProceedingJob } from './proceedings.ts'
import { acknowledge } from './relay.ts'
import { BODIES, setBody } from './routes.ts'

// Two embassies, each with everything that an embassy can have. What any other office reads of them, by tables, doors and pages: nothing.
let site: TestApp
let x: Exchange
const PEOPLE = { embassy: ['Намунаев', 'Пинҳонов', 'Сарҳадов'], consulate: ['Мисолов', 'Ниҳонзода', 'Марзов'] } as const
type Embassy = keyof typeof PEOPLE
const EMBASSIES = Object.keys(PEOPLE) as Embassy[]
const NAMES = /Намунаев|Пинҳонов|Сарҳадов|Мисолов|Ниҳонзода|Марзов|Сомон/
/** What the app may read at all, with the columns. */
let tables: { name: string; columns: string[] }[]
let places: string

beforeAll(async () => {
  site = await testApp()
  x = await exchange(site)
  const employment = await testOffice(site, 'Employment')
  await setBody(job(), employment, 'employment')
  ;({ code: places } = await site.owner
    .selectFrom('places.place')
    .select('code')
    .where('code', 'like', 'TJ-%')
    .executeTakeFirstOrThrow())
  await setDistrictOffice(job(), places, employment)
  for (const [index, embassy] of EMBASSIES.entries()) await fill(embassy, index)
  const { rows } = await sql<{ name: string; columns: string[] }>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'expulsions'::regnamespace
      and c.relkind = 'r'
      and has_column_privilege('hamsafar_app', c.oid, a.attnum, 'select')
    group by c.relname
    order by 1`.execute(site.owner)
  tables = rows
})
afterAll(() => site.drop())

const job = (): JobCtx => ({
  ...systemContext(site.platform, site.owner, silentLog, 'test'),
  ...{ now: NOW, run_id: null, signal: new AbortController().signal, report: async () => {} },
})

async function fill(embassy: Embassy, index: number): Promise<void> {
  const [open, hidden, refused] = PEOPLE[embassy]
  const { officer } = x[embassy]
  const bring = (rows: string[], name: string) =>
    x.bring(`${HEADINGS}\n${rows.join('\n')}\n`, {
      by: officer,
      name: `${embassy}-${name}.csv`,
      source: `${embassy} ${name}`,
    })
  const who = (name: string, row: number) => `${row};${name} Далер;0${row}.02.1990;A${index}${row}345678`
  await bring([`${who(hidden, 1)};неразрешение въезда;ст. 26;П-${index};бессрочно`], 'before')
  const { person_id } = await site.owner
    .selectFrom('people.finding')
    .select('person_id')
    .orderBy('record_id', 'desc')
    .executeTakeFirstOrThrow()
  await protect(job(), person_id, 'victim')
  await bring(
    [
      `${who(hidden, 1)};депортация;ст. 25.10;Н-1${index};бессрочно`,
      `${who(open, 2)};неразрешение въезда;;Н-2${index};`,
      `${who(refused, 3)};отказ в пропуске;ст. 27;;`,
    ],
    'list',
  )
  // The same list again, without its last measure.
  await bring(
    [`${who(hidden, 1)};депортация;ст. 25.10;Н-1${index};бессрочно`, `${who(refused, 3)};отказ в пропуске;ст. 27;;`],
    'list',
  )
  await noteLacking(job())
  const { batches, measures } = await ofOffice(embassy)
  for (const batch of batches) {
    const [, reference] = batch
    await x.as(x.foreign.officer, async (ctx) => {
      const seen = await getBatch(ctx, reference!).catch(() => null)
      if (seen) await acknowledge(ctx, seen, null)
    })
  }
  await x.as(officer, async (ctx) => {
    const [id] = measures.at(-1)!
    await propose(ctx, id!, 'lifted', 'A letter')
    await setAppeal(
      ctx,
      { id: id!, kind: 'entry_ban' },
      { served_on: Temporal.PlainDate.from('2026-11-02'), appealed_on: null },
    )
    await noteInformed(ctx, { type: 'measure', id: id! }, 'visit')
    const contact = { name: open, phone: '+992901234567', reach: null }
    expect(await giveHome(ctx, id!, { place_code: places, contact, way: 'desk' })).toBe('given')
    for (const _ of [1, 2]) await enterProceeding(ctx, ...detained())
  })
  const { proceedings } = await ofOffice(embassy)
  // One is in the registry already, one still sealed.
  await receiveProceedingJob.run(job(), { id: proceedings[0]![0]! })
}

/** Ids and references of what an embassy has. */
async function ofOffice(embassy: Embassy): Promise<Record<'batches' | 'measures' | 'proceedings', string[][]>> {
  const of = async (table: 'batch' | 'measure' | 'proceeding') =>
    (
      await site.owner
        .selectFrom(`expulsions.${table}`)
        .select(['id', 'reference'])
        .where('custodian', '=', x[embassy].id)
        .orderBy('id')
        .execute()
    ).map(({ id, reference }) => [id, reference])
  return { batches: await of('batch'), measures: await of('measure'), proceedings: await of('proceeding') }
}

/** All that an actor reads, table by table: the columns that it may read, as text. */
const readBy = (actor: StaffActor) =>
  x.as(actor, async ({ db }) => {
    const read: [table: string, rows: string[]][] = []
    for (const { name, columns } of tables) {
      const { rows } = await sql<{ row: string }>`
        select concat_ws(' ', ${sql.join(columns.map((column) => sql.ref(column)))}) as row
        from ${sql.table(`expulsions.${name}`)}`.execute(db)
      read.push([name, rows.map(({ row }) => row)])
    }
    return read
  })

/** What the database answers an actor beside its tables, asked about everything of an embassy. */
const throughDoors = (actor: StaffActor, embassy: Embassy) =>
  x.as(actor, async (ctx) => {
    const { batches, measures, proceedings } = await ofOffice(embassy)
    const ids = (of: string[][]) => of.map(([id]) => id!)
    const { rows: people } = await sql<{ id: string }>`
      select distinct l.person_id as id from expulsions.statement s join people.link l on l.record_id = s.record_id
      where s.custodian = ${x[embassy].id}`.execute(site.owner)
    const answers: [door: string, answer: unknown[]][] = []
    const ask = async (door: string, query: ReturnType<typeof sql>) =>
      answers.push([door, (await query.execute(ctx.db)).rows])
    await ask('detained', sql`select * from expulsions.detained(${ids(proceedings)}::uuid[])`)
    await ask('home_help_here', sql`select * from expulsions.home_help_here()`)
    for (const id of ids(batches)) {
      await ask('identities', sql`select * from expulsions.identities(${id}, ${ids(measures)}::uuid[])`)
      await ask('row_states', sql`select * from expulsions.row_states(${id}, ${ids(measures)}::uuid[])`)
      await ask('refusals_in', sql`select * from expulsions.refusals_in(${id}, 0, 100)`)
      answers.push(['rows', await rowsOf(ctx, id, { limit: 100 })])
      answers.push(['refusals', await refusalsOf(ctx, id, { limit: 100 })])
      answers.push(['hops', await hopsOf(ctx, id)], ['events', await eventsOf(ctx, id)])
      answers.push(['elsewhere', await rowsElsewhere(ctx, id, ids(measures))])
    }
    for (const id of ids(measures)) {
      await ask('stated_elsewhere', sql`select * from expulsions.stated_elsewhere(${id})`)
      await ask('knows', sql`select from expulsions.measure where expulsions.knows(${id})`)
      if (actor.permissions.has('person.reach')) answers.push(['reach', await safeContacts(ctx, id)])
    }
    for (const { id } of people) {
      await ask('records_of', sql`select * from expulsions.records_of(${id})`)
      await ask('given_of', sql`select * from expulsions.given_of(${id})`)
    }
    answers.push(['proceedings', await listProceedings(ctx, { all: true, limit: 50 })])
    for (const [get, of] of [
      [getBatch, batches],
      [getMeasure, measures],
      [getProceeding, proceedings],
    ] as const)
      for (const [, reference] of of)
        answers.push([
          get.name,
          [await get(ctx, reference!).catch(({ kind }) => kind)].filter((one) => one !== 'not_found'),
        ])
    return answers.filter(([, answer]) => answer.length > 0)
  })

describe.each(EMBASSIES)('the %s', (embassy) => {
  const other = EMBASSIES.find((one) => one !== embassy)!
  test('has rows of its own wherever an embassy can, so that "nothing" is not what it always gets', async () => {
    const read = await readBy(x[embassy].officer)
    const empty = read.filter(([, rows]) => rows.length === 0).map(([table]) => table)
    // Of a hold it knows nothing, nor what recipients were given; who is what in the exchange is not its matter.
    expect(empty).toEqual(['body', 'delivery_row', 'held', 'refusal_before', 'tally'])
    const doors = new Set((await throughDoors(x[embassy].officer, embassy)).map(([door]) => door))
    for (const door of ['detained', 'identities', 'refusals_in', 'rows', 'proceedings', 'getMeasure', 'getProceeding'])
      expect(doors).toContain(door)
  })

  test('reads nothing of the other', async () => {
    const { batches, measures, proceedings } = await ofOffice(other)
    const traces = [...batches, ...measures, ...proceedings].flat()
    traces.push(x[other].id, x[other].officer.user_id, x[other].second.user_id)
    const read = await readBy(x[embassy].officer)
    expect(read.length).toBeGreaterThan(15)
    for (const [table, rows] of read)
      expect([table, traces.filter((trace) => rows.some((row) => row.includes(trace)))]).toEqual([table, []])
    const doors = await throughDoors(x[embassy].officer, other)
    // Its own proceedings only.
    const listed = doors.filter(([door]) => door === 'proceedings').flatMap(([, answer]) => answer)
    expect(doors.map(([door]) => door)).toEqual(['proceedings'])
    expect(
      traces.filter((trace) => JSON.stringify(listed, (_, v) => (typeof v === 'bigint' ? 0 : v)).includes(trace)),
    ).toEqual([])
  })
})

describe.each(ROLES)('%s of an office that brought and was given nothing', (role) => {
  // Which office serves which district, and who is on which route, is known to those who use it, and names nobody.
  const READS: Partial<Record<RoleName, string[]>> = {
    platform_administrator: ['body', 'district_office', 'route'],
    ...{ consul: ['district_office'], notice_officer: ['district_office'], adviser: ['district_office'] },
  }

  test('reads of nobody, whatever its office is in the exchange', async () => {
    const id = await testOffice(site, `Another office of ${role}`)
    const actor = await member(site, role, id)
    for (const body of [null, ...BODIES]) {
      // A body of migration watches over the exchange; that is tested elsewhere. What once was police becomes no employment office.
      if (body === 'migration' || body === 'employment') continue
      if (body) await setBody(job(), id, body)
      const read = await readBy(actor)
      expect([body, read.filter(([, rows]) => rows.length > 0).map(([table]) => table)]).toEqual([
        body,
        READS[role] ?? [],
      ])
      for (const embassy of EMBASSIES) expect([body, await throughDoors(actor, embassy)]).toEqual([body, []])
    }
  })

  test('finds nothing on any page: not by its address, in no list, no count, no table to save', async () => {
    const { organisation_id } = await site.actor(role)
    if (role !== 'employment_officer') await setBody(job(), organisation_id, 'foreign_affairs')
    const pages = allPages(site.platform.parts).filter(({ path }) =>
      /^\/work\/(expulsions|proceedings|home-help)/.test(path),
    )
    expect(pages.length).toBeGreaterThan(15)
    const { batches, measures, proceedings } = await ofOffice('embassy')
    const question = await site.owner.selectFrom('expulsions.question').select('id').executeTakeFirstOrThrow()
    const references = [...batches, ...measures, ...proceedings].map(([, reference]) => reference!)
    const own = [batches, measures, proceedings].map((of) => of[0]![1]!)
    for (const { path } of pages.filter(({ get }) => get)) {
      const at = path.includes('/measures/') ? own[1]! : path.startsWith('/work/proceedings') ? own[2]! : own[0]!
      const asked = path.replace(':reference', at).replace(':id', question.id)
      const response = await site.ask(`/en${asked}`, { as: role })
      const text = (await response.text()).replaceAll(asked, '')
      if (path.includes(':')) expect([path, [403, 404].includes(response.status)]).toEqual([path, true])
      expect([path, text.match(NAMES)?.[0], references.filter((one) => text.includes(one))]).toEqual([
        path,
        undefined,
        [],
      ])
    }
  })
})
