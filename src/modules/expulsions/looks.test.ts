import { afterAll, beforeAll, expect, test } from 'vitest'
import { withActor } from '#kernel/access/transaction.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import type { RoleName } from '#kernel/module.ts'
import { coveringLookup } from '#kernel/people/looks.ts'
import { ownLog } from '#kernel/people/own-log.ts'
import { systemContext } from '#kernel/system.ts'
import { member, type TestApp, testApp } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { bringNotices, type NoticeName } from '../../../test/notices.ts'
import { receiveProceedingJob } from './proceedings.ts'

let site: TestApp
let known: Record<NoticeName, string>
beforeAll(async () => {
  site = await testApp()
  known = await bringNotices(site)
  const { id } = await site.owner.selectFrom('expulsions.proceeding').select('id').executeTakeFirstOrThrow()
  const job: JobCtx = {
    ...systemContext(site.platform, site.owner, silentLog, 'test'),
    ...{ now: NOW, run_id: null, signal: new AbortController().signal, report: async () => {} },
  }
  await receiveProceedingJob.run(job, { id })
})
afterAll(() => site.drop())

const looks = () =>
  site.owner
    .selectFrom('people.look as k')
    .innerJoin('people.lookup as l', 'l.id', 'k.lookup_id')
    .select(['k.person_id', 'l.organisation_id', 'l.purpose', 'k.what', 'l.shown'])
    .orderBy('k.id')
    .execute()

/** Whose records these are. */
const personOf = async (record: string | null) =>
  (
    await site.owner
      .selectFrom('people.link')
      .select('person_id')
      .where('record_id', '=', record!)
      .executeTakeFirstOrThrow()
  ).person_id
const ofMeasure = async (reference: string) =>
  personOf(
    (
      await site.owner
        .selectFrom('expulsions.statement as s')
        .innerJoin('expulsions.measure as m', 'm.id', 's.measure_id')
        .select('s.record_id')
        .where('m.reference', '=', reference)
        .executeTakeFirstOrThrow()
    ).record_id,
  )
const ofProceeding = async () =>
  personOf(
    (await site.owner.selectFrom('expulsions.proceeding').select('record_id').executeTakeFirstOrThrow()).record_id,
  )

/** What the answer to this added to the logs of persons. */
async function leaves(path: string, as: RoleName, form?: Record<string, string>) {
  const before = (await looks()).length
  const response = await site.ask(path, { as, ...(form && { form }) })
  expect([path, response.status]).toEqual([path, form ? 422 : 200])
  return (await looks()).slice(before)
}
const look = async (as: RoleName, person_id: string, purpose: string) => [
  { person_id, organisation_id: (await site.actor(as)).organisation_id, purpose, what: 'case', shown: 1 },
]

test('whoever opens a page that names the person of a measure stands in the person’s own log, once for each', async () => {
  const path = `/en/work/expulsions/measures/${known.measure}`
  const person = await ofMeasure(known.measure)
  for (const as of ['consul', 'notice_officer', 'notice_recipient'] as const)
    expect(await leaves(path, as)).toEqual(await look(as, person, 'notice'))
  expect(await leaves(path, 'consul', { wanted: 'lifted' })).toEqual(await look('consul', person, 'notice'))
  for (const page of ['person', 'appeal', 'home-help'])
    expect([page, await leaves(`${path}/${page}`, 'consul')]).toEqual([page, await look('consul', person, 'help')])
  const audited = await site.owner
    .selectFrom('audit.entry')
    .select(['action', 'details'])
    .where('action', '=', 'expulsion.open_measure')
    .execute()
  expect(audited).toHaveLength(7)
  expect(audited.at(-1)!.details).toEqual({ purpose: 'help' })
})

test('so does who opens a question about a row, and a proceeding', async () => {
  const { measure_id } = await site.owner
    .selectFrom('expulsions.question')
    .select('measure_id')
    .where('id', '=', known.question)
    .executeTakeFirstOrThrow()
  const { reference } = await site.owner
    .selectFrom('expulsions.measure')
    .select('reference')
    .where('id', '=', measure_id)
    .executeTakeFirstOrThrow()
  expect(await leaves(`/en/work/expulsions/questions/${known.question}`, 'consul')).toEqual(
    await look('consul', await ofMeasure(reference), 'notice'),
  )
  const path = `/en/work/proceedings/${known.proceeding}`
  for (const page of [path, `${path}/appeal`])
    expect([page, await leaves(page, 'consul')]).toEqual([page, await look('consul', await ofProceeding(), 'help')])
})

test('a list of many is audited as one; what names one person alone stands in their own log', async () => {
  const path = `/en/work/expulsions/${known.batch}`
  expect(await leaves(path, 'consul')).toEqual([])
  expect(await leaves(`${path}?after=3`, 'consul')).toHaveLength(1)
  // One proceeding alone is listed here.
  expect(await leaves('/en/work/proceedings', 'consul')).toEqual(await look('consul', await ofProceeding(), 'help'))
  const lines = await site.owner.selectFrom('audit.entry').select(['action', 'details']).execute()
  expect(lines.filter(({ action }) => action === 'expulsion.open')).toHaveLength(2)
  expect(lines.filter(({ action }) => action === 'proceeding.list').map(({ details }) => details)).toEqual([
    { rows: 1 },
  ])
})

test('the person reads it at a desk; it opens nothing in the registry, where nobody chose that purpose', async () => {
  const person = await ofMeasure(known.measure)
  const { organisation_id } = await site.actor('consul')
  const officer = await member(site, 'registry_officer', organisation_id)
  const asOfficer = <T>(act: (ctx: ReturnType<TestApp['ctx']>) => Promise<T>) =>
    withActor(site.db, officer, (db) => act(site.ctx({ actor: officer, db })), NOW)
  const { lines } = await asOfficer((ctx) => ownLog(ctx, person, { limit: 50 }))
  expect(lines.map(({ organisation, why, what }) => [organisation, why, what])).toContainEqual([
    ...['Office of notice_recipient', 'A notice or list', 'a case about them opened'],
  ])
  await site.owner.updateTable('people.lookup').set({ actor_id: officer.user_id }).execute()
  expect(await asOfficer((ctx) => coveringLookup(ctx, person))).toBeUndefined()
})
