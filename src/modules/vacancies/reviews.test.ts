import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withActor } from '#kernel/access/transaction.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { type Decision, decideReview, undoDecision } from './decisions.ts'
import { bring } from './fixtures/bring.ts'
import { reportSuspicion } from './reports.ts'
import { reviewQueue } from './reviews.ts'
import type { Cells } from './sources/read-advert.ts'
import { getPublicVacancy } from './vacancies.ts'

let app: TestApp
let officer: Actor
beforeAll(async () => {
  app = await testApp()
  officer = await app.actor('vacancy_officer')
})
afterAll(() => app.drop())

const SURE = { title: 'Сварщик', country: 'RU' }
const UNSURE = { title: 'Универсал на все руки', country: 'RU' }
const MILITARY = { title: 'Стрелок', country: 'RU', duties: 'Контракт с Министерством обороны.' }

let number = 0
/** Lets an advert come in, or come in again with other words. */
const come = async (cells: Cells, source_id = `r${number++}`) => vacancy(await bring(app, cells, source_id))

const vacancy = (id: string) =>
  app.owner.selectFrom('vacancies.vacancy').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** As a request would: one transaction on the app's role, in which the database knows who acts. */
const as = <T>(actor: Actor, act: (ctx: Ctx) => Promise<T>, now = NOW) =>
  withActor(app.db, actor, (db) => act(app.ctx({ actor, db, now })), now)
const VISITOR: Actor = { kind: 'visitor' }

const report = (reference: string, now = NOW) =>
  as(VISITOR, (ctx) => reportSuspicion(ctx, reference, { reason: 'fee', story: 'They want money.' }), now)
const decide = (reference: string, decision: Decision, now = NOW) =>
  as(officer, (ctx) => decideReview(ctx, reference, decision), now)
const undo = (reference: string, now = NOW) => as(officer, (ctx) => undoDecision(ctx, reference), now)
const reject: Decision = { decision: 'reject', isco: null, note: null }
const publish: Decision = { decision: 'publish', isco: null, note: null }

/** All that the public and the queue see of an advert. */
async function standing(id: string) {
  const listed = await app.owner.selectFrom('vacancies.listing').selectAll().where('vacancy_id', '=', id).execute()
  const closure = await app.owner.selectFrom('vacancies.closure').selectAll().where('vacancy_id', '=', id).execute()
  const open = await app.owner
    .selectFrom('vacancies.review')
    .select(['reason', 'evidence', 'opened_at', 'due_at'])
    .where('vacancy_id', '=', id)
    .where('decision', 'is', null)
    .orderBy('reason')
    .execute()
  const { last_seen_at: _, ...row } = await vacancy(id)
  // When it was put there, and last renewed, is no part of what is seen of it.
  const listing = listed.map(({ changed_at: _at, listed_at: _since, ...seen }) => seen)
  return { row, listing, closure, open }
}

const STARTS: Record<string, () => Promise<{ id: string; reference: string }>> = {
  'a reported one': async () => {
    const advert = await come(SURE)
    await report(advert.reference, NOW.subtract({ hours: 5 }))
    return advert
  },
  'an unclear one': () => come(UNSURE),
  'an unclear one that was reported': async () => {
    const advert = await come(UNSURE)
    await report(advert.reference)
    return advert
  },
  'a held one': () => come(MILITARY),
  'one that its source withdrew meanwhile': async () => {
    const advert = await come(UNSURE)
    return come({ ...UNSURE, withdrawn: 'yes' }, advert.source_id)
  },
  'one that was withdrawn and came back as military service': async () => {
    const advert = await come(SURE)
    await come({ ...SURE, withdrawn: 'yes' }, advert.source_id)
    return come(MILITARY, advert.source_id)
  },
}
const decisions = fc.record<Decision>({
  decision: fc.constantFrom('publish', 'reject'),
  isco: fc.constantFrom(null, '7212', '9622'),
  note: fc.constantFrom(null, 'Called them.'),
})

