import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { bring } from './fixtures/bring.ts'
import { searchListings } from './listings.ts'
import { reindexJob, startReindexing } from './reindexing.ts'

const ADVERTS = 450
let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  for (let i = 0; i < ADVERTS; i++)
    await bring(database, { title: i % 2 ? 'Монтажник витражей' : 'Бармен-официант', country: 'RU' }, `r${i}`)
})
afterAll(() => database.drop())

const grow = () =>
  sql`update vacancies.listing set document_version = 'older', title_words = '', document = '', other_trades = '{}'`.execute(
    database.owner,
  )
const behind = async () => {
  const { rows } = await sql<{ number: number }>`
    select count(*)::int as number from vacancies.listing where document_version = 'older'`.execute(database.owner)
  return rows[0]!.number
}
const waiting = async () =>
  (await database.owner.selectFrom('jobs.run').select('task').where('state', '=', 'queued').execute()).length
const run = (report: JobCtx['report'] = async () => {}) => {
  const system = database.ctx({ db: database.owner, actor: { kind: 'system', task: 'vacancies.reindex' } })
  return reindexJob.run({ ...system, run_id: null, signal: new AbortController().signal, report }, {})
}
const found = async (q: string) =>
  (await searchListings(database.ctx(), { q, literal: true, limit: 1000 })).items.length

test('nothing is begun while all listings follow the present rules, and one job where some do not', async () => {
  await startReindexing(database.owner)
  expect(await waiting()).toBe(0)
  await grow()
  await startReindexing(database.owner)
  await startReindexing(database.owner)
  expect(await waiting()).toBe(1)
})

test('an interrupted run keeps what it did; the next one goes on and finds everything again', async () => {
  await grow()
  expect([await found('витраж'), await found('официант')]).toEqual([0, 0])
  const reports: number[] = []
  await expect(
    run(async ({ done }) => {
      reports.push(done!)
      if (done! > 0) throw new Error('interrupted')
    }),
  ).rejects.toThrow('interrupted')
  expect(reports).toEqual([0, 200])
  expect(await behind()).toBe(ADVERTS - 200)
  await run()
  expect(await behind()).toBe(0)
  expect([await found('витраж'), await found('официант')]).toEqual([ADVERTS / 2, ADVERTS / 2])
})

test('the words of titles are learnt, and are no slips from then on', async () => {
  const learnt = await database.owner
    .selectFrom('search.word')
    .select(['word', 'frequency'])
    .where('source', '=', 'vacancies')
    .orderBy('word')
    .execute()
  expect(learnt).toContainEqual({ word: 'витражей', frequency: 225 })
})
