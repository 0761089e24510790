import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StaffActor } from '#kernel/context.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { protect } from '#kernel/people/protection.ts'
import { systemContext } from '#kernel/system.ts'
import { member, type TestApp, testApp, testOffice } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { acting, departure, makeCarrier, makeWatcher } from '../../../test/removals.ts'
import { draftClaims, listClaims } from './claims.ts'
import { costsOf } from './costs.ts'
import { enterRemoval } from './entering.ts'
import { joinable } from './joining.ts'
import { passengerOf, receivePassengerJob } from './passengers.ts'
import { getRemoval, listRemovals, type Removal } from './removals.ts'
import { totalsByCarrier } from './totals.ts'

// What a carrier's desk must never learn: other carriers' departures and money, who was on board, and who is protected.
let site: TestApp
let desk: StaffActor
let officer: StaffActor
let consul: StaffActor
let foreign: Removal
let ofOurs: Removal
const SECRETS = ['Намунаев', 'Тайный', 'A99887766', '7766', 'Decision 77', 'XX 111', '7,777', 'Rival Air']

beforeAll(async () => {
  site = await testApp()
  await makeWatcher(site)
  ;[desk, officer, consul] = await Promise.all([
    site.actor('carrier_desk'),
    site.actor('notice_officer'),
    site.actor('consul'),
  ])
  await makeCarrier(site, '', desk.organisation_id)
  const rival = await makeCarrier(site, 'Rival Air')
  const passenger = { name: 'Намунаев Тайный', document: 'A99887766', birth: 19900101 }
  const [theirs, ours] = await acting(site, officer, async (ctx) => {
    const cost = [{ kind: 'whole' as const, money: { amount: 777_700n, currency: 'EUR' } }]
    const first = await enterRemoval(ctx, departure(rival, { service: 'XX 111', costs: cost }))
    const change = { people: 1, passenger, ground: 'Decision 77', service: 'ZZ 500' }
    const second = await enterRemoval(ctx, departure(desk.organisation_id, change))
    await draftClaims(ctx, { carrier: rival, year: 2026 })
    await draftClaims(ctx, { carrier: desk.organisation_id, year: 2026 })
    return [first, second]
  })
  foreign = await acting(site, officer, (ctx) => getRemoval(ctx, theirs!))
  ofOurs = await acting(site, officer, (ctx) => getRemoval(ctx, ours!))
  const job = { ...systemContext(site.platform, site.owner, silentLog, 'test'), now: NOW } as unknown as JobCtx
  await receivePassengerJob.run(job, { id: ofOurs.id })
}, 400_000)
afterAll(() => site.drop())

const clean = (text: string) => {
  for (const secret of [...SECRETS, foreign.reference]) expect(text).not.toContain(secret)
}

