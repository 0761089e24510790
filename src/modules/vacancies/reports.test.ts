import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withActor } from '#kernel/access/transaction.ts'
import type { Ctx } from '#kernel/context.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { decideReview, undoDecision } from './decisions.ts'
import { bring } from './fixtures/bring.ts'
import { reportOutcome, reportSuspicion } from './reports.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app?.drop())

let number = 0
async function advert(): Promise<string> {
  const id = await bring(app, { title: 'Сварщик', country: 'RU' }, `o${number++}`)
  const { reference } = await app.owner
    .selectFrom('vacancies.vacancy')
    .select('reference')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return reference
}
const visitor = <T>(act: (ctx: Ctx) => Promise<T>, now = NOW) =>
  withActor(app.db, { kind: 'visitor' }, (db) => act(app.ctx({ db, now })), now)
const officer = async <T>(act: (ctx: Ctx) => Promise<T>, now = NOW.add({ hours: 1 })) => {
  const actor = await app.actor('vacancy_officer')
  return withActor(app.db, actor, (db) => act(app.ctx({ actor, db, now })), now)
}
const report = (reference: string, now = NOW) =>
  visitor((ctx) => reportSuspicion(ctx, reference, { reason: 'fee', wants_outcome: true }), now)
const outcome = (code: string | null) => visitor((ctx) => reportOutcome(ctx, code!))
const decide = (reference: string, decision: 'publish' | 'reject', now = NOW.add({ hours: 1 })) =>
  officer((ctx) => decideReview(ctx, reference, { decision, isco: null, note: null }), now)

test('a code tells that an officer still checks, then what was decided, and after undoing that it is checked again', async () => {
  const reference = await advert()
  const code = await report(reference)
  expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/)
  expect(await outcome(code)).toMatchObject({ decision: null, reported_at: NOW, due_at: NOW.add({ hours: 24 }) })
  await decide(reference, 'reject')
  expect(await outcome(code)).toMatchObject({ decision: 'reject', decided_at: NOW.add({ hours: 1 }) })
  await officer((ctx) => undoDecision(ctx, reference))
  expect(await outcome(code)).toMatchObject({ decision: null })
  await decide(reference, 'publish', NOW.add({ hours: 2 }))
  expect(await outcome(code!.toLowerCase().replaceAll('-', ' '))).toMatchObject({ decision: 'publish' })
})

test('each report is told of the decision that was about it', async () => {
  const reference = await advert()
  const first = await report(reference)
  await decide(reference, 'publish')
  const second = await report(reference, NOW.add({ hours: 5 }))
  expect(await outcome(first)).toMatchObject({ decision: 'publish' })
  expect(await outcome(second)).toMatchObject({ decision: null })
  await decide(reference, 'reject', NOW.add({ hours: 6 }))
  expect(await outcome(first)).toMatchObject({ decision: 'publish' })
  expect(await outcome(second)).toMatchObject({ decision: 'reject' })
})

test('the code is kept nowhere, only its digest; without asking there is none', async () => {
  const reference = await advert()
  const code = (await report(reference))!
  expect(await visitor((ctx) => reportSuspicion(ctx, reference, { reason: 'false' }))).toBeNull()
  const { rows } = await sql<{ found: boolean }>`
    select to_jsonb(p)::text ilike ${`%${code}%`} or to_jsonb(p)::text ilike ${`%${code.replaceAll('-', '')}%`} as found
    from vacancies.report p`.execute(app.owner)
  expect(rows.some(({ found }) => found)).toBe(false)
  for (const wrong of ['', '2222-2222-2222', code.slice(0, -1), `${code}2`, reference, "'; --"])
    expect(await outcome(wrong)).toBeNull()
})

test('from the form to the page that tells; no code stands in an address there', async () => {
  const reference = await advert()
  const sent = await app.ask(`/en/vacancies/${reference}/report`, { form: { reason: 'fee', wants_outcome: 'yes' } })
  const next = sent.headers.get('location')!
  const code = new URL(next, 'http://x').searchParams.get('code')!
  const thanks = await app.ask(next)
  expect(thanks.headers.get('cache-control')).toBe('no-store')
  expect(await thanks.text()).toContain(code)
  const told = await app.ask('/en/report-outcome', { form: { code } })
  expect([told.status, told.headers.get('cache-control')]).toEqual([200, 'no-store'])
  const page = await told.text()
  expect(page).toContain('An officer is still checking')
  // Whoever finds the code learns neither the advert nor the words.
  expect(page).not.toContain(reference)
  expect(page).not.toContain('Сварщик')
  const none = await app.ask('/en/report-outcome', { form: { code: '2222' } })
  expect([none.status, (await none.text()).includes('There is no such code')]).toEqual([422, true])
  const plain = await app.ask(`/en/vacancies/${reference}/report`, { form: { reason: 'fee' } })
  expect(plain.headers.get('location')).toBe(`/en/vacancies/${reference}/reported`)
})
