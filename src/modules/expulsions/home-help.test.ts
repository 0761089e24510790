import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withActor } from '#kernel/access/transaction.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { protect } from '#kernel/people/protection.ts'
import { type TestApp, testApp, testOffice } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { bringNotices } from '../../../test/notices.ts'
import { giveHome, listHomeHelp, markEmploymentOffice, markHome, setDistrictOffice } from './home-help.ts'
import { moveExpulsionsKey } from './move-key.ts'
import { BODIES, setBody } from './routes.ts'

let site: TestApp
let measure: { id: string; reference: string }
const CONTACT = { name: 'Далери Намуна', phone: '+992901234567', reach: 'баъди шаш' }
const FORM = {
  ...{ name: CONTACT.name, phone: CONTACT.phone, reach: CONTACT.reach, place: 'Рӯдакӣ', way: 'desk' },
  ...{ only_theirs: 'yes', agreed: 'yes' },
}
const EMPLOYMENT = 'employment_officer'

beforeAll(async () => {
  site = await testApp()
  const known = await bringNotices(site)
  measure = await site.owner
    .selectFrom('expulsions.measure')
    .select(['id', 'reference'])
    .where('reference', '=', known.measure)
    .executeTakeFirstOrThrow()
})
afterAll(() => site.drop())

