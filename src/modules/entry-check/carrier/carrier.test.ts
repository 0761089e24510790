import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hashToken } from '#kernel/access/sessions.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { importFile } from '#kernel/imports/import-file.ts'
import { createOrganisation } from '#kernel/organisations/organisations.ts'
import { registryOf } from '#kernel/people/fixtures/registry.ts'
import { mergePersons, takeBack } from '#kernel/people/identity.ts'
import { protect } from '#kernel/people/protection.ts'
import { ORIGIN, type TestApp, testApp } from '../../../../test/app.ts'
import { NOW } from '../../../../test/database.ts'
import { liftMeasure } from '../../../../test/lift.ts'
import { bringNotices } from '../../../../test/notices.ts'
import { listImport } from '../../expulsions/import.ts'
import { examine } from '../finding.ts'
import { perform, TRAVELLERS, type Traveller, work } from '../fixtures/desk.ts'
import { changeAgreement, honeyOf } from './agreements.ts'
import { recordCarried } from './figures.ts'
import { voprf } from './oprf-key.ts'
import { bucketOf, INPUTS, inputsOf, tokenIn } from './passenger.ts'

const AS = 'platform_administrator'
let site: TestApp
let now = NOW
let agreement: string
beforeAll(async () => {
  site = await testApp({ now: () => now })
  await bringNotices(site)
  await work(site)
})
afterAll(() => site.drop())
beforeEach(() => {
  now = NOW
})

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
async function call(method: string, path: string) {
  const headers = {
    authorization: 'Bearer hsf_kabutar',
    ...(method === 'POST' && { 'idempotency-key': newId(), 'content-type': 'application/json' }),
  }
  const response = await site.app.request(`${ORIGIN}/api/v1/carrier-checks${path}`, { method, headers })
  return { status: response.status, body: (await response.json()) as any }
}

/** The whole question, as docs/carriers.md tells a program to ask. */
async function ask({ document, born: [year, month, day], family, given }: Traveller, refer = true) {
  const birth = year * 10_000 + month * 100 + day
  const items = inputsOf({ document, family, given, birth }).map((text) => {
    const input = new TextEncoder().encode(text)
    return { input, ...voprf.blind(input) }
  })
  const { status, body } = await call('POST', `?points=${items.map(({ blinded }) => base64url(blinded))}`)
  if (status !== 201) return status
  if (body.answer === 'refer') return 'refer'
  const outputs = voprf.finalizeBatch(
    items.map((item, at) => ({ ...item, evaluated: bytes(body.evaluated[at]) })),
    bytes(body.key),
    bytes(body.proof),
  )
  const heads = outputs.map((output) => bucketOf(output, body.bits))
  const { body: found } = await call('GET', `/${body.query}/tags?heads=${heads}`)
  const bucket = found.tags.map(({ tag, hidden }: any) => ({ tag: bytes(tag), hidden: bytes(hidden) }))
  const token = tokenIn(bucket, outputs)
  if (!token) return `nothing in ${body.list}`
  if (refer) {
    const advice = await call('POST', `/${body.query}/referral?token=${base64url(token)}`)
    expect(advice).toMatchObject({ status: 200, body: { page: `${ORIGIN}/tg/entry-check` } })
  }
  return 'refer'
}
const { banned, free } = TRAVELLERS
const NO_HEADS = `heads=${Array(INPUTS).fill(0)}`
const form = (path: string, fields: Record<string, string>) =>
  site.ask(`/en/work/carriers${path}`, { as: AS, form: fields })