describe('a carrier’s desk', () => {
  test('sees its own departure: route, date, cost, and nobody', async () => {
    const response = await site.ask(`/en/work/removals/${ofOurs.reference}`, { as: 'carrier_desk' })
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(text).toContain('ZZ 500')
    expect(text).toContain('1,240')
    clean(text)
    expect(await acting(site, desk, (ctx) => passengerOf(ctx, ofOurs.id))).toBeNull()
  })

  test('finds nothing of others on any page, in any search, count, table or error', async () => {
    const claims = await acting(site, officer, (ctx) => listClaims(ctx, {}, 10))
    const rival = claims.find(({ carrier }) => carrier === foreign.carrier)!
    for (const path of [
      ...['/work', '/work/removals', '/work/removals?q=XX', '/work/removals/totals', '/work/removal-claims'],
      ...['/work/removals.csv', '/work/removal-claims.csv', '/work/find?q=XX+111', '/work/find?q=Намунаев'],
      ...[`/work/removals?carrier=${foreign.carrier}`, `/work/removal-claims?carrier=${foreign.carrier}`],
      ...[`/work/removals?after=${foreign.reference}`, '/work/removals/new'],
    ]) {
      const response = await site.ask(`/en${path}`, { as: 'carrier_desk' })
      expect([path, response.status]).toEqual([path, 200])
      // The search says back what was looked for; carriers' names are public where one is chosen.
      const text = (await response.text())
        .replace(/value="[^"]*"|after=[\w-]+/g, '')
        .replace(/<title>.*?<\/title>/s, '')
      for (const secret of [foreign.reference, rival.reference, 'Тайный', 'A99887766', 'Decision 77', '7,777'])
        expect([path, text.includes(secret)]).toEqual([path, false])
    }
    for (const [path, form] of [
      [`/work/removals/${foreign.reference}`, undefined],
      [`/work/removals/${foreign.reference}`, { amount: '1', currency: 'EUR', kind: 'other' }],
      [`/work/removals/${foreign.reference}/withdrawal`, {}],
      [`/work/removals/${foreign.reference}/claims`, {}],
      [`/work/removal-claims/${rival.reference}`, undefined],
      [`/work/removal-claims/${rival.reference}`, { state: 'sent' }],
      [`/work/removal-claims/${rival.reference}/undo`, { step: rival.id }],
      [`/work/removal-claims/${rival.reference}/letter`, { to: 'X', lang: 'ru' }],
    ] as const) {
      const response = await site.ask(`/en${path}`, { as: 'carrier_desk', ...(form && { form }) })
      const nowhere = path.replace(foreign.reference, 'K7QF-92MX').replace(rival.reference, 'K7QF-92MX')
      const unknown = await site.ask(`/en${nowhere}`, { as: 'carrier_desk', ...(form && { form }) })
      expect([path, response.status]).toEqual([path, unknown.status])
      clean((await response.text()).replaceAll(path, ''))
    }
  })

  test('is given no row by the database either', async () => {
    await acting(site, desk, async (ctx) => {
      expect((await listRemovals(ctx, {}, 100)).map(({ id }) => id)).toEqual([ofOurs.id])
      expect(await costsOf(ctx, foreign.id)).toEqual([])
      expect((await totalsByCarrier(ctx)).map(({ carrier }) => carrier)).toEqual([desk.organisation_id])
      for (const table of ['about', 'joined'])
        expect((await sql`select 1 from ${sql.table(`removals.${table}`)}`.execute(ctx.db)).rows).toEqual([])
      const ids = [foreign.id, ofOurs.id]
      expect((await sql`select * from removals.named(${ids}::uuid[])`.execute(ctx.db)).rows).toEqual([])
      for (const id of ids)
        expect((await sql`select * from removals.records_beside(${id})`.execute(ctx.db)).rows).toEqual([])
    })
    await expect(acting(site, desk, (ctx) => enterRemoval(ctx, departure(foreign.carrier)))).rejects.toThrow(
      /row-level security/,
    )
  })

  test('cannot tell a departure with a protected person from another', async () => {
    const page = async () =>
      (await (await site.ask(`/en/work/removals/${ofOurs.reference}`, { as: 'carrier_desk' })).text()).replace(
        /(nonce|\?v)="?[^"& ]+/g,
        '',
      )
    const before = [await page(), await (await site.ask('/en/work/removals.csv', { as: 'carrier_desk' })).text()]
    const { person_id } = await site.owner
      .selectFrom('people.link as l')
      .innerJoin('removals.about as a', 'a.record_id', 'l.record_id')
      .select('l.person_id')
      .where('a.removal_id', '=', ofOurs.id)
      .executeTakeFirstOrThrow()
    await protect(systemContext(site.platform, site.owner, silentLog, 'test'), person_id, 'victim')
    const after = [await page(), await (await site.ask('/en/work/removals.csv', { as: 'carrier_desk' })).text()]
    expect(after).toEqual(before)
    // The Migration Service, which watches over removals, still reads the name.
    expect((await acting(site, officer, (ctx) => passengerOf(ctx, ofOurs.id)))?.name).toBe('Намунаев Тайный')
  })
})

test('an embassy sees what it entered itself, and learns nothing of the same person elsewhere', async () => {
  expect(await acting(site, consul, (ctx) => listRemovals(ctx, {}, 10))).toEqual([])
  expect((await site.ask(`/en/work/removals/${ofOurs.reference}`, { as: 'consul' })).status).toBe(404)
  const passenger = { name: 'Намунаев Тайный', document: 'A99887766', birth: 19900101 }
  const own = await acting(site, consul, (ctx) =>
    enterRemoval(ctx, departure(foreign.carrier, { people: 1, passenger })),
  )
  const removal = await acting(site, consul, (ctx) => getRemoval(ctx, own))
  const job = { ...systemContext(site.platform, site.owner, silentLog, 'test'), now: NOW } as unknown as JobCtx
  await receivePassengerJob.run(job, { id: removal.id })
  expect(await acting(site, consul, (ctx) => joinable(ctx, removal))).toEqual([])
  expect((await acting(site, consul, (ctx) => listRemovals(ctx, {}, 10))).map(({ reference }) => reference)).toEqual([
    own,
  ])
})

test('others of the staff have no way in', async () => {
  for (const as of ['notice_recipient', 'auditor', 'adviser', 'employer'] as const)
    for (const path of ['/work/removals', '/work/removal-claims', '/work/removals/totals', '/work/removals.csv'])
      expect([as, path, (await site.ask(`/en${path}`, { as })).status]).toEqual([as, path, 403])
})

test('a notice officer of an office that is no body of migration sees nothing of what others entered', async () => {
  const other = await member(site, 'notice_officer', await testOffice(site, 'Embassy'))
  expect(await acting(site, other, (ctx) => listRemovals(ctx, {}, 50))).toEqual([])
  const { rows } = await acting(site, other, ({ db }) =>
    sql`
      select (select count(*) from removals.removal) + (select count(*) from removals.cost) + (select count(*) from removals.claim)
        + (select count(*) from removals.event) as seen`.execute(db),
  )
  expect(rows).toEqual([{ seen: 0n }])
})

test('nothing asks for the permission alone, wherever it stands in the database', async () => {
  const { rows } = await sql<{ place: string }>`
    select p.polname || ' on ' || p.polrelid::regclass as place
    from pg_policy p
    where p.polrelid::regclass::text like 'removals.%'
      and concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) like '%removal.oversee%'
    union all
    select p.proname
    from pg_proc p
    where p.pronamespace = 'removals'::regnamespace
      and p.proname <> 'oversees'
      and pg_get_functiondef(p.oid) like '%removal.oversee%'`.execute(site.owner)
  expect(rows).toEqual([])
})
