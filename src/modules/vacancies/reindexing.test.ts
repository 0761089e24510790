import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '#kernel/ids.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { fold } from '#kernel/search/fold.ts'
import { readWords } from '#kernel/search/vocabulary.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { bring } from './fixtures/bring.ts'
import { searchListings } from './listings.ts'
import { learnWords, reindexJob, startReindexing } from './reindexing.ts'

// More than are read at once.
const ADVERTS = 250
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

describe('when people call a trade by a new name', () => {
  const TITLE = 'Бякальщик'
  const brought: Record<string, string> = {}
  const vacancy = async (name: string) =>
    database.owner
      .selectFrom('vacancies.vacancy')
      .select(['isco', 'isco_by'])
      .where('id', '=', brought[name]!)
      .executeTakeFirstOrThrow()
  const waits = async (name: string) =>
    (
      await database.owner
        .selectFrom('vacancies.review')
        .select('reason')
        .where('vacancy_id', '=', brought[name]!)
        .where('decision', 'is', null)
        .execute()
    ).map(({ reason }) => reason)
  const setTerms = async (term: string | null) => {
    await sql`delete from occupations.term where term = ${fold(TITLE)}`.execute(database.owner)
    if (term)
      await sql`insert into occupations.term (isco, lang, term, folded, source, reviewed)
        values (${term}, 'ru', ${fold(TITLE)}, ${fold(TITLE)}, 'own', false)`.execute(database.owner)
    await sql`update lists.version set checksum = ${`${term} of this test`} where list = 'occupations'`.execute(
      database.owner,
    )
  }

  test('adverts that nobody mapped are mapped by it, held ones too, and leave the queue', async () => {
    for (const name of ['public', 'held', 'officer', 'seen'])
      brought[name] = await bring(database, { title: TITLE, country: 'RU' }, name)
    expect(await waits('public')).toEqual(['occupation'])
    const officer = newId()
    await sql`insert into access.user_account (id, email, name, locale, created_at)
      values (${officer}, 'officer@example.tj', 'Officer', 'tg', now())`.execute(database.owner)
    const change = (name: string, to: object) =>
      database.owner.updateTable('vacancies.vacancy').set(to).where('id', '=', brought[name]!).execute()
    await change('held', { state: 'held' })
    await database.owner.deleteFrom('vacancies.listing').where('vacancy_id', '=', brought.held!).execute()
    await change('officer', { isco: '5120', isco_by: 'officer' })
    await database.owner
      .updateTable('vacancies.review')
      .set({ decision: 'publish', decided_at: Temporal.Now.instant(), decided_by: officer })
      .where('vacancy_id', '=', brought.seen!)
      .execute()
    await setTerms('7212')
    await startReindexing(database.owner)
    await run()
    expect(await vacancy('public')).toEqual({ isco: '7212', isco_by: 'text' })
    expect(await vacancy('held')).toEqual({ isco: '7212', isco_by: 'text' })
    expect([await waits('public'), await waits('held')]).toEqual([[], []])
    const { items } = await searchListings(database.ctx(), { q: 'сварщик', limit: 5 })
    expect(items.filter(({ isco }) => isco === '7212').map(({ vacancy_id }) => vacancy_id)).toEqual([brought.public])
  })

  test('what an officer mapped or decided on stays as it is', async () => {
    expect(await vacancy('officer')).toEqual({ isco: '5120', isco_by: 'officer' })
    expect(await vacancy('seen')).toEqual({ isco: null, isco_by: null })
  })

  test('and what is no longer sure comes back to the queue', async () => {
    await setTerms(null)
    await run()
    expect(await vacancy('public')).toEqual({ isco: null, isco_by: null })
    expect(await waits('public')).toEqual(['occupation'])
  })
})

test('the words of titles and employers are learnt, and are no slips from then on', async () => {
  await bring(database, { title: 'Бармен', country: 'RU', employer_name: 'ООО «Сайр-Транс»' }, 'employer')
  await learnWords(database.ctx({ db: database.owner }))
  const { known } = await readWords(database.ctx(), ['саир', 'сайр', 'транс'])
  expect([...known]).toEqual(['сайр', 'транс'])
  const learnt = await database.owner
    .selectFrom('search.word')
    .select(['word', 'frequency'])
    .where('source', '=', 'vacancies')
    .orderBy('word')
    .execute()
  expect(learnt).toContainEqual({ word: 'витражей', frequency: ADVERTS / 2 })
})
