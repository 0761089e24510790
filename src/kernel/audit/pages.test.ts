import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { sealAll } from '../../../test/audit.ts'
import { withActor } from '../access/transaction.ts'
import { LANGUAGES } from '../i18n/languages.ts'
import { ROOT } from '../root.ts'
import { audit } from './audit.ts'

let site: TestApp
const ask = (query = '') => site.ask(`/en/work/audit${query}`, { as: 'auditor' })

beforeAll(async () => {
  site = await testApp()
  const actor = await site.actor('auditor')
  await withActor(site.db, actor, async (db) => {
    for (let i = 1; i <= 60; i++) await audit({ actor, db }, 'audit.export', { type: 'thing', id: `T${i}` }, { row: i })
  })
  await audit({ actor: { kind: 'visitor' }, db: site.db }, 'session.refuse', undefined, { reason: 'password' })
  await sealAll(site.owner)
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
  expect(await rows('?action=session.refuse')).toContain('reason: wrong password')
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

test('acts, things and details stand in the reader’s words; the file keeps the codes', async () => {
  const actor = await site.actor('auditor')
  const id = '0192f0c1-0000-7000-8000-00000000abcd'
  await withActor(site.db, actor, async (db) => {
    const ctx = { actor, db }
    await audit(ctx, 'vacancy.undo', { type: 'vacancy', id }, { before: 'withdrawn', isco: '7212' })
    await audit(ctx, 'vacancy.hold', { type: 'vacancy', id }, { reason: 'military' })
    await audit(ctx, 'import.start', { type: 'import', id }, { kind: 'vacancies', bytes: 12_345 })
    await audit(ctx, 'import.resume', { type: 'import', id }, { state: 'reading' })
    await audit(ctx, 'user.set_roles', { type: 'user', id: actor.user_id }, { organisation: id, role_adviser: true })
    await audit(ctx, 'search.find', undefined, { in_imports: true, hits: 3 })
    await audit(ctx, 'export.start', { type: 'export', id }, { kind: 'audit.lines', format: 'csv' })
    await audit(ctx, 'user.set_locale', undefined, { locale: 'tg', odd_key: 'odd.value' })
  })
  const told = async (lang: string, thing: string) => {
    const html = await (await site.ask(`/${lang}/work/audit?${thing}`, { as: 'auditor' })).text()
    return [...html.matchAll(/<tr><th scope="row">.*?<\/tr>/gs)].map(([row]) =>
      [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell]) => cell!.replace(/<[^>]+>/g, '')).slice(1, 4),
    )
  }
  expect(await told('ru', `subject=vacancy+${id}`)).toEqual([
    ['Задержано объявление', 'Объявление …0000abcd', 'причина: Похоже на военную службу'],
    ['Отменено решение', 'Объявление …0000abcd', 'ISCO: 7212, было: Снята'],
  ])
  expect(await told('en', `subject=import+${id}`)).toEqual([
    ['Took an import up again', 'Import …0000abcd', 'state: being read'],
    ['Brought a file', 'Import …0000abcd', 'what: Vacancies, bytes: 12,345'],
  ])
  expect(await told('en', 'action=user.set_roles')).toEqual([
    ['Gave roles', 'Account Test auditor', 'organisation: …0000abcd, Adviser'],
  ])
  expect(await told('tg', 'action=search.find')).toEqual([['Ҷустуҷӯ кард', '–', 'ёфт шуд: 3, Боркуниҳо']])
  expect(await told('en', 'action=export.start')).toEqual([
    ['Asked for a long export', 'Export …0000abcd', 'what: Audit, as: csv'],
  ])
  expect(await told('en', 'action=user.set_locale')).toEqual([
    ['Changed language', '–', 'language: Тоҷикӣ, odd_key: odd.value'],
  ])
  const file = await (await site.ask(`/ru/work/audit.csv?subject=vacancy+${id}`, { as: 'auditor' })).text()
  expect(file).toContain('before: withdrawn')
})

test('every act has words in every language, and they begin alike', () => {
  const sources = globSync('src/**/*.{ts,tsx}', { cwd: ROOT })
    .filter((file) => !/\.test\.|fixtures\//.test(file))
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  const acts = new Set(
    sources.flatMap((text) =>
      [
        ...text.matchAll(/\b(?:audit|note)\(\s*(?:\w+|\{[^}]*\}),\s*([^{]*?)(?:,\s*[{\w]|\))|\bact: ('[a-z_.]+')/g),
      ].flatMap(([, act, exported]) =>
        [...(act ?? exported!).matchAll(/'([a-z_]+\.[a-z_.]+)'/g)].map(([, code]) => code!),
      ),
    ),
  )
  for (const act of ['vacancy.publish', 'vacancy.reject', 'vacancy.import', 'rate.import', 'import.map', 'user.export'])
    expect(acts).toContain(act)
  for (const lang of LANGUAGES) {
    const known = [...site.platform.catalogue[lang]].filter(([key]) => /^\w+\.audit\.(?!detail\.)/.test(key))
    const named = new Set(known.map(([key]) => key.replace(/^\w+\.audit\./, '')))
    expect([...acts].filter((act) => !named.has(act))).toEqual([])
    expect(known.filter(([, text]) => !/^\p{Lu}/u.test(text))).toEqual([])
  }
})