test('nobody asks until an agreement is recorded; a page records it, with act, date and quota', async () => {
  const carrier = await createOrganisation(site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } }), {
    kind: 'carrier',
    country: 'TJ',
    names: { en: 'Kabutar' },
  })
  const { user_id: created_by } = await site.actor('administrator')
  const client = { id: newId(), organisation_id: carrier, label: 'Check-in', permissions: ['entry_check.carry'] }
  await site.owner
    .insertInto('access.api_client')
    .values({ ...client, key_hash: hashToken('hsf_kabutar'), created_by, created_at: NOW })
    .execute()
  expect(await ask(free)).toBe(503)
  const terms = { carrier, act: 'No 7', act_on_day: '1', act_on_month: '11', act_on_year: '2026', per_day: '20' }
  for (const missing of ['carrier', 'act', 'act_on_day', 'per_day'])
    expect(
      (await form('', Object.fromEntries(Object.entries(terms).filter(([name]) => name !== missing)))).status,
    ).toBe(422)
  const recorded = await form('', terms)
  expect(recorded.status).toBe(303)
  agreement = recorded.headers.get('location')!.split('/').at(-1)!
  expect((await form('', terms)).status).toBe(409)
  await perform(site, 'entry_check.tags')
  const page = await site.ask(`/en/work/carriers/${agreement}`, { as: AS })
  expect(await page.text()).toContain('Kabutar')
})

test('who is listed is referred, by document or by name; of all others nothing was found in version X', async () => {
  expect(await ask(banned)).toBe('refer')
  // A new passport ends no ban.
  expect(await ask({ ...banned, document: 'A99999999' })).toBe('refer')
  expect(await ask({ ...banned, family: 'Namunaev', given: 'Daler', document: 'A99999999' })).toBe('refer')
  expect(await ask(free)).toMatch(/^nothing in \d+$/)
  // A listed passport is referred whatever is typed beside it.
  expect(await ask({ ...free, document: banned.document })).toBe('refer')
  expect(await ask({ ...banned, document: 'A99999999', given: 'Фаридун' })).toMatch(/^nothing in/)
  expect(await ask({ ...banned, document: 'A99999999', born: [1977, 5, 3] })).toMatch(/^nothing in/)
})

test('what we keep of a question says nothing of a passenger', async () => {
  const rows = await site.owner.selectFrom('entry_check.carrier_query').selectAll().execute()
  expect(Object.keys(rows[0]!).sort()).toEqual(['agreement_id', 'at', 'fetched_at', 'id', 'referred_at'])
  const tags = await site.owner.selectFrom('entry_check.tag').select(['tag', 'pad']).execute()
  // Three in force, and five who do not exist: each has a document, two halves and four inputs of both words.
  expect(tags.length).toBeGreaterThanOrEqual(8 * 7)
  expect(new Set(tags.map(({ tag }) => tag.toString('hex'))).size).toBe(tags.length)
})

test('buckets come once for a question, to who asked it, within ten minutes', async () => {
  const points = () =>
    Array.from({ length: INPUTS }, () => base64url(voprf.blind(new TextEncoder().encode('x')).blinded)).join()
  const begin = async () => (await call('POST', `?points=${points()}`)).body.query
  const once = await begin()
  expect((await call('GET', `/${once}/tags?${NO_HEADS}`)).status).toBe(200)
  expect((await call('GET', `/${once}/tags?${NO_HEADS}`)).status).toBe(409)
  const late = await begin()
  now = NOW.add({ minutes: 11 })
  expect((await call('GET', `/${late}/tags?${NO_HEADS}`)).status).toBe(409)
  expect((await call('POST', `/${late}/referral?token=${base64url(new Uint8Array(16))}`)).status).toBe(409)
  expect((await call('POST', `?points=${Array(INPUTS).fill('A'.repeat(43))}`)).status).toBe(422)
  // Neither fewer nor more inputs than a passenger has.
  for (const wrong of [INPUTS - 1, INPUTS + 1])
    expect((await call('POST', `?points=${points().split(',').concat(points()).slice(0, wrong)}`)).status).not.toBe(201)
})

test('the quota of a day ends, and comes again', async () => {
  now = NOW.add({ hours: 24 * 2 })
  let asked = 0
  while ((await ask(free)) !== 429) asked++
  expect(asked).toBe(20)
  now = NOW.add({ hours: 24 * 3 + 1 })
  expect(await ask(free)).toMatch(/^nothing/)
})

test('the tags follow the lists: who is taken off is no longer referred', async () => {
  now = NOW.add({ hours: 24 * 4 })
  await liftMeasure(site, banned.document)
  await perform(site, 'entry_check.tags', {}, now)
  expect(await ask(banned)).toMatch(/^nothing in/)
})

