import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withActor } from '#kernel/access/transaction.ts'
import type { StaffActor } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { ownLog } from '#kernel/people/own-log.ts'
import { protect } from '#kernel/people/protection.ts'
import { openSource, receiveRecords } from '#kernel/people/receive.ts'
import { systemContext } from '#kernel/system.ts'
import { member, testOffice } from '../../../test/app.ts'
import { NOW, silentLog, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { decide, listCorrections, propose } from './corrections.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { acknowledge } from './relay.ts'
import { releaseJob } from './reminders.ts'

let database: TestDatabase
let x: Exchange
let national: StaffActor
let own: StaffActor
let person: string
beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
  ;[national, own] = await Promise.all([
    member(database, 'registry_officer', x.service.id),
    member(database, 'registry_officer', x.embassy.id),
  ])
  await database.owner
    .insertInto('people.office')
    .values([
      { organisation_id: x.service.id, national: true },
      { organisation_id: x.security.id, unnamed: true },
    ])
    .execute()
  await bring('неразрешение въезда', 'Н-1')
  const found = await database.owner.selectFrom('people.link').select('person_id').executeTakeFirstOrThrow()
  person = found.person_id
})
afterAll(() => database.drop())

const bring = (measure: string, decision: string) =>
  x.bring(`${HEADINGS}\n1;Намунаев Далер;14.02.1990;A12345678;${measure};ст. 26;${decision};бессрочно\n`, {
    ...{ name: `${decision}.csv`, source: `letter ${decision}` },
  })
const log = (actor: StaffActor, now = NOW) =>
  withActor(database.db, actor, (db) => ownLog(database.ctx({ actor, db, now }), person, { limit: 50 }), now)
const given = async (actor: StaffActor) =>
  (await log(actor)).lines
    .filter(({ what }) => what === 'a notice about them was given over')
    .map(({ organisation, why }) => [organisation, why])
    .sort()
const job = (now: Temporal.Instant): JobCtx => ({
  ...systemContext(database.platform, database.owner, silentLog, 'test'),
  ...{ now, run_id: null, signal: new AbortController().signal, report: async () => {} },
})
const DALER = {
  names: [{ family: 'Намунаев', given: 'Далер' }],
  ...{ birth: 19900214, sex: null, citizenship: null, home_district: null },
  documents: [{ kind: 'passport' as const, number: 'A12345678' }],
}
const ROUTE = 'Passing on notices. Sample act'
const COPY = 'The Migration Service always gets a copy'

describe('the own log of a person', () => {
  test('says which office was given a notice about them, and by what mandate; a protected service stands unnamed', async () => {
    expect(await given(national)).toEqual([
      ['Office foreign', ROUTE],
      ['Office service', COPY],
    ])
    await x.as(x.foreign.officer, async (ctx) => acknowledge(ctx, await x.batch(), null))
    expect(await given(national)).toEqual([
      [null, 'By law'],
      ['Office foreign', ROUTE],
      ['Office interior', ROUTE],
      ['Office service', COPY],
    ])
  })

  test('says it of a decision as well, which goes to whoever had the row', async () => {
    const { measure_id } = await database.owner
      .selectFrom('expulsions.statement')
      .select('measure_id')
      .executeTakeFirstOrThrow()
    await x.as(x.service.officer, (ctx) => propose(ctx, measure_id, 'lifted', 'Letter 9'))
    const [open] = await x.as(x.service.second, (ctx) => listCorrections(ctx, { open: true }))
    await x.as(x.service.second, (ctx) => decide(ctx, open!, 'confirmed'))
    const lines = await given(national)
    expect(lines).toContainEqual(['Office embassy', 'It had the notice that this corrects'])
    expect(lines).toContainEqual(['Office interior', 'It had the notice that this corrects'])
    expect(lines.filter(([office]) => office === null)).toHaveLength(2)
  })

  test('shows an office that does not see the whole registry what tells nothing of a protection, and says that it is a part', async () => {
    await protect(job(NOW), person, 'asylum_seeker')
    const before = await given(own)
    await bring('депортация', 'Н-2')
    expect(before.map(([office]) => office)).toEqual(['Office embassy', 'Office service'])
    expect((await given(own)).map(([office]) => office)).toEqual(['Office embassy', 'Office service', 'Office service'])
    expect([(await log(own)).whole, (await log(national)).whole]).toEqual([false, true])
    // What is held was not given over, and stands nowhere.
    const held = (await given(national)).filter(([office]) => office === 'Office foreign')
    expect(held).toHaveLength(2)
  })

  test('tells an office that has a record of them of no notice that it was not given', async () => {
    const centre = await testOffice(database, 'Centre')
    const seen = async (office: string) => {
      const { owner } = database
      await owner.transaction().execute(async (db) => {
        const ctx = database.ctx({ db, actor: { kind: 'system', task: 'test' } })
        const source = await openSource(ctx, { custodian: office, kind: 'desk', label: newId() })
        await receiveRecords(ctx, source, [{ ...DALER, adverse: false }])
      })
      const officer = await member(database, 'registry_officer', office)
      return async () => (await log(officer)).lines.filter(({ what }) => what.includes('given over')).length
    }
    const [inCentre, inSecurity] = [await seen(centre), await seen(x.security.id)]
    const before = [await inCentre(), await inSecurity()]
    expect(before[0]).toBe(0)
    await bring('реадмиссия', 'Н-3')
    expect([await inCentre(), await inSecurity()]).toEqual(before)
  })

  test('says when a row came that was held', async () => {
    const later = NOW.add({ hours: 200 })
    await database.owner.updateTable('people.protection').set({ until: later }).execute()
    await releaseJob.run(job(later), {})
    const [newest] = (await log(national, later.add({ hours: 1 }))).lines.filter(
      ({ organisation }) => organisation === 'Office foreign',
    )
    expect(Temporal.Instant.compare(newest!.at, NOW.add({ hours: 24 }))).toBe(1)
  })
})
