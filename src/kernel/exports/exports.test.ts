import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Excel from 'exceljs'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import type { StaffActor } from '../context.ts'
import { reapFiles } from '../files/reap.ts'
import { startWorker } from '../jobs/worker.ts'
import { fromCursor } from './cursor.ts'

let site: TestApp
let auditor: StaffActor
const dataFolder = mkdtempSync(join(tmpdir(), 'hamsafar-exports-'))

const LINES = 6_000

beforeAll(async () => {
  site = await testApp()
  Object.assign(site.platform.config, { HAMSAFAR_DATA: dataFolder })
  auditor = await site.actor('auditor')
  await lines(LINES, auditor)
  await lines(50, await site.actor('vacancy_officer'), 'other')
})
afterEach(() => stop?.())
afterAll(async () => {
  await site?.drop()
  rmSync(dataFolder, { recursive: true })
})

const lines = (count: number, { user_id, organisation_id }: StaffActor, what = 'thing') =>
  sql`
    insert into audit.entry (actor_kind, actor_id, organisation_id, action, subject_type, subject_id)
    select 'staff', ${user_id}::uuid, ${organisation_id}::uuid, 'test.done', ${what}::text, 'N' || n
    from generate_series(1, ${count}::int) n`.execute(site.owner)

let stop: (() => Promise<void>) | undefined
async function work() {
  const worker = await startWorker({
    connection: { connectionString: site.ownerUrl },
    tasks: Object.assign({}, ...site.platform.parts.map((part) => part.jobs)),
    cron: [],
    log: silentLog,
    context: (task) => site.ctx({ actor: { kind: 'system', task }, db: site.owner }),
    app: site.db,
  })
  stop = async () => {
    stop = undefined
    await worker.stop()
  }
}

const ask = (path: string, options: Parameters<TestApp['ask']>[1] = {}) => site.ask(path, { as: 'auditor', ...options })
const long = async (path: string) => {
  const response = await ask(path, { form: {} })
  expect(response.status).toBe(303)
  const place = response.headers.get('location')!
  expect(place).toMatch(/^\/en\/work\/exports\/[0-9a-f-]{36}$/)
  return place
}
const becomes = (place: string, words: string) =>
  vi.waitUntil(async () => (await (await ask(place)).text()).includes(words), { timeout: 15_000, interval: 100 })
const acts = async () => {
  const rows = await site.owner
    .selectFrom('audit.entry')
    .select(['action', 'details'])
    .where('action', '!=', 'test.done')
    .orderBy('id')
    .execute()
  return rows.map(({ action, details }) => `${action} ${JSON.stringify(details)}`)
}

test('a short list comes at once, as CSV and as a workbook, and stands in the audit', async () => {
  const csv = await ask('/en/work/audit.csv?subject=thing N7')
  expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="Audit_\d{4}-\d\d-\d\d\.csv"/)
  expect((await csv.text()).trim().split('\r\n')).toHaveLength(2)
  const xlsx = await ask('/en/work/audit.xlsx?subject=thing N7')
  const workbook = new Excel.Workbook()
  await workbook.xlsx.load((await xlsx.arrayBuffer()) as never)
  expect(workbook.worksheets[0]!.rowCount).toBe(2)
  expect(await acts()).toEqual(['audit.export {"rows":1,"format":"csv"}', 'audit.export {"rows":1,"format":"xlsx"}'])
})

test('a link to a long one begins nothing: it offers', async () => {
  const path = '/en/work/audit.csv?action=test.done'
  const before = await acts()
  const response = await ask(path)
  expect([response.status, response.headers.get('content-disposition')]).toEqual([200, null])
  const page = await response.text()
  expect(page).toContain('more than 5,000 rows')
  expect(page).toMatch(/<form method="post" action="\/en\/work\/audit\.csv\?action=test\.done">/)
  expect(await site.owner.selectFrom('exports.export').select('id').execute()).toEqual([])
  expect(await acts()).toEqual(before)
  // What became short meanwhile comes at once.
  const short = await ask('/en/work/audit.csv?subject=thing+N7', { form: {} })
  expect(short.headers.get('location')).toBe('/en/work/audit.csv?subject=thing+N7')
})