// What a list states, and what is typed of a passport, the same at a desk and at a carrier.
const CASES: [row: string, traveller: Traveller][] = [
  // A new passport in Latin letters.
  ['Юсупов Далерҷон;11.03.1987;P1000001', { ...typed('Yusupov', 'Dalerjon'), born: [1987, 3, 11] }],
  ['Ҷалолов Ятим;12.04.1988;P1000002', { ...typed('Чалолов', 'Ятим'), born: [1988, 4, 12] }],
  ['Ҷалолов Якуб;13.04.1988;P1000003', { ...typed('Chalolov', 'Yaqub'), born: [1988, 4, 13] }],
  ['Шарипиён Умед;14.05.1989;P1000004', { ...typed('Sharipov', 'Umed'), born: [1989, 5, 14] }],
  // The listed passport: a birth date one day off, only a year, none.
  ['Бобоев Зафар;15.06.1990;P1000005', { ...typed('Boboev', 'Zafar', 'P1000005'), born: [1990, 6, 16] }],
  ['Ёров Фаррух;1991;P1000006', { ...typed('Yorov', 'Farrukh', 'P1000006'), born: [1991, 8, 19] }],
  ['Носиров Бахтиёр;;P1000007', { ...typed('Nosirov', 'Bakhtiyor', 'P1000007'), born: [1992, 9, 20] }],
  // Day and month exchanged; a letter of the surname wrong.
  ['Латифпур Сӯҳроб;05.06.1993;P1000008', { ...typed('Latifpur', 'Suhrob'), born: [1993, 5, 6] }],
  ['Хоҷаев Мирзо;17.07.1994;P1000009', { ...typed('Khojaem', 'Mirzo'), born: [1994, 7, 17] }],
]
function typed(family: string, given: string, document = 'C7654321') {
  return { document, family, given }
}

test('whoever a desk calls listed, or sends to have their identity checked, a carrier is to refer', async () => {
  now = NOW.add({ hours: 24 * 5 })
  const rows = CASES.map(([row], at) => `${at + 1};${row};неразрешение въезда;ст. 26;К-${at + 1};01.06.2029`)
  await importFile(
    site.ctx({ db: site.owner, actor: await site.actor('consul'), now }),
    listImport,
    {
      name: 'more.csv',
      bytes: Buffer.from(`№;ФИО;Д.р.;Паспорт;Мера;Основание;Номер решения;Срок запрета\n${rows.join('\n')}\n`),
    },
    { source: 'Letter 14/2-882' },
  )
  await work(site, now)
  await perform(site, 'entry_check.tags', {}, now)
  const answers = []
  for (const [row, traveller] of CASES) {
    const { document, born, family, given } = traveller
    const ctx = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' }, now })
    const birth = born[0] * 10_000 + born[1] * 100 + born[2]
    const { kind } = await examine(ctx, { document, birth, name: { family, given } })
    answers.push([row, kind, await ask(traveller)])
  }
  expect(answers).toEqual(CASES.map(([row]) => [row, expect.stringMatching(/^(listed|identity)$/), 'refer']))
  expect(await ask(free)).toMatch(/^nothing in/)
})

