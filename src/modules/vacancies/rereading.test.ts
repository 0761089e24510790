import { afterAll, beforeAll, expect, test } from 'vitest'
import { withActor } from '#kernel/access/transaction.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { type Decision, decideReview } from './decisions.ts'
import { bring } from './fixtures/bring.ts'
import { READING_VERSION } from './reading/read-text.ts'
import { rereadJob, startRereading } from './rereading.ts'

const ADVERTS = 230
let app: TestApp
beforeAll(async () => {
  app = await testApp()
  for (let i = 0; i < ADVERTS; i++) await bring(app, { title: 'Сварщик', country: 'RU' }, `w${i}`)
})
afterAll(() => app?.drop())

const MILITARY = 'Контракт с Министерством обороны.'
const vacancies = () => app.owner.updateTable('vacancies.vacancy')
const get = (id: string) =>
  app.owner.selectFrom('vacancies.vacancy').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const listing = (id: string) =>
  app.owner.selectFrom('vacancies.listing').select('foreigners').where('vacancy_id', '=', id).executeTakeFirst()
const waiting = async (id: string) =>
  (
    await app.owner
      .selectFrom('vacancies.review')
      .select('reason')
      .where('vacancy_id', '=', id)
      .where('decision', 'is', null)
      .execute()
  ).map(({ reason }) => reason)
const behind = async () =>
  (
    await app.owner
      .selectFrom('vacancies.vacancy')
      .select('id')
      .where('reading_version', '<', READING_VERSION)
      .execute()
  ).length
const queued = async () =>
  (await app.owner.selectFrom('jobs.run').select('task').where('task', '=', 'vacancies.reread').execute()).length
const run = (report: JobCtx['report'] = async () => {}) => {
  const system = app.ctx({ db: app.owner, actor: { kind: 'system', task: 'vacancies.reread' } })
  return rereadJob.run({ ...system, run_id: null, signal: new AbortController().signal, report }, {})
}
/** An advert as older rules left it: its words are there, and nobody saw what they mean. */
async function overlooked(source_id: string) {
  const id = await bring(app, { title: 'Сварщик', country: 'RU' }, source_id)
  await vacancies()
    .set({ duties: MILITARY, requirements: 'Гражданство: РФ', reading_version: READING_VERSION - 1 })
    .where('id', '=', id)
    .execute()
  return get(id)
}
async function decide(reference: string, decision: Decision['decision'], now = NOW.add({ hours: 1 })) {
  const actor = await app.actor('vacancy_officer')
  await withActor(
    app.db,
    actor,
    (db) => decideReview(app.ctx({ actor, db, now }), reference, { decision, isco: '7212', note: null }),
    now,
  )
}
async function reported(id: string) {
  await app.owner
    .insertInto('vacancies.review')
    .values({ id: crypto.randomUUID(), vacancy_id: id, reason: 'report', opened_at: NOW, due_at: NOW })
    .execute()
}

test('an advert that better rules would have held is taken from the public and put before an officer', async () => {
  const { id } = await overlooked('military')
  await run()
  expect(await get(id)).toMatchObject({ state: 'held', foreigners: 'no', reading_version: READING_VERSION })
  expect(await waiting(id)).toEqual(['military'])
  expect(await listing(id)).toBeUndefined()
  const acts = await app.owner.selectFrom('audit.entry').select('action').where('subject_id', '=', id).execute()
  expect(acts).toEqual([{ action: 'vacancy.hold' }])
})

test('what an officer decided about these words stands, whatever it was', async () => {
  const approved = await overlooked('approved')
  await reported(approved.id)
  await decide(approved.reference, 'publish')
  const rejected = await overlooked('rejected')
  await reported(rejected.id)
  await decide(rejected.reference, 'reject')
  await run()
  expect(await get(approved.id)).toMatchObject({ state: 'published', foreigners: 'no', isco: '7212' })
  expect(await listing(approved.id)).toEqual({ foreigners: 'no' })
  expect(await get(rejected.id)).toMatchObject({ state: 'withdrawn' })
  expect([await waiting(approved.id), await waiting(rejected.id)]).toEqual([[], []])
})

test('a decision about earlier words does not cover these', async () => {
  const { id, reference } = await overlooked('changed')
  await reported(id)
  await decide(reference, 'publish', NOW.subtract({ hours: 1 }))
  await run()
  expect(await get(id)).toMatchObject({ state: 'held' })
})

test('what a field of the source said stays; what only older rules read is read anew', async () => {
  const field = await bring(app, { title: 'Сварщик', country: 'RU', foreigners: 'yes', accommodation: 'yes' }, 'field')
  const words = await bring(app, { title: 'Сварщик', country: 'RU', requirements: 'Гражданство: РФ' }, 'words')
  expect(await get(words)).toMatchObject({ foreigners: 'no' })
  await vacancies().set({ requirements: null, reading_version: 0 }).where('id', 'in', [field, words]).execute()
  await run()
  expect(await get(field)).toMatchObject({ foreigners: 'yes', accommodation: true })
  expect(await get(words)).toMatchObject({ foreigners: null, foreigners_quote: null })
  expect(await listing(words)).toEqual({ foreigners: null })
})

test('nothing is begun where all is read by the present rules; an interrupted run goes on where it was', async () => {
  await startRereading(app.owner)
  expect([await behind(), await queued()]).toEqual([0, 0])
  await vacancies().set({ reading_version: 0 }).execute()
  await startRereading(app.owner)
  await startRereading(app.owner)
  expect(await queued()).toBe(1)
  const all = await behind()
  const interrupted = run(async ({ done }) => {
    if (done! > 0) throw new Error('interrupted')
  })
  await expect(interrupted).rejects.toThrow('interrupted')
  expect(await behind()).toBe(all - 200)
  await run()
  expect(await behind()).toBe(0)
})
