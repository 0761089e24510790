import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ctx } from '#kernel/context.ts'
import { importFile } from '#kernel/imports/import-file.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import type { RoleName } from '#kernel/module.ts'
import { systemContext } from '#kernel/system.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { bringNotices } from '../../../test/notices.ts'
import { acting, departure, makeCarrier, makeWatcher } from '../../../test/removals.ts'
import { listImport } from '../expulsions/import.ts'
import { draftClaims } from './claims.ts'
import { addCost, costsOf, withdrawCost } from './costs.ts'
import { enterRemoval } from './entering.ts'
import { historyOf } from './history.ts'
import { joinable, joinedTo, joinRemoval, unjoinRemoval } from './joining.ts'
import { movePassengersKey, passengerOf, receivePassengerJob } from './passengers.ts'
import { removalsPanel } from './person-panel.tsx'
import { getRemoval, removalsOfPerson, withdrawRemoval } from './removals.ts'

let site: TestApp
let carrier: string
beforeAll(async () => {
  site = await testApp()
  await makeWatcher(site)
  carrier = await makeCarrier(site, '', (await site.actor('carrier_desk')).organisation_id)
  await bringNotices(site)
}, 400_000)
afterAll(() => site.drop())

const as = async <T>(role: RoleName, act: (ctx: Ctx) => Promise<T>) => acting(site, await site.actor(role), act)
const enter = (change: Parameters<typeof departure>[1], role: RoleName = 'notice_officer') =>
  as(role, async (ctx) => getRemoval(ctx, await enterRemoval(ctx, departure(carrier, change))))
const receive = (id: string) =>
  receivePassengerJob.run(
    { ...systemContext(site.platform, site.owner, silentLog, 'test'), now: NOW } as unknown as JobCtx,
    { id },
  )
const DEPORTED = { name: 'Образцов Комрон', document: 'A32345678', birth: 19950301 }
const personOf = async (removal_id: string) =>
  (
    await site.owner
      .selectFrom('people.link as l')
      .innerJoin('removals.about as a', 'a.record_id', 'l.record_id')
      .select('l.person_id')
      .where('a.removal_id', '=', removal_id)
      .executeTakeFirstOrThrow()
  ).person_id

test('a departure’s page tells who changed what, and when; to a carrier nothing of measures', async () => {
  const removal = await enter({ people: 1, passenger: DEPORTED })
  await receive(removal.id)
  const money = { amount: 5_000n, currency: 'EUR' }
  await as('carrier_desk', (ctx) => addCost(ctx, removal, 'escort', money))
  const [, added] = await as('carrier_desk', (ctx) => costsOf(ctx, removal.id))
  for (const withdrawn of [true, true, false])
    await as('carrier_desk', (ctx) => withdrawCost(ctx, removal, added!.id, withdrawn))
  for (const withdrawn of [true, false]) await as('notice_officer', (ctx) => withdrawRemoval(ctx, removal, withdrawn))
  const [known] = await as('notice_officer', (ctx) => joinable(ctx, removal))
  await as('notice_officer', (ctx) => joinRemoval(ctx, removal, { id: known!.id }))
  const joined = await as('notice_officer', (ctx) => joinedTo(ctx, removal))
  await as('notice_officer', (ctx) => unjoinRemoval(ctx, removal, joined!.join_id))
  const { references } = await as('notice_officer', (ctx) => draftClaims(ctx, { removal: removal.id }))

  const [desk, officer] = ['Test carrier_desk', 'Test notice_officer']
  const lines = await as('notice_officer', (ctx) => historyOf(ctx, removal.id))
  // Of another office's staff the office stands, and no name.
  expect(lines.map(({ kind, by_name, office }) => [kind, by_name, office.replace('Office of ', '')])).toEqual([
    ['claimed', officer, 'notice_officer'],
    ['parted', officer, 'notice_officer'],
    ['joined', officer, 'notice_officer'],
    ['restored', officer, 'notice_officer'],
    ['withdrawn', officer, 'notice_officer'],
    ['cost_restored', null, 'carrier_desk'],
    ['cost_withdrawn', null, 'carrier_desk'],
    ['cost_added', null, 'carrier_desk'],
    ['cost_added', officer, 'notice_officer'],
    ['entered', officer, 'notice_officer'],
  ])
  expect(lines[0]!.claim).toBe(references[0])
  expect(lines[7]!.cost).toEqual({ kind: 'escort', ...money })
  const theirs = await as('carrier_desk', (ctx) => historyOf(ctx, removal.id))
  expect(theirs.map(({ kind }) => kind)).toEqual(
    lines.map(({ kind }) => kind).filter((kind) => !['joined', 'parted'].includes(kind)),
  )
  expect(theirs.filter(({ by_name }) => by_name === desk)).toHaveLength(3)
  // Nothing of a departure that the actor does not see.
  expect(await as('consul', (ctx) => historyOf(ctx, removal.id))).toEqual([])

  const page = async (role: RoleName) =>
    (await (await site.ask(`/en/work/removals/${removal.reference}`, { as: role })).text()).replace(/<[^>]+>/g, ' ')
  expect(await page('notice_officer')).toMatch(/Who changed what[\s\S]*Joined to a measure or refusal/)
  expect(await page('notice_officer')).toMatch(/Cost entered\s*:\s*escort, 50\seuros/)
  expect(await page('carrier_desk')).toContain('Cost put back')
  expect(await page('carrier_desk')).not.toContain('Joined to')
  await expect(sql`update removals.event set by_user = organisation_id`.execute(site.owner)).rejects.toThrow(
    'never changed',
  )
})