test('a long one is made by a job, left and found again, saved, and forgotten after a day', async () => {
  const place = await long('/en/work/audit.csv?action=test.done')
  expect(await long('/en/work/audit.csv?action=test.done')).toBe(place)
  const waiting = await (await ask(place)).text()
  expect(waiting).toContain('waiting for its turn')
  expect(waiting).toContain(`<live-progress src="${place}"`)
  expect((await ask(`${place}/file`)).status).toBe(404)

  await work()
  await becomes(place, '6,000 rows are ready.')
  expect(await (await ask('/en/work/exports')).text()).toContain(place)

  const told = () =>
    site.owner.selectFrom('notifications.notification').select(['href', 'user_id', 'read_at']).execute()
  await vi.waitUntil(async () => (await told()).length === 1)
  await ask(place)
  expect(await told()).toEqual([
    { href: place.slice('/en'.length), user_id: auditor.user_id, read_at: expect.anything() },
  ])

  const file = await ask(`${place}/file`)
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(file.headers.get('cache-control')).toBe('no-store')
  const rows = (await file.text()).trim().split('\r\n')
  // The lines of the own organisation only, though a job made the table.
  expect(rows).toHaveLength(1 + LINES)
  expect(rows.filter((row) => row.includes('other'))).toEqual([])
  expect((await acts()).slice(-3)).toEqual([
    'export.start {"kind":"audit.lines","format":"csv"}',
    `audit.export {"rows":${LINES},"format":"csv"}`,
    'export.download {"kind":"audit.lines"}',
  ])

  for (const as of ['vacancy_officer', 'administrator'] as const) {
    expect((await ask(place, { as })).status).toBe(404)
    expect((await ask(`${place}/file`, { as })).status).toBe(404)
  }
  for (const table of ['exports.export', 'files.file'] as const)
    await site.owner.updateTable(table).set({ expires_at: NOW }).execute()
  expect((await ask(place)).status).toBe(404)
  expect((await ask(`${place}/file`)).status).toBe(404)
  await reapFiles(site.ctx({ db: site.owner }))
  expect(await site.owner.selectFrom('files.file').select('id').execute()).toEqual([])
})

test('whoever lost the right meanwhile gets nothing; who stops it, too', async () => {
  const place = await long('/en/work/audit.xlsx?action=test.done')
  const stopped = await long('/en/work/audit.csv')
  await ask(`${stopped}/cancellation`, { form: {} })
  const { membership_id } = await site.owner
    .selectFrom('access.membership')
    .select('id as membership_id')
    .where('user_id', '=', auditor.user_id)
    .executeTakeFirstOrThrow()
  const role = site.owner.updateTable('access.membership_role').where('membership_id', '=', membership_id)
  await role.set({ role: 'vacancy_officer' }).execute()
  await work()
  await vi.waitUntil(
    async () => {
      const run = await site.owner.selectFrom('jobs.run').select('error').where('error', 'is not', null).execute()
      return run.length > 0
    },
    { timeout: 15_000 },
  )
  await stop!()
  await role.set({ role: 'auditor' }).execute()
  expect(await (await ask(place)).text()).not.toContain('ready')
  expect(await (await ask(stopped)).text()).toContain('You stopped this export.')
  expect((await ask(`${stopped}/file`)).status).toBe(404)
})

test('three at once, no more', async () => {
  await site.owner.updateTable('jobs.run').set({ state: 'cancelled', finished_at: NOW }).execute()
  for (const n of [1, 2, 3]) await long(`/en/work/audit.csv?action=test.done&n=${n}`)
  const refused = await ask('/en/work/audit.csv?action=test.done&n=4', { form: {} })
  expect(refused.status).toBe(429)
  expect(await refused.text()).toContain('Three tables are already being made')
})

test('a cursor brings every row, a thousand at a time', async () => {
  await site.owner.transaction().execute(async (db) => {
    const query = db.selectFrom('audit.entry').select('id').where('action', '=', 'test.done').orderBy('id')
    const rows = await Array.fromAsync(fromCursor(db, query))
    expect(rows).toEqual(await query.execute())
    expect(rows.length).toBe(LINES + 50)
  })
})

test('what everybody may take comes at once, in both formats', async () => {
  for (const format of ['csv', 'xlsx']) {
    const response = await site.ask(`/ru/vacancies.${format}?q=сварщик`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-disposition')).toContain(`.${format}`)
  }
})
