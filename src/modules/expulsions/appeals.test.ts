import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatOf } from '#kernel/i18n/format.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { protect } from '#kernel/people/protection.ts'
import { openSource, receiveRecords } from '#kernel/people/receive.ts'
import { placesAtlas } from '#kernel/places/places.ts'
import { systemContext } from '#kernel/system.ts'
import { NOW, silentLog, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { appealsJob } from './appeal-reminders.ts'
import { appealRule, countAppeal, findAppeal, listAppeals, setAppeal } from './appeals.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { askToCome, informingsOf, noteInformed, safeContacts } from './informing.ts'
import { expulsionWork } from './work.ts'

let database: TestDatabase
let x: Exchange
let banned: { id: string; reference: string }
let person: string
const day = (text: string) => Temporal.PlainDate.from(text)

beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
  // The person left a telephone at a desk before: only theirs, with when it is safe; another one is shared.
  const system = database.ctx({ db: database.owner, actor: { kind: 'system', task: 'test' } })
  const source = await openSource(system, { custodian: x.service.id, kind: 'desk', label: 'desk' })
  await receiveRecords(
    system,
    source,
    [
      ['+992901234567', true, 'after six'],
      ['+992907654321', false, null],
    ].map(([phone, only_theirs, reach], index) => ({
      ...{ row_number: index + 1, names: [{ family: 'Намунаев', given: 'Далер', patronymic: 'Намунавич' }] },
      ...{ birth: 19900214, sex: 'male', documents: [{ kind: 'passport', number: 'A12345678' }], adverse: false },
      contact: { phone: phone as string, only_theirs: only_theirs as boolean, reach: reach as string | null },
    })),
  )
  await x.bring(
    `${HEADINGS}\n1;Намунаев Далер Намунавич;14.02.1990;A12345678;неразрешение въезда;ст. 26;Н-1;01.06.2029\n`,
  )
  banned = await database.owner.selectFrom('expulsions.measure').select(['id', 'reference']).executeTakeFirstOrThrow()
  const link = await database.owner
    .selectFrom('people.link as l')
    .innerJoin('expulsions.statement as s', 's.record_id', 'l.record_id')
    .select('l.person_id')
    .executeTakeFirstOrThrow()
  person = link.person_id
})
afterAll(() => database.drop())

const job = (now: Temporal.Instant): JobCtx => ({
  ...systemContext(database.platform, database.owner, silentLog, 'test'),
  now,
  run_id: null,
  signal: new AbortController().signal,
  report: async () => {},
})

describe('the clock counts from service by a dated rule', () => {
  test.each([
    ['appeal_expulsion', '2026-11-10', 'RU-MOW', '2026-11-20T20:59:00Z'],
    ['appeal_expulsion', '2026-11-10', null, '2026-11-20T11:59:00Z'],
    ['appeal_expulsion', '2026-11-10', 'RU', '2026-11-20T11:59:00Z'],
    ['appeal_expulsion', '2024-10-28', null, '2024-11-07T11:59:00Z'],
    ['appeal_court', '2026-11-30', null, '2027-02-28T11:59:00Z'],
    ['appeal_court', '2026-08-21', 'RU-MOW', '2026-11-21T20:59:00Z'],
  ] as const)('%s from %s in %s ends %s', async (topic, served, place, end) => {
    const counted = await countAppeal(database.ctx(), topic, day(served), place)
    expect(String(counted!.until)).toBe(end)
  })

  test('where it is not known in which part of Russia, no part’s day has ended before; whatever the clock of the office', async () => {
    const ctx = database.ctx()
    const { places } = await placesAtlas(ctx)
    const zones = [...places].flatMap(([code, { time_zone }]) => (/^RU\b/.test(code) && time_zone ? [time_zone] : []))
    expect(new Set(zones).size).toBeGreaterThan(20)
    for (const format of [ctx.format, ctx.format.in('Europe/Moscow'), ctx.format.in('America/New_York')]) {
      const { until } = (await countAppeal({ ...ctx, format }, 'appeal_expulsion', day('2026-11-10')))!
      for (const zone of zones)
        expect(Temporal.PlainDate.compare(until.toZonedDateTimeISO(zone), day('2026-11-20'))).toBeLessThan(1)
    }
  })

  test('the rule that held on that day, with its source; none is made up for other days and countries', async () => {
    const ctx = database.ctx()
    expect((await appealRule(ctx, 'appeal_expulsion', day('2024-10-28')))!.key).toBe('appeal-expulsion-before')
    expect((await appealRule(ctx, 'appeal_expulsion', day('2024-10-29')))!.key).toBe('appeal-expulsion')
    expect((await appealRule(ctx, 'appeal_court', day('2026-11-01')))!.confidence).toBe('medium')
    expect(await countAppeal(ctx, 'appeal_court', day('2015-09-14'))).toBeNull()
    expect(await countAppeal(ctx, 'appeal_expulsion', day('2026-11-01'), 'KZ')).toBeNull()
  })
})