test('an inadmissible passenger is joined to the refusal at the border, and to no deportation', async () => {
  const REFUSED = '№;ФИО;Д.р.;Паспорт;Мера;Дата\n1;Радшуда Сомон;05.05.1991;A42345678;отказ в пропуске;20.10.2026\n'
  const consul = await site.actor('consul')
  const file = { name: 'refused.csv', bytes: Buffer.from(REFUSED) }
  await importFile(site.ctx({ db: site.owner, actor: consul }), listImport, file, { source: 'Letter 3' })
  const passenger = { name: 'Радшуда Сомон', document: 'A42345678', birth: 19910505 }
  const removal = await enter({ category: 'inadmissible', people: 1, passenger })
  expect(await as('notice_officer', (ctx) => joinable(ctx, removal))).toEqual([])
  await receive(removal.id)
  const [refusal] = await as('notice_officer', (ctx) => joinable(ctx, removal))
  // An event and no measure: it has no number.
  expect(refusal).toMatchObject({ kind: 'refusal', reference: null })
  const path = `/en/work/removals/${removal.reference}`
  expect(await (await site.ask(path, { as: 'notice_officer' })).text()).toContain('refusal at the border')
  const join = await site.ask(`${path}/join`, { as: 'notice_officer', form: { notice: refusal!.id } })
  expect(join.status).toBe(303)
  const joined = await as('notice_officer', (ctx) => joinedTo(ctx, removal))
  expect([joined?.kind, joined?.id]).toEqual(['refusal', refusal!.id])
  expect(await (await site.ask(path, { as: 'carrier_desk' })).text()).not.toContain('refusal at the border')

  // A deportee is carried back by a measure: the refusal of the same person does not fit, and is not offered.
  const deported = await enter({ people: 1, passenger })
  await receive(deported.id)
  expect(await as('notice_officer', (ctx) => joinable(ctx, deported))).toEqual([])
  await expect(as('notice_officer', (ctx) => joinRemoval(ctx, deported, { id: refusal!.id }))).rejects.toMatchObject({
    kind: 'not_found',
  })
})

test('the page of a person shows their removals to who watches over them and may see the person', async () => {
  const removal = await enter({ people: 1, passenger: DEPORTED, service: 'ZZ 77' })
  await receive(removal.id)
  const person = await personOf(removal.id)
  const shown = (role: RoleName) => as(role, async (ctx) => String((await removalsPanel.render(ctx, person)) ?? ''))
  // Watching over removals alone opens nobody's page.
  expect(await as('notice_officer', (ctx) => removalsOfPerson(ctx, person))).toEqual([])
  const { organisation_id, user_id } = await site.actor('notice_officer')
  const { id: membership_id } = await site.owner
    .selectFrom('access.membership')
    .select('id')
    .where('user_id', '=', user_id)
    .executeTakeFirstOrThrow()
  await site.owner.insertInto('access.membership_role').values({ membership_id, role: 'registry_officer' }).execute()
  const panel = await shown('notice_officer')
  expect(panel).toContain(`/en/work/removals/${removal.reference}`)
  expect(panel).toContain('ZZ 77')
  for (const role of ['carrier_desk', 'consul', 'registry_officer'] as const) expect(await shown(role)).toBe('')
  // What was withdrawn counts nowhere.
  await as('notice_officer', (ctx) => withdrawRemoval(ctx, removal, true))
  expect(await shown('notice_officer')).not.toContain(removal.reference)
  expect(organisation_id).toBe(removal.custodian)
})

test('with another secret key passengers who wait for the registry open again, and only with the new one', async () => {
  const waits = await enter({ people: 1, passenger: DEPORTED, ground: 'Decision 5' })
  const { config } = site.platform
  const [secret, before] = [Buffer.alloc(32, 9).toString('base64'), config.HAMSAFAR_SECRET_KEY]
  const under = (HAMSAFAR_SECRET_KEY: string, HAMSAFAR_SECRET_KEY_BEFORE?: string) => ({
    ...site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } }),
    platform: { ...site.platform, config: { ...config, HAMSAFAR_SECRET_KEY, HAMSAFAR_SECRET_KEY_BEFORE } },
  })
  expect(await movePassengersKey(under(before))).toBe(0)
  expect(await movePassengersKey(under(secret, before))).toBe(1)
  expect(await movePassengersKey(under(secret, before))).toBe(0)
  const known = (platform: Ctx['platform']) =>
    as('notice_officer', (ctx) => passengerOf({ ...ctx, platform }, waits.id))
  expect(await known(under(secret).platform)).toMatchObject({ name: DEPORTED.name, ground: 'Decision 5' })
  await expect(known(under(before).platform)).rejects.toThrow()
})