test('whoever is protected is nobody to a carrier, a minute after they are; to themselves the answer stays', async () => {
  now = NOW.add({ hours: 24 * 5 + 1 })
  const ctx = () => site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' }, now })
  const minuteLater = async () => {
    now = now.add({ minutes: 1 })
    await perform(site, 'entry_check.tags', {}, now)
  }
  const personBorn = async (birth: number) =>
    (
      await site.owner
        .selectFrom('people.finding')
        .select('person_id')
        .where('birth', '=', birth)
        .executeTakeFirstOrThrow()
    ).person_id
  const { deported, controlled } = TRAVELLERS
  const listed = await personBorn(19950301)
  expect(await ask(deported)).toBe('refer')
  await protect(ctx(), listed, 'asylum_seeker')
  await minuteLater()
  expect(await ask(deported)).toMatch(/^nothing in/)
  expect(await ask({ ...deported, document: 'C7654321' })).toMatch(/^nothing in/)
  expect(await ask(controlled)).toBe('refer')
  const { document, family, given } = deported
  expect((await examine(ctx(), { document, birth: 19950301, name: { family, given } })).kind).toBe('listed')
  await site.owner.updateTable('people.protection').set({ until: now }).where('person_id', '=', listed).execute()
  await minuteLater()
  expect(await ask(deported)).toBe('refer')
  // Who is found to be the same person as somebody protected.
  const registry = await registryOf(site)
  const [known] = await registry.receive(registry.national, {
    ...{ names: [{ family: 'Паноҳзода', given: 'Сино' }], birth: 19900101, sex: 'male', documents: [] },
  })
  await protect(ctx(), known!.person_id, 'victim')
  const event = await mergePersons(ctx(), listed, known!.person_id, { reason: 'review' })
  await minuteLater()
  expect(await ask(deported)).toMatch(/^nothing in/)
  // Parted from them they stay protected, until that is lifted there.
  await takeBack(ctx(), event)
  await minuteLater()
  expect(await ask(deported)).toMatch(/^nothing in/)
  await site.owner
    .updateTable('people.protection')
    .set({ until: now })
    .where('person_id', '=', listed)
    .where('until', 'is', null)
    .execute()
  await minuteLater()
  expect(await ask(deported)).toBe('refer')
  // Or waits to be compared with them.
  await sql`
    insert into people.review (id, record_id, person_id, other_id, other_record_id, adverse, probability, explanation, weights_version,
      custodians, opened_at, due_at)
    select ${newId()}, l.record_id, l.person_id, o.person_id, o.record_id, true, 0.9, '[]', 'test', '{}', ${now}, ${now}
    from people.link l, people.link o
    where l.person_id = ${listed} and o.person_id = ${known!.person_id}`.execute(site.owner)
  await minuteLater()
  expect(await ask(deported)).toMatch(/^nothing in/)
  await site.owner.updateTable('people.protection').set({ until: now }).where('until', 'is', null).execute()
  await minuteLater()
  expect(await ask(deported)).toBe('refer')
})

/** An invented passenger whom nobody has asked about yet. */
async function anInvented(ctx: Ctx): Promise<Traveller> {
  const honey = (await honeyOf(ctx, agreement)).find(({ hit_at }) => !hit_at)!
  const { document, birth, name } = honey
  return {
    ...{ document, born: [Math.floor(birth / 10_000), Math.floor(birth / 100) % 100, birth % 100] },
    ...{ family: name.family!, given: name.given! },
  }
}

test('a question about an invented passenger ends all questions of that carrier, and is told', async () => {
  now = NOW.add({ hours: 24 * 6 })
  const ctx = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
  const invented = await anInvented(ctx)
  // Nothing tells an invented one from others until its token is handed in.
  expect(await ask(invented, false)).toBe('refer')
  expect(await ask(free)).toMatch(/^nothing/)
  expect(await ask(invented)).toBe('refer')
  expect(await ask(free)).toBe(503)
  const told = await site.owner
    .selectFrom('notifications.notification')
    .select('kind')
    .where('subject_id', '=', agreement)
    .execute()
  expect(told).toEqual([{ kind: 'entry_check.bulk' }])
  const then = now
  // Sessions last a day.
  now = NOW
  const page = await (await site.ask(`/en/work/carriers/${agreement}`, { as: AS })).text()
  expect(page).toContain('Find out what happened')
  expect(page).toContain(invented.document)
  expect((await form(`/${agreement}/state`, { act: 'resume' })).status).toBe(303)
  now = then
  expect(await ask(free)).toMatch(/^nothing/)
  // The carrier may guess who that was: another stands in their place.
  const honey = await honeyOf(ctx, agreement)
  expect([honey.length, honey.filter(({ hit_at }) => !hit_at).length]).toEqual([6, 5])
})