describe('a measure', () => {
  test('has a clock at each office that helps, in My work until an appeal is lodged', async () => {
    const served_on = day('2026-08-26')
    const measure = { id: banned.id, kind: 'entry_ban' as const }
    await x.as(x.service.officer, async (ctx) => {
      expect(await setAppeal(ctx, measure, { served_on, appealed_on: null })).toBe(true)
      expect(await setAppeal(ctx, measure, { served_on, appealed_on: null })).toBe(true)
      expect(await setAppeal(ctx, measure, { served_on: day('2010-01-01'), appealed_on: null })).toBe(false)
      expect(String((await findAppeal(ctx, banned.id))!.appeal_until)).toBe('2026-11-26T11:59:00Z')
      const work = await expulsionWork(ctx)
      expect(
        work.filter(({ href }) => href.endsWith(`${banned.reference}/person`)).map(({ due }) => String(due)),
      ).toEqual(['2026-11-26T11:59:00Z'])
    })
    expect(await x.as(x.embassy.officer, (ctx) => listAppeals(ctx, 10))).toEqual([])
    await expect(
      x.as(x.interior.officer, (ctx) => setAppeal(ctx, measure, { served_on, appealed_on: null })),
    ).rejects.toMatchObject({ kind: 'forbidden' })
  })

  test('is reminded of before its term ends, each stage once', async () => {
    const told = () =>
      database.owner
        .selectFrom('notifications.notification')
        .select(['message_key', 'user_id'])
        .where('kind', '=', 'expulsions.appeal')
        .execute()
    const until = Temporal.Instant.from('2026-11-26T11:59:00Z')
    await appealsJob.run(job(until.subtract({ hours: 80 })), {})
    expect(await told()).toEqual([])
    for (const hours of [70, 69]) await appealsJob.run(job(until.subtract({ hours })), {})
    const first = await told()
    expect(new Set(first.map(({ user_id }) => user_id))).toEqual(
      new Set([x.service.officer.user_id, x.service.second.user_id]),
    )
    expect(first).toHaveLength(2)
    for (const hours of [23, 2, -1]) await appealsJob.run(job(until.subtract({ hours })), {})
    expect((await told()).map(({ message_key }) => message_key).sort()).toEqual([
      ...Array(2).fill('expulsions.notice.appeal_last'),
      ...Array(2).fill('expulsions.notice.appeal_soon'),
    ])
    await x.as(x.service.officer, (ctx) =>
      setAppeal(
        ctx,
        { id: banned.id, kind: 'entry_ban' },
        { served_on: day('2026-08-26'), appealed_on: day('2026-11-20') },
      ),
    )
    await appealsJob.run(job(until.subtract({ hours: 10 })), {})
    expect(await told()).toHaveLength(4)
    expect(await x.as(x.service.officer, (ctx) => listAppeals(ctx, 10))).toEqual([])
  })
})

