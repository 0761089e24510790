import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { protect } from '#kernel/people/protection.ts'
import { systemContext } from '#kernel/system.ts'
import { NOW, silentLog, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { acknowledge } from './relay.ts'
import { releaseJob, remindJob } from './reminders.ts'

let database: TestDatabase
let x: Exchange
beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
})
afterAll(() => database.drop())

const job = (now: Temporal.Instant): JobCtx => ({
  ...systemContext(database.platform, database.owner, silentLog, 'test'),
  ...{ now, run_id: null, signal: new AbortController().signal, report: async () => {} },
})
const LATER = NOW.add({ hours: 100 })
const HIDDEN = 'Мисолов Озод;05.05.1991;P1234567'

/** What unread tells an office of a batch to confirm, and until when it has time. */
const waiting = async (batch: { id: string; reference: string }) => {
  const told = await sql<{ message_key: string; occurrences: number }>`
    select distinct message_key, occurrences
    from notifications.notification
    where organisation_id = ${x.foreign.id} and read_at is null and message_values ->> 'reference' = ${batch.reference}`.execute(
    database.owner,
  )
  const delivery = await database.owner
    .selectFrom('expulsions.delivery')
    .select(['due_at', 'acknowledged_at', 'reminders'])
    .where('batch_id', '=', batch.id)
    .where('to_organisation', '=', x.foreign.id)
    .executeTakeFirst()
  return [told.rows.map(({ message_key }) => message_key), delivery && String(delivery.due_at)]
}

test('whoever is given rows when a hold ends is told as of any others, with the time of their route', async () => {
  const row = (number: number, who: string, measure: string, decision: string) =>
    `${number};${who};${measure};ст. 26;${decision};бессрочно\n`
  await x.bring(`${HEADINGS}\n${row(1, HIDDEN, 'неразрешение въезда', 'P-0')}`, { name: 'p0.csv', source: 'P0' })
  const { person_id } = await database.owner.selectFrom('people.link').select('person_id').executeTakeFirstOrThrow()
  await protect(job(NOW), person_id, 'victim')
  await x.bring(`${HEADINGS}\n${row(1, HIDDEN, 'депортация', 'P-1')}`, { name: 'p1.csv', source: 'P1' })
  const alone = await x.batch()
  const open = 'Образцов Комрон;01.03.1995;A32345678'
  await x.bring(`${HEADINGS}\n${row(1, HIDDEN, 'реадмиссия', 'P-2')}${row(2, open, 'неразрешение въезда', 'P-3')}`, {
    name: 'p2.csv',
    source: 'P2',
  })
  const mixed = await x.batch()
  await x.as(x.foreign.officer, (ctx) => acknowledge(ctx, mixed, null))
  await database.owner.updateTable('notifications.notification').set({ read_at: NOW }).execute()
  expect([await waiting(alone), await waiting(mixed)]).toEqual([
    [[], undefined],
    [[], String(NOW.add({ hours: 24 }))],
  ])

  await database.owner.updateTable('people.protection').set({ until: NOW }).execute()
  await database.owner
    .updateTable('expulsions.route')
    .set({ term_hours: 48 })
    .where('to_organisation', '=', x.foreign.id)
    .execute()
  await releaseJob.run(job(LATER), {})
  const due = String(LATER.add({ hours: 48 }))
  // Also of a batch that it had confirmed: the row is new to it, and it has the whole time for it.
  for (const batch of [alone, mixed]) expect(await waiting(batch)).toEqual([['expulsions.notice.came'], due])
  await remindJob.run(job(LATER.add({ hours: 1 })), {})
  expect(await waiting(mixed)).toEqual([['expulsions.notice.came'], due])
  await releaseJob.run(job(LATER.add({ hours: 1 })), {})
  expect(await waiting(alone)).toEqual([['expulsions.notice.came'], due])
})