describe('undo', () => {
  test.each(Object.keys(STARTS))('of a decision on %s leaves everything as it was', async (name) => {
    await fc.assert(
      fc.asyncProperty(decisions, async (decision) => {
        const { id, reference } = await STARTS[name]!()
        const before = await standing(id)
        expect(before.open).not.toEqual([])
        await decide(reference, decision)
        expect((await standing(id)).open).toEqual([])
        await undo(reference, NOW.add({ hours: 3 }))
        expect(await standing(id)).toEqual(before)
      }),
      { numRuns: 5 },
    )
  })

  test('keeps the term and the reports of what waits again', async () => {
    const { reference } = await STARTS['a reported one']!()
    const inQueue = () => as(officer, async (ctx) => (await reviewQueue(ctx, { q: reference, limit: 1 })).items[0])
    const before = await inQueue()
    expect(before).toMatchObject({ reports: 1, reasons: ['report'] })
    await decide(reference, reject)
    await undo(reference, NOW.add({ hours: 1 }))
    expect(await inQueue()).toEqual(before)
  })

  test('a second click does not take back an earlier decision', async () => {
    const { id, reference } = await come(MILITARY)
    await decide(reference, publish)
    await report(reference)
    await decide(reference, reject, NOW.add({ minutes: 1 }))
    const clicks = await Promise.allSettled([undo(reference), undo(reference)])
    expect(clicks.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await vacancy(id)).toMatchObject({ state: 'published' })
  })

  test.each([
    ['published', UNSURE, 'withdrawn'],
    ['held', MILITARY, 'rejected'],
  ])('does not bring back what was %s, rejected, and then withdrawn by its source', async (_, cells, state) => {
    const { id, reference, source_id } = await come(cells)
    await decide(reference, reject)
    await come({ ...cells, withdrawn: 'yes' }, source_id)
    await expect(undo(reference)).rejects.toThrow('conflict')
    expect(await vacancy(id)).toMatchObject({ state })
    // Its source offers it again: now the decision may be taken back.
    await come({ ...cells, requirements: 'Опыт от года.' }, source_id)
    expect(await vacancy(id)).toMatchObject({ state })
    await undo(reference)
    expect((await standing(id)).open).not.toEqual([])
  })

  test('does not make public what became military service meanwhile, unless an officer approved of these words', async () => {
    const { id, reference, source_id } = await come(UNSURE)
    await decide(reference, reject)
    await come(MILITARY, source_id)
    await undo(reference, NOW.add({ hours: 1 }))
    expect(await vacancy(id)).toMatchObject({ state: 'held' })
    expect((await standing(id)).open.map(({ reason }) => reason)).toEqual(['military', 'occupation'])
    await decide(reference, publish, NOW.add({ hours: 2 }))
    await report(reference, NOW.add({ hours: 3 }))
    await decide(reference, reject, NOW.add({ hours: 4 }))
    await undo(reference, NOW.add({ hours: 5 }))
    expect(await vacancy(id)).toMatchObject({ state: 'published' })
  })

  test('does not bring back what its source withdrew since', async () => {
    const { id, reference, source_id } = await come(UNSURE)
    await decide(reference, { ...publish, isco: '9622' })
    await come({ ...UNSURE, withdrawn: 'yes' }, source_id)
    await expect(undo(reference)).rejects.toThrow('conflict')
    expect(await vacancy(id)).toMatchObject({ state: 'withdrawn', isco: '9622' })
  })
})

test('of two who decide at once one is told that somebody was faster', async () => {
  const { id, reference } = await STARTS['an unclear one that was reported']!()
  const both = await Promise.allSettled([decide(reference, publish), decide(reference, reject)])
  const failed = both.filter((result) => result.status === 'rejected')
  expect(failed.map(({ reason }) => String(reason.message))).toEqual(['conflict'])
  const reviews = await app.owner
    .selectFrom('vacancies.review')
    .select('decision')
    .distinct()
    .where('vacancy_id', '=', id)
    .execute()
  expect(reviews).toHaveLength(1)
  const acts = await app.owner.selectFrom('audit.entry').select('action').where('subject_id', '=', id).execute()
  expect(acts).toHaveLength(1)
})

test('whatever happens in whatever order, list, address and state say the same', async () => {
  type Step = (advert: { id: string; reference: string; source_id: string }, at: Temporal.Instant) => Promise<unknown>
  const STEPS: Record<string, Step> = {
    report: ({ reference }, at) => report(reference, at),
    publish: ({ reference }, at) => decide(reference, publish, at),
    reject: ({ reference }, at) => decide(reference, { ...reject, isco: '7212' }, at),
    undo: ({ reference }, at) => undo(reference, at),
    renew: ({ source_id }, at) => come({ ...UNSURE, duties: `${at}` }, source_id),
    withdraw: ({ source_id }) => come({ ...UNSURE, withdrawn: 'yes' }, source_id),
    arm: ({ source_id }, at) => come({ ...MILITARY, requirements: `${at}` }, source_id),
  }
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...Object.keys(STEPS)), { minLength: 3, maxLength: 8 }),
      async (steps) => {
        const advert = await come(UNSURE)
        let offered = true
        for (const [i, step] of steps.entries()) {
          await STEPS[step]!(advert, NOW.add({ minutes: i + 1 })).catch((error) => {
            if (!['conflict', 'not_found'].includes(error.message)) throw error
          })
          if (step === 'withdraw') offered = false
          if (step === 'renew' || step === 'arm') offered = true
          const { row, listing, closure, open } = await standing(advert.id)
          if (!offered) expect([step, row.state]).not.toEqual([step, 'published'])
          const shown = await as(VISITOR, (ctx) => getPublicVacancy(ctx, advert.reference)).then(
            () => 'published',
            (error) => error.message,
          )
          expect([step, row.state, listing.length, closure.length, shown]).toEqual(
            row.state === 'published'
              ? [step, 'published', 1, 0, 'published']
              : [step, row.state, 0, ...(row.state === 'withdrawn' ? [1, 'gone'] : [0, 'not_found'])],
          )
          // What is held waits for somebody, once for each reason.
          if (row.state === 'held') expect(open.map(({ reason }) => reason)).toContain('military')
          expect(new Set(open.map(({ reason }) => reason)).size).toBe(open.length)
        }
      },
    ),
    { numRuns: 25 },
  )
}, 240_000)