describe('the person', () => {
  test('is reached by a telephone that is only theirs, by a text that says nothing; the look stands in their own log', async () => {
    const contacts = await x.as(x.service.officer, (ctx) => safeContacts(ctx, banned.id))
    expect(contacts.map(({ phone, reach }) => [phone, reach])).toEqual([['+992901234567', 'after six']])
    const looks = await database.owner
      .selectFrom('people.look as k')
      .innerJoin('people.lookup as l', 'l.id', 'k.lookup_id')
      .select(['k.person_id', 'l.organisation_id', 'l.purpose', 'k.what'])
      .execute()
    expect(looks).toEqual([{ person_id: person, organisation_id: x.service.id, purpose: 'help', what: 'numbers' }])
    const send = () => x.as(x.service.officer, (ctx) => askToCome(ctx, banned, contacts[0]!.id, 'tg', '/work'))
    expect([await send(), await send()]).toEqual(['sent', 'sent'])
    // Nor does another language of the page, or another clock, make it another day.
    await x.as(x.service.officer, (ctx) =>
      askToCome(
        { ...ctx, lang: 'ru', format: formatOf('ru').in('Asia/Kamchatka') },
        banned,
        contacts[0]!.id,
        'tg',
        '/work',
      ),
    )
    const sent = await database.owner.selectFrom('notifications.sms').select(['text_key', 'lang']).execute()
    expect(sent).toEqual([{ text_key: 'please_come', lang: 'tg' }])
    const told = await x.as(x.service.officer, (ctx) => informingsOf(ctx, { type: 'measure', id: banned.id }))
    expect(told.map(({ way }) => way)).toEqual(['message'])
    const [id] = contacts.map((contact) => contact.id)
    expect(await x.as(x.service.officer, (ctx) => askToCome(ctx, banned, person, 'tg', '/work'))).toBe('no_contact')
    expect(id).not.toBe(person)
  })

  test('was told: by whom, when and how is noted once, and never changed', async () => {
    const matter = { type: 'measure' as const, id: banned.id }
    await x.as(x.service.officer, (ctx) => noteInformed(ctx, matter, 'desk'))
    await x.as(x.service.officer, (ctx) => noteInformed(ctx, matter, 'desk'))
    const [told, ...before] = await x.as(x.service.officer, (ctx) => informingsOf(ctx, matter))
    expect([told!.way, told!.by_name, before.length]).toEqual(['desk', 'Test notice_officer', 1])
    expect(await x.as(x.embassy.officer, (ctx) => informingsOf(ctx, matter))).toEqual([])
    await expect(database.owner.updateTable('expulsions.informing').set({ way: 'visit' }).execute()).rejects.toThrow(
      /never changed/,
    )
  })

  test('who is protected is reached by the Migration Service alone; others cannot tell that from "nothing is known"', async () => {
    const embassy = () => x.as(x.embassy.officer, (ctx) => safeContacts(ctx, banned.id))
    expect(await embassy()).toHaveLength(1)
    await protect(
      database.ctx({ db: database.owner, actor: { kind: 'system', task: 'test' } }),
      person,
      'asylum_seeker',
    )
    expect(await embassy()).toEqual([])
    expect(await x.as(x.service.officer, (ctx) => safeContacts(ctx, banned.id))).toHaveLength(1)
    await expect(x.as(x.interior.officer, (ctx) => safeContacts(ctx, banned.id))).rejects.toMatchObject({
      kind: 'forbidden',
    })
    // What the embassy itself does with its own notice goes on as before.
    await x.as(x.embassy.officer, (ctx) => noteInformed(ctx, { type: 'measure', id: banned.id }, 'visit'))
    await database.owner
      .updateTable('people.protection')
      .set({ until: NOW.add({ hours: 1 }) })
      .execute()
  })
})
