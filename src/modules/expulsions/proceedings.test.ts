import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StaffActor } from '#kernel/context.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { protect } from '#kernel/people/protection.ts'
import { systemContext } from '#kernel/system.ts'
import { NOW, silentLog, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { appealsJob } from './appeal-reminders.ts'
import { type Exchange, exchange } from './fixtures/exchange.ts'
import { detained } from './fixtures/proceeding.ts'
import {
  changeProceeding,
  enterProceeding,
  getProceeding,
  listProceedings,
  type ProceedingFacts,
  receiveProceedingJob,
} from './proceedings.ts'
import { expulsionWork } from './work.ts'

let database: TestDatabase
let x: Exchange
beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
})
afterAll(() => database.drop())

const UNTIL = NOW.add({ hours: 96 })
const job = (now: Temporal.Instant): JobCtx => ({
  ...systemContext(database.platform, database.owner, silentLog, 'test'),
  ...{ now, run_id: null, signal: new AbortController().signal, report: async () => {} },
})
const enter = (facts: Partial<ProceedingFacts> = {}, officer = x.embassy.officer) =>
  x.as(officer, (ctx) => enterProceeding(ctx, ...detained({ appeal_until: UNTIL, ...facts })))
/** Whom anything was told of a proceeding: office and sentence, each with how many were told. */
const told = async (reference: string) => {
  const { rows } = await sql<{ organisation_id: string; message_key: string; n: number }>`
    select organisation_id, message_key, count(*)::integer as n
    from notifications.notification
    where message_values ->> 'reference' = ${reference}
    group by organisation_id, message_key
    order by message_key`.execute(database.owner)
  const office = (id: string) => Object.entries(x).find(([, one]) => 'id' in one && one.id === id)?.[0]
  return rows.map(({ organisation_id, message_key, n }) => [office(organisation_id), message_key, n])
}
const ENTERED = ['service', 'expulsions.notice.proceeding', 2]
const SOON = ['embassy', 'expulsions.notice.appeal_soon', 2]
const LAST = ['embassy', 'expulsions.notice.appeal_last', 2]
const ESCALATED = ['service', 'expulsions.notice.appeal_escalated', 2]
const work = (officer: StaffActor, now: Temporal.Instant) =>
  x.as(officer, async (ctx) => (await expulsionWork(ctx)).map(({ title, why }) => [title, why]), now)

describe('the Migration Service', () => {
  test('is told when a proceeding is entered, and nobody else is', async () => {
    expect(await told(await enter())).toEqual([ENTERED])
    // What it enters itself is no news to it.
    expect(await told(await enter({}, x.service.officer))).toEqual([])
  })

  test('is told again on the last day, when the consulate has not appealed; then it waits in its work', async () => {
    const reference = await enter()
    const title = `Proceeding ${reference}: appeal`
    await appealsJob.run(job(UNTIL.subtract({ hours: 70 })), {})
    expect(await told(reference)).toEqual([SOON, ENTERED])
    expect((await work(x.service.officer, UNTIL.subtract({ hours: 30 }))).map(([text]) => text)).not.toContain(title)
    for (const hours of [20, 19, -1]) await appealsJob.run(job(UNTIL.subtract({ hours })), {})
    expect(await told(reference)).toEqual([ESCALATED, LAST, SOON, ENTERED])
    const now = UNTIL.subtract({ hours: 20 })
    expect(await work(x.service.officer, now)).toContainEqual([title, 'Office embassy has not appealed yet. Call it.'])
    expect(await work(x.embassy.officer, now)).toContainEqual([title, 'Help is possible until the deadline.'])
    expect((await work(x.foreign.officer, now)).map(([text]) => text)).not.toContain(title)
    const appealed = { status: 'appealed', appealed_on: Temporal.PlainDate.from('2026-11-24') } as const
    await x.as(x.embassy.officer, async (ctx) =>
      changeProceeding(ctx, await getProceeding(ctx, reference), detained({ appeal_until: UNTIL, ...appealed })[1]),
    )
    expect((await work(x.service.officer, now)).map(([text]) => text)).not.toContain(title)
  })

  test('is left alone where the appeal was lodged in time', async () => {
    const reference = await enter({ appealed_on: Temporal.PlainDate.from('2026-11-21') })
    await appealsJob.run(job(UNTIL.subtract({ hours: 20 })), {})
    expect(await told(reference)).toEqual([ENTERED])
  })
})

test('somebody protected: all are told the same, and the bodies they are protected from nothing', async () => {
  const references = [await enter(), await enter()]
  const [hidden, open] = references as [string, string]
  const { id } = await database.owner
    .selectFrom('expulsions.proceeding')
    .select('id')
    .where('reference', '=', hidden)
    .executeTakeFirstOrThrow()
  await receiveProceedingJob.run(job(NOW), { id })
  const { person_id } = await database.owner
    .selectFrom('expulsions.proceeding as p')
    .innerJoin('people.link as l', 'l.record_id', 'p.record_id')
    .select('l.person_id')
    .where('p.id', '=', id)
    .executeTakeFirstOrThrow()
  await protect(job(NOW), person_id, 'asylum_seeker')
  for (const hours of [70, 20]) await appealsJob.run(job(UNTIL.subtract({ hours })), {})
  for (const reference of references) expect(await told(reference)).toEqual([ESCALATED, LAST, SOON, ENTERED])
  // Nothing of whom it is about stands in what was told.
  const { rows } = await sql<{ text: string }>`select n::text as text from notifications.notification n`.execute(
    database.owner,
  )
  expect(rows.filter(({ text }) => /Намунаев|Сомон/.test(text))).toEqual([])

  const all = (officer: StaffActor) => x.as(officer, (ctx) => listProceedings(ctx, { all: true, limit: 50 }))
  for (const office of [x.foreign, x.interior, x.security, x.consulate]) {
    expect(await all(office.officer)).toEqual([])
    for (const reference of references)
      await expect(x.as(office.officer, (ctx) => getProceeding(ctx, reference))).rejects.toMatchObject({
        kind: 'not_found',
      })
  }
  // To the consul who entered both, one looks like the other.
  const seen = (await all(x.embassy.officer)).filter(({ reference }) => references.includes(reference))
  const shown = seen.map(({ id: _, reference: __, record_id: ___, ...one }) => one)
  expect(shown[0]).toEqual(shown[1])
  expect(await told(open)).toEqual(await told(hidden))
})
