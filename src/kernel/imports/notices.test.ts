import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { vacanciesImport } from '../../modules/vacancies/import.ts'
import { withActor } from '../access/transaction.ts'
import type { StaffActor } from '../context.ts'
import type { JobCtx } from '../jobs/job.ts'
import { countUnread, listNotifications } from '../notifications/inbox.ts'
import { approveImport, getImport, startImport } from './imports.ts'
import { importJobs } from './jobs.ts'

let site: TestApp
let officer: StaffActor
beforeAll(async () => {
  site = await testApp()
  officer = await site.actor('vacancy_officer')
})
afterAll(() => site.drop())

const as = <T>(fn: (ctx: ReturnType<TestApp['ctx']>) => Promise<T>) =>
  withActor(site.db, officer, (db) => fn(site.ctx({ actor: officer, db })))
const job = (): JobCtx => ({
  ...site.ctx({ actor: { kind: 'system', task: 'test' }, db: site.owner }),
  run_id: null,
  signal: new AbortController().signal,
  report: async () => {},
})
const begin = (content: string) =>
  as((ctx) => startImport(ctx, vacanciesImport, { name: 'adverts.csv', bytes: Buffer.from(content) }, null))
const news = async () =>
  (await as((ctx) => listNotifications(ctx, { limit: 20 }))).items.filter(({ read_at }) => !read_at)
const run = (task: string, id: string) => importJobs[task]!.run(job(), { id })

test('whoever brought a file is told when it waits for them and when it is done; looking at it is reading', async () => {
  const id = await begin('title;country\nШвея;RU\n')
  await run('imports.read', id)
  await run('imports.read', id) // taken again after an interruption: tells nothing new
  expect(await news()).toMatchObject([
    { message_key: 'imports.notice.mapping', message_values: { file: 'adverts.csv' }, href: `/work/imports/${id}` },
  ])
  await site.ask(`/en/work/imports/${id}`, { as: 'vacancy_officer' })
  expect(await news()).toEqual([])

  await site.owner.updateTable('imports.import').set({ state: 'checking' }).where('id', '=', id).execute()
  await run('imports.check', id)
  expect(await news()).toMatchObject([{ message_key: 'imports.notice.checked' }])
  await as(async (ctx) => approveImport(ctx, await getImport(ctx, id)))
  await run('imports.apply', id)
  expect((await news()).map(({ message_key }) => message_key).sort()).toEqual([
    'imports.notice.checked',
    'imports.notice.done',
  ])
  await site.ask(`/en/work/imports/${id}`, { as: 'vacancy_officer' })
  expect(await as(countUnread)).toBe(0)
})

test('a file that cannot be read is told, and so is a fault of ours', async () => {
  const id = await begin('\u0000\u0001\u0002')
  await run('imports.read', id)
  expect(await news()).toMatchObject([{ message_key: 'imports.notice.failed' }])
  const other = await begin('title;country\nШвея;RU\n')
  await importJobs['imports.read']!.failed!(job(), { id: other })
  expect((await news()).map(({ message_key }) => message_key).sort()).toEqual([
    'imports.notice.failed',
    'imports.notice.fault',
  ])
})