const as = async <T>(
  role: 'consul' | 'notice_officer' | 'adviser' | typeof EMPLOYMENT,
  act: (ctx: Ctx) => Promise<T>,
) => {
  const actor = await site.actor(role)
  return withActor(site.db, actor, (db) => act(site.ctx({ actor, db })), NOW)
}
const page = async (path: string, role: Parameters<TestApp['ask']>[1] = {}) => {
  const response = await site.ask(path, role)
  return { status: response.status, text: (await response.text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ') }
}
const give = (form: Record<string, string> = {}) =>
  site.ask(`/en/work/expulsions/measures/${measure.reference}/home-help`, { as: 'consul', form: { ...FORM, ...form } })

test('nothing goes without agreement, to a shared telephone, or where no office is set', async () => {
  for (const [field, words] of [
    ['agreed', 'Nothing is passed on without agreement.'],
    ['only_theirs', 'Only a telephone that nobody else uses'],
    ['phone', 'Write the telephone.'],
  ] as const) {
    const response = await give({ [field]: '' })
    expect([response.status, (await response.text()).includes(words)]).toEqual([422, true])
  }
  const nowhere = await give()
  expect([nowhere.status, (await nowhere.text()).includes('No employment office is set')]).toEqual([422, true])
  expect(await site.owner.selectFrom('expulsions.home_help').select('id').execute()).toEqual([])
})

describe('the recipient', () => {
  test('is an employment office and nothing else: the database looks', async () => {
    const office = (await site.actor(EMPLOYMENT)).organisation_id
    const place = await site.owner
      .selectFrom('places.place')
      .select('code')
      .where('code', 'like', 'TJ-%')
      .orderBy('code')
      .limit(1)
      .executeTakeFirstOrThrow()
    const system = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
    const anew = () => site.owner.deleteFrom('expulsions.body').where('organisation_id', '=', office).execute()
    for (const kind of BODIES.filter((body) => body !== 'employment')) {
      // It was one when it was given the district.
      await markEmploymentOffice(system, office)
      await setDistrictOffice(system, place.code, office)
      await setBody(system, office, kind)
      const given = await as('consul', (ctx) =>
        giveHome(ctx, measure.id, { place_code: place.code, contact: CONTACT, way: 'desk' }),
      )
      expect([kind, given]).toEqual([kind, 'no_office'])
      // Nor is what police or border in the exchange made one by the way.
      await expect(setDistrictOffice(system, place.code, office)).rejects.toMatchObject({ kind: 'conflict' })
      await anew()
    }
    await site.owner.deleteFrom('expulsions.district_office').execute()
    await site.owner.deleteFrom('expulsions.body').where('organisation_id', '=', office).execute()
  })

  test('is marked as an employment office first; nothing else is offered, taken, or becomes one on any way', async () => {
    const path = '/en/work/home-help/offices'
    const administrator = { as: 'platform_administrator' } as const
    const system = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
    const police = await testOffice(site, 'Police of the district')
    const never = { police, agency: newId(), closed: newId(), secret: await testOffice(site, 'Protected service') }
    const rows = [
      { id: never.agency, kind: 'agency', closed_at: null },
      { id: never.closed, kind: 'authority', closed_at: NOW },
    ]
    await site.owner
      .insertInto('organisations.organisation')
      .values(rows.map((row) => ({ ...row, country: 'TJ', created_at: NOW })))
      .execute()
    await site.owner.insertInto('people.office').values({ organisation_id: never.secret, unnamed: true }).execute()
    await setBody(system, police, 'interior')
    // What once was police stays that, by whatever way round.
    for (const kind of ['migration', 'employment'] as const)
      await setBody(system, police, kind).catch((error) => expect(error).toMatchObject({ kind: 'conflict' }))

    const unmarked = await testOffice(site, 'Unmarked authority')
    const offered = async () => {
      const text = await (await site.ask(path, administrator)).text()
      const [, served, mark] = text.split('<select')
      return { served, mark }
    }
    expect((await offered()).served).not.toContain(unmarked)
    for (const office of [unmarked, ...Object.values(never)]) {
      const form = { place: 'Рӯдакӣ', office }
      expect((await site.ask(path, { ...administrator, form })).status).toBe(409)
      const actor = await site.actor('platform_administrator')
      const straight = withActor(
        site.db,
        actor,
        (db) =>
          db
            .insertInto('expulsions.district_office')
            .values({ place_code: 'TJ', organisation_id: office, set_at: NOW })
            .execute(),
        NOW,
      )
      await expect(straight).rejects.toMatchObject({ constraint: 'district_office_employs' })
    }
    for (const office of Object.values(never)) {
      expect((await site.ask(path, { ...administrator, form: { mark: office } })).status).toBe(409)
      const route = { from: unmarked, to: office, body: 'employment', mandate: 'Sample', act: 'Sample', hours: '24' }
      expect((await site.ask('/en/work/expulsions/routes', { ...administrator, form: route })).status).toBe(409)
    }
    const { rows: offices } = await sql`select from expulsions.district_office`.execute(site.owner)
    expect(offices).toEqual([])

    expect((await offered()).mark).toContain(unmarked)
    expect((await site.ask(path, { as: 'consul', form: { mark: unmarked } })).status).toBe(403)
    expect((await site.ask(path, { ...administrator, form: { mark: '' } })).status).toBe(422)
    expect((await site.ask(path, { ...administrator, form: { mark: unmarked } })).status).toBe(303)
    expect((await offered()).served).toContain(unmarked)
  })

  test('is set for a district by the administrator, and found by the home district', async () => {
    const { organisation_id } = await site.actor(EMPLOYMENT)
    const path = '/en/work/home-help/offices'
    expect((await site.ask(path, { as: 'platform_administrator', form: { mark: organisation_id } })).status).toBe(303)
    const wrong = await site.ask(path, {
      as: 'platform_administrator',
      form: { place: 'Atlantis', office: organisation_id },
    })
    expect(wrong.status).toBe(422)
    const form = { place: 'Рӯдакӣ', office: organisation_id }
    expect((await site.ask(path, { as: 'platform_administrator', form })).status).toBe(303)
    expect((await page(path, { as: 'platform_administrator' })).text).toContain('Office of employment_officer')
  })
})

test('the office gets name and safe contact, and learns no measure, no source and no document', async () => {
  expect((await give()).headers.get('location')).toContain('done=given')
  expect((await give()).headers.get('location')).toContain('done=there')
  const { text } = await page('/en/work/home-help', { as: EMPLOYMENT })
  for (const word of [CONTACT.name, CONTACT.phone, CONTACT.reach]) expect(text).toContain(word)
  for (const word of ['ban', 'Measure', 'Намунаев', '5678', 'expel', 'consul', measure.reference])
    expect(text).not.toContain(word)
  expect((await page('/en/work', { as: EMPLOYMENT })).text).toContain('Somebody waits for an offer of work')
  const row = await site.owner.selectFrom('expulsions.home_help').selectAll().executeTakeFirstOrThrow()
  expect(row.sealed!.toString('utf8')).not.toContain(CONTACT.phone)
  await as(EMPLOYMENT, async (ctx) => {
    const [one] = await listHomeHelp(ctx, { limit: 5 })
    expect(Object.keys(one!).sort()).toEqual(
      ['agreed_at', 'closed_at', 'contact', 'contacted_at', 'id', 'place_code', 'reference', 'state'].sort(),
    )
    for (const table of ['measure', 'statement', 'batch', 'informing', 'appeal'])
      expect((await sql`select 1 from ${sql.table(`expulsions.${table}`)}`.execute(ctx.db)).rows).toEqual([])
    expect(await ctx.db.selectFrom('expulsions.home_help').select('id').execute()).toEqual([])
  })
  await expect(
    as(EMPLOYMENT, (ctx) => sql`select person_id from expulsions.home_help`.execute(ctx.db)),
  ).rejects.toThrow(/permission denied/)
})

test('the office notes what came of it; others cannot', async () => {
  const [one] = await as(EMPLOYMENT, (ctx) => listHomeHelp(ctx, { limit: 5 }))
  const mark = (state: string) => site.ask('/en/work/home-help', { as: EMPLOYMENT, form: { id: one!.id, state } })
  expect((await mark('contacted')).status).toBe(303)
  expect((await page('/en/work', { as: EMPLOYMENT })).text).not.toContain('Somebody waits for an offer')
  await expect(as('consul', (ctx) => markHome(ctx, one!.id, 'work'))).rejects.toMatchObject({ kind: 'forbidden' })
  expect((await site.ask('/en/work/home-help', { as: 'notice_recipient' })).status).toBe(403)
  expect((await mark('training')).status).toBe(303)
  expect(await as(EMPLOYMENT, (ctx) => listHomeHelp(ctx, { limit: 5 }))).toEqual([])
  expect((await page('/en/work/home-help?show=all', { as: EMPLOYMENT })).text).toContain('went to training')
  expect((await page(`/en/work/expulsions/measures/${measure.reference}/home-help`, { as: 'consul' })).text).toContain(
    'went to training',
  )
})

describe('anybody who returned', () => {
  const NEW = '/en/work/home-help/new'
  const offered = { ...FORM, name: 'Меҳри Намуна', phone: '+992907654321' }

  test('is offered the same without a measure, at a support centre too, and stands in the list like any other', async () => {
    const id = newId()
    const ask = (form: Record<string, string> = {}) =>
      site.ask(NEW, { as: 'adviser', form: { id, ...offered, ...form } })
    for (const field of ['agreed', 'only_theirs', 'phone'])
      expect([field, (await ask({ [field]: '' })).status]).toEqual([field, 422])
    expect((await ask({ id: 'x' })).status).toBe(422)
    const given = await ask()
    const number = /q=([A-Z0-9-]+)/.exec(given.headers.get('location')!)![1]!
    expect(given.headers.get('location')).toContain('done=given')
    // Sent twice, it is one.
    expect((await ask()).headers.get('location')).toContain(`q=${number}&done=there`)
    expect((await page(`${NEW}?q=${number}`, { as: 'adviser' })).text).toContain(number)

    await give()
    const list = await as(EMPLOYMENT, (ctx) => listHomeHelp(ctx, { limit: 5 }))
    expect(list.map(({ contact }) => contact.name).sort()).toEqual([CONTACT.name, offered.name])
    const { text } = await page('/en/work/home-help', { as: EMPLOYMENT })
    expect(text).toContain('Anybody who came home may stand here.')
    const card = ({ contact, reference }: (typeof list)[number]) => {
      const [, one = ''] = text.split(contact.name)
      return one.slice(0, one.indexOf('What came of it?')).replace(contact.phone, '').replace(reference, '')
    }
    expect(card(list[0]!)).toBe(card(list[1]!))
    expect(list[0]!.reference.length).toBe(list[1]!.reference.length)
    const rows = await site.owner
      .selectFrom('expulsions.home_help')
      .select(['person_id', 'measure_id'])
      .where('reference', '=', number)
      .execute()
    expect(rows).toEqual([{ person_id: null, measure_id: null }])
  })

  test('takes it back where they agreed, with the number; others see nothing of it', async () => {
    const { id, reference } = await site.owner
      .selectFrom('expulsions.home_help')
      .select(['id', 'reference'])
      .where('measure_id', 'is', null)
      .executeTakeFirstOrThrow()
    // A support centre sees none that was recorded for a measure, and no other office what it recorded.
    expect((await page(NEW, { as: 'adviser' })).text.match(/Agreed \d/g)).toHaveLength(1)
    for (const other of ['consul', 'notice_officer'] as const) {
      expect((await page(NEW, { as: other })).text).not.toContain(reference)
      expect((await site.ask(NEW, { as: other, form: { withdraw: id } })).status).toBe(303)
    }
    expect(await as(EMPLOYMENT, (ctx) => listHomeHelp(ctx, { limit: 5 }))).toHaveLength(2)
    await expect(
      as('adviser', (ctx) => giveHome(ctx, measure.id, { place_code: 'TJ', contact: CONTACT, way: 'desk' })),
    ).rejects.toMatchObject({ kind: 'forbidden' })
    expect((await site.ask(NEW, { as: EMPLOYMENT })).status).toBe(403)
    expect((await site.ask(NEW, { as: 'adviser', form: { withdraw: id } })).status).toBe(303)
    const left = await as(EMPLOYMENT, (ctx) => listHomeHelp(ctx, { limit: 5 }))
    expect(left.map(({ contact }) => contact.name)).toEqual([CONTACT.name])
    await as('consul', (ctx) => sql`select expulsions.withdraw_home(${left[0]!.id}, ${NOW})`.execute(ctx.db))
  })
})

test('an office that is something else from now on sees nothing any more', async () => {
  const { organisation_id } = await site.actor(EMPLOYMENT)
  const set = (kind: string) =>
    site.owner.updateTable('expulsions.body').set({ kind }).where('organisation_id', '=', organisation_id).execute()
  await set('migration')
  expect(await as(EMPLOYMENT, (ctx) => listHomeHelp(ctx, { all: true, limit: 5 }))).toEqual([])
  await set('employment')
  expect(await as(EMPLOYMENT, (ctx) => listHomeHelp(ctx, { all: true, limit: 5 }))).toHaveLength(1)
})

test('the protection flag is asked; withdrawing ends it at once and leaves nothing', async () => {
  const { person_id } = await site.owner
    .selectFrom('expulsions.home_help')
    .select('person_id')
    .where('person_id', 'is not', null)
    .$narrowType<{ person_id: string }>()
    .executeTakeFirstOrThrow()
  const system = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
  await protect(system, person_id, 'victim')
  // Employment is help, also for who is protected; a recipient that the registry does not know gets nothing.
  expect(await as(EMPLOYMENT, (ctx) => listHomeHelp(ctx, { all: true, limit: 5 }))).toHaveLength(1)
  expect((await give()).headers.get('location')).toContain('done=given')
  const [open] = await as(EMPLOYMENT, (ctx) => listHomeHelp(ctx, { limit: 5 }))
  const path = `/en/work/expulsions/measures/${measure.reference}/home-help`
  expect((await site.ask(path, { as: 'notice_officer', form: { withdraw: open!.id } })).status).toBe(303)
  expect(await as(EMPLOYMENT, (ctx) => listHomeHelp(ctx, { limit: 5 }))).toHaveLength(1)
  const taken = await site.ask(path, { as: 'consul', form: { withdraw: open!.id } })
  expect(taken.headers.get('location')).toContain('done=withdrawn')
  expect(await as(EMPLOYMENT, (ctx) => listHomeHelp(ctx, { limit: 5 }))).toEqual([])
  await expect(as(EMPLOYMENT, (ctx) => markHome(ctx, open!.id, 'work'))).rejects.toMatchObject({ kind: 'not_found' })
  const row = await site.owner
    .selectFrom('expulsions.home_help')
    .select(['sealed', 'withdrawn_at'])
    .where('id', '=', open!.id)
    .executeTakeFirstOrThrow()
  expect([row.sealed, row.withdrawn_at !== null]).toEqual([null, true])
})

test('another secret key opens what was sealed under the former one', async () => {
  expect((await give()).headers.get('location')).toContain('done=given')
  const { config } = site.platform
  const moved = {
    ...config,
    HAMSAFAR_SECRET_KEY: Buffer.alloc(32, 9).toString('base64'),
    HAMSAFAR_SECRET_KEY_BEFORE: config.HAMSAFAR_SECRET_KEY,
  }
  const platform = { ...site.platform, config: moved }
  const system = { ...site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } }), platform }
  let sum = 0
  for (let some = await moveExpulsionsKey(system); some > 0; some = await moveExpulsionsKey(system)) sum += some
  // The proceeding that waits for the registry, too.
  const { n } = await site.owner
    .selectFrom('expulsions.home_help')
    .select((e) => e.fn.countAll<bigint>().as('n'))
    .where('sealed', 'is not', null)
    .executeTakeFirstOrThrow()
  expect(sum).toBe(Number(n) + 1)
  const after = { ...platform, config: { ...moved, HAMSAFAR_SECRET_KEY_BEFORE: undefined } }
  const [one] = await as(EMPLOYMENT, (ctx) => listHomeHelp({ ...ctx, platform: after }, { limit: 5 }))
  expect(one!.contact).toEqual(CONTACT)
})