describe('row policies', () => {
  test('a visitor reads no held advert, review, report or source record, even in plain SQL', async () => {
    const held = await come(MILITARY)
    const listed = await STARTS['a reported one']!()
    const tables = ['vacancy', 'review', 'report', 'source_record'].map((name) => sql.table(`vacancies.${name}`))
    const counts = (actor: Actor) =>
      as(actor, (ctx) =>
        Promise.all(
          tables.map(async (table) => {
            const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${table}`.execute(ctx.db)
            return rows[0]!.n
          }),
        ),
      )
    const [published, ...rest] = await counts(VISITOR)
    expect(published).toBeGreaterThan(0)
    expect(rest).toEqual([0, 0, 0])
    const mine = await counts(officer)
    expect(Math.min(...mine)).toBeGreaterThan(0)
    expect(mine[0]).toBeGreaterThan(published!)
    // The same on the pool without a transaction, as public pages read.
    const seen = await app.db
      .selectFrom('vacancies.vacancy')
      .select(['id', 'state'])
      .where('id', 'in', [held.id, listed.id])
      .execute()
    expect(seen).toEqual([{ id: listed.id, state: 'published' }])
    const states = await app.db.selectFrom('vacancies.vacancy').select('state').distinct().execute()
    expect(states).toEqual([{ state: 'published' }])
    expect(await app.db.selectFrom('vacancies.review').select('id').execute()).toEqual([])
  })

  test('a role without the permission decides nothing, also past the code', async () => {
    const { id, reference } = await come(MILITARY)
    for (const role of ['auditor', 'adviser', 'administrator'] as const) {
      const actor = await app.actor(role)
      await expect(as(actor, (ctx) => decideReview(ctx, reference, publish))).rejects.toThrow('forbidden')
      await expect(as(actor, (ctx) => undoDecision(ctx, reference))).rejects.toThrow('forbidden')
      await expect(as(actor, (ctx) => reviewQueue(ctx, { limit: 1 }))).rejects.toThrow('forbidden')
      await as(actor, async ({ db }) => {
        await db.updateTable('vacancies.vacancy').set({ state: 'published' }).where('id', '=', id).execute()
        await db.updateTable('vacancies.review').set({ note: 'x' }).where('vacancy_id', '=', id).execute()
      })
      expect(await vacancy(id)).toMatchObject({ state: 'held' })
    }
    const decided = app.owner.selectFrom('vacancies.review').select('note').where('vacancy_id', '=', id)
    for (const { note } of await decided.execute()) expect(note).toBeNull()
    const planted = sql`insert into vacancies.report (id, vacancy_id, reason, lang, reported_at)
      values (gen_random_uuid(), ${id}, 'fee', 'en', now())`
    await expect(planted.execute(app.db)).rejects.toThrow('permission denied')
  })
})

describe('a suspicion', () => {
  test('about a published advert puts it before an officer within a day, once, and changes nothing else', async () => {
    const { id, reference } = await come(SURE)
    await report(reference)
    await report(reference, NOW.add({ hours: 2 }))
    const { row, listing, open } = await standing(id)
    expect(row.state).toBe('published')
    expect(listing).toHaveLength(1)
    expect(open).toMatchObject([{ reason: 'report', due_at: NOW.add({ hours: 24 }) }])
    const [item] = await as(officer, async (ctx) => (await reviewQueue(ctx, { q: reference, limit: 1 })).items)
    expect(item).toMatchObject({ reports: 2 })
  })

  test('about what is not published finds nothing, and keeps nothing', async () => {
    const held = await come(MILITARY)
    const rejected = await come(MILITARY)
    await decide(rejected.reference, reject)
    const before = await sql<{ n: number }>`select count(*)::int as n from vacancies.report`.execute(app.owner)
    for (const reference of [held.reference, rejected.reference, '2222-2222', "x'; drop table vacancies.report"])
      await expect(report(reference)).rejects.toThrow('not_found')
    const after = await sql<{ n: number }>`select count(*)::int as n from vacancies.report`.execute(app.owner)
    expect(after.rows).toEqual(before.rows)
  })
})
