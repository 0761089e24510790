import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { withActor } from '../access/transaction.ts'
import { LANGUAGES } from '../i18n/languages.ts'
import { ROOT } from '../root.ts'
import { audit } from './audit.ts'
import { sealEntries } from './chain.ts'

let site: TestApp
const ask = (query = '') => site.ask(`/en/work/audit${query}`, { as: 'auditor' })

beforeAll(async () => {
  site = await testApp()
  const actor = await site.actor('auditor')
  await withActor(site.db, actor, async (db) => {
    for (let i = 1; i <= 60; i++) await audit({ actor, db }, 'audit.export', { type: 'thing', id: `T${i}` }, { row: i })
  })
  await audit({ actor: { kind: 'visitor' }, db: site.db }, 'session.refuse', undefined, { reason: 'password' })
  await sealEntries(site.owner)
})
afterAll(() => site.drop())

test('only who may read the audit reads it, and a denial stands in it', async () => {
  expect((await site.ask('/en/work/audit')).status).toBe(303)
  expect((await site.ask('/en/work/audit', { as: 'adviser' })).status).toBe(403)
  expect((await site.ask('/en/work/audit.csv', { as: 'administrator' })).status).toBe(403)
  const denied = await site.owner
    .selectFrom('audit.entry')
    .select('details')
    .where('action', '=', 'access.deny')
    .execute()
  expect(denied).toEqual([{ details: { permission: 'audit.read' } }, { details: { permission: 'audit.read' } }])
})

test('the list says how far the chain reaches, newest first, page by page', async () => {
  const first = await (await ask()).text()
  expect(first).toMatch(/Sealed up to line \d+\./)
  expect(first).toContain('thing T60')
  expect(first).not.toContain('thing T1<')
  const next = /href="(\/en\/work\/audit\?before=\d+)"/.exec(first)![1]!
  const second = await (await site.ask(next, { as: 'auditor' })).text()
  expect(second).toContain('thing T1<')
  expect(second).not.toContain('thing T60')
})

test('it can be narrowed to an act, a person and a day', async () => {
  const { user_id } = await site.actor('auditor')
  const today = site.ctx().format.date(Temporal.Now.instant())
  const [{ at }] = (await site.owner.selectFrom('audit.entry').select('at').limit(1).execute()) as [
    { at: Temporal.Instant },
  ]
  const day = at.toZonedDateTimeISO('Asia/Dushanbe').toPlainDate()
  const rows = async (query: string) => (await (await ask(query)).text()).match(/<tbody>.*<\/tbody>/s)?.[0] ?? ''
  expect(await rows('?action=session.refuse')).toContain('reason: password')
  expect(await rows('?action=session.refuse')).not.toContain('thing T')
  expect(await rows(`?actor=${user_id}`)).not.toContain('A visitor')
  expect(await rows(`?day_day=${day.day}&day_month=${day.month}&day_year=${day.year}`)).toContain(
    today.split('\u00a0')[1]!,
  )
  expect(await rows('?day=2001-01-01')).toBe('')
  expect((await rows('?subject=thing+T7')).match(/<tr>/g)).toHaveLength(1)
})

test.each([
  '?before=x',
  '?day=never',
  '?day=0000-01-01',
  '?day=%2B275760-09-13',
  '?day=2026-02-30',
  '?before=999999999999999999',
  '?subject=%00',
  '?day_day=99&day_month=99&day_year=1',
  '?actor=1',
  "?action=';drop",
  '?action=a&action=b',
])('%s is not an error', async (query) => {
  expect((await ask(query)).status).toBe(200)
})

test('the file holds the same lines, and no formula', async () => {
  const response = await site.ask('/en/work/audit.csv?action=audit.export', { as: 'auditor' })
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  const lines = (await response.text()).trim().split('\r\n')
  expect(lines[0]).toMatch(/Line,When,Who,Act,Code of the act,To what,Details$/)
  expect(lines).toHaveLength(1 + 60)
  expect(lines.filter((line) => /(^|,)"?[=+@-]/.test(line))).toEqual([])
})

test('every act of these parts has words in every language', () => {
  const sources = globSync('src/kernel/{access,audit,organisations}/**/*.{ts,tsx}', { cwd: ROOT }).filter(
    (file) => !/\.test\./.test(file),
  )
  const acts = new Set(
    sources.flatMap((file) =>
      [
        ...readFileSync(join(ROOT, file), 'utf8').matchAll(/\b(?:audit|note)\(\s*(?:ctx|\{[^}]*\}),\s*'([a-z_.]+)'/g),
      ].map(([, act]) => act!),
    ),
  )
  expect(acts.size).toBeGreaterThan(10)
  for (const lang of LANGUAGES) {
    const known = [...site.platform.catalogue[lang].keys()]
    expect([...acts].filter((act) => !known.some((key) => key.endsWith(`.audit.${act}`)))).toEqual([])
  }
})