test('an invented passenger is found among others by nothing that a carrier is given', async () => {
  now = NOW.add({ hours: 24 * 6 + 1 })
  await perform(site, 'entry_check.tags', {}, now)
  const ctx = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
  const { document, born, family, given } = await anInvented(ctx)
  expect(document).toMatch(/^A\d{8}$/)
  expect([family, given].every((name) => /^[A-Z][a-z]{5,11}$/.test(name))).toBe(true)
  expect(born[0]).toBeGreaterThanOrEqual(1960)
  const tags = await site.owner.selectFrom('entry_check.tag').select(['tag', 'pad', 'honey_id']).execute()
  const [invented, listed] = [tags.filter(({ honey_id }) => honey_id), tags.filter(({ honey_id }) => !honey_id)]
  expect(Math.min(invented.length, listed.length)).toBeGreaterThan(10)
  for (const { tag, pad } of tags) expect([tag.length, pad.length]).toEqual([16, 16])
  // Asked twice, entries of both kinds come with other tokens; order is that of the tags, which are chance.
  const taken = async () => {
    const points = Array.from({ length: INPUTS }, () =>
      base64url(voprf.blind(new TextEncoder().encode('x')).blinded),
    ).join()
    const { body } = await call('POST', `?points=${points}`)
    await site.owner.updateTable('entry_check.tags_made').set({ bits: 0 }).execute()
    return (await call('GET', `/${body.query}/tags?${NO_HEADS}`)).body.tags as { tag: string; hidden: string }[]
  }
  const [one, other] = [await taken(), await taken()]
  expect(one.map(({ tag }) => tag)).toEqual(other.map(({ tag }) => tag))
  expect(one.map(({ tag }) => Buffer.from(tag, 'base64').toString('hex'))).toEqual(
    tags.map(({ tag }) => tag.toString('hex')).sort(),
  )
  one.forEach((entry, at) => {
    expect(Object.keys(entry)).toEqual(['tag', 'hidden'])
    expect(entry.hidden).toHaveLength(24)
    expect(entry.hidden).not.toBe(other[at]!.hidden)
  })
})

test('of a long list a question about an invented passenger is noticed without its token; no other is', async () => {
  now = NOW.add({ hours: 24 * 6 + 2 })
  await site.owner.updateTable('entry_check.tags_made').set({ bits: 12 }).execute()
  const ctx = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
  expect(await ask(free)).toMatch(/^nothing/)
  expect(await ask({ ...free, document: 'A22345678' }, false)).toBe('refer')
  const invented = await anInvented(ctx)
  // Only the number: it may be that of a real passport, whose holder is asked about in all honesty.
  expect(await ask({ ...free, document: invented.document }, false)).toBe('refer')
  expect(await ask(free)).toMatch(/^nothing/)
  expect(await ask(invented, false)).toBe('refer')
  expect(await ask(free)).toBe(503)
  const { suspended_for } = await site.owner
    .selectFrom('entry_check.agreement')
    .select('suspended_for')
    .where('id', '=', agreement)
    .executeTakeFirstOrThrow()
  expect(suspended_for).toBe('honey')
  const then = now
  now = NOW
  expect((await form(`/${agreement}/state`, { act: 'resume' })).status).toBe(303)
  now = then
})

test('more questions than passengers in a month suspend a carrier at night; what was looked at stays looked at', async () => {
  now = NOW.add({ hours: 24 * 8 })
  const ctx = () => site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' }, now })
  const month = Temporal.PlainDate.from('2026-11-01')
  await recordCarried(ctx(), agreement, month, 100_000)
  await perform(site, 'entry_check.reconcile', {}, now)
  expect(await ask(free)).toMatch(/^nothing/)
  now = now.add({ hours: 1 })
  await recordCarried(ctx(), agreement, month, 3)
  await perform(site, 'entry_check.reconcile', {}, now)
  expect(await ask(free)).toBe(503)
  now = now.add({ hours: 1 })
  await changeAgreement(ctx(), agreement, 'resume')
  await perform(site, 'entry_check.reconcile', {}, now)
  expect(await ask(free)).toMatch(/^nothing/)
})

test('a list that is old refers everybody; an agreement that ended lets nobody ask', async () => {
  now = NOW.add({ hours: 24 * 20 })
  expect(await ask(free)).toBe('refer')
  now = NOW
  for (const [path, fields] of [
    ['carried', { month: '2026-10', passengers: '12' }],
    ['state', { act: 'end' }],
  ] as const)
    expect((await form(`/${agreement}/${path}`, fields)).status).toBe(303)
  expect((await form(`/${agreement}/carried`, { month: 'October', passengers: '12' })).status).toBe(422)
  expect(await ask(free)).toBe(503)
})
