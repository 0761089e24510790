import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringAdverts } from '../../../test/adverts.ts'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { createApp } from '../../app.ts'
import { withActor } from '../access/transaction.ts'
import type { Ctx, StaffActor } from '../context.ts'
import { countUnread, listNotifications } from './inbox.ts'
import { notify } from './notify.ts'

let site: TestApp
let officer: StaffActor
let references: Awaited<ReturnType<typeof bringAdverts>>
beforeAll(async () => {
  site = await testApp()
  officer = await site.actor('vacancy_officer')
  await site.actor('adviser')
  references = await bringAdverts(site)
})
afterAll(() => site.drop())

const as = <T>(actor: StaffActor, fn: (ctx: Ctx) => Promise<T>, now = NOW) =>
  withActor(site.db, actor, (db) => fn(site.ctx({ actor, db, now })), now)
const system = () => site.ctx({ actor: { kind: 'system', task: 'test' }, db: site.owner })
const unread = (actor: StaffActor) => as(actor, countUnread)
const list = (actor: StaffActor) => as(actor, (ctx) => listNotifications(ctx, { limit: 50 }))

const news = (id: string, to: StaffActor, now = NOW) =>
  notify(
    { ...system(), now },
    {
      to: { users: [to.user_id], organisation_id: to.organisation_id },
      kind: 'imports.news',
      key: 'imports.notice.done',
      values: { file: id },
      href: `/work/imports/${id}`,
      subject: { type: 'import', id },
    },
  )

describe('an advert that must be looked at urgently', () => {
  test('is told once to whoever may review, however many come in; reports by visitors count on', async () => {
    const [one, ...others] = (await list(officer)).items
    expect(others).toEqual([])
    expect(one).toMatchObject({ kind: 'vacancies.urgent', href: '/work/vacancies/review', read_at: null })
    const before = one!.occurrences
    const told = await site.ask(`/en/vacancies/${references.bare}/report`, { form: { reason: 'fee' } })
    expect(told.status).toBe(303)
    expect((await list(officer)).items).toMatchObject([{ occurrences: before + 1 }])
    expect(await unread(officer)).toBe(1)
    expect(await unread(await site.actor('adviser'))).toBe(0)
  })

  test('is told by one neutral mail within a quarter of an hour', async () => {
    const due = await site.owner.selectFrom('notifications.notification').select('mail_at').executeTakeFirstOrThrow()
    expect(due.mail_at!.since(NOW).total('minutes')).toBeLessThan(15)
  })

  test('is read by looking at the queue; the next one is a new notification', async () => {
    await site.ask('/en/work/vacancies/review', { as: 'vacancy_officer' })
    expect(await unread(officer)).toBe(0)
    await site.ask(`/en/vacancies/${references.bare}/report`, { form: { reason: 'fee' } })
    const { items } = await list(officer)
    expect(items.filter(({ read_at }) => read_at === null)).toMatchObject([{ occurrences: 1 }])
  })
})

describe('one’s list', () => {
  test('is one’s own, for the organisation one acts for', async () => {
    const adviser = await site.actor('adviser')
    await news('a', adviser)
    expect(await unread(adviser)).toBe(1)
    expect(await unread({ ...adviser, organisation_id: officer.organisation_id })).toBe(0)
    const { id } = (await list(adviser)).items[0]!
    const taken = await site.ask(`/en/work/notifications/${id}`, { as: 'vacancy_officer', form: {} })
    expect(taken.status).toBe(404)
    expect(await unread(adviser)).toBe(1)
  })

  test('opens what it is about and marks it as read, or only marks it', async () => {
    const adviser = await site.actor('adviser')
    const { id } = (await list(adviser)).items[0]!
    const opened = await site.ask(`/en/work/notifications/${id}`, { as: 'adviser', form: {} })
    expect(opened.headers.get('location')).toBe('/en/work/imports/a')
    await news('b', adviser, NOW.add({ minutes: 1 }))
    const { id: other } = (await list(adviser)).items[0]!
    const marked = await site.ask(`/en/work/notifications/${other}`, { as: 'adviser', form: { stay: 'yes' } })
    expect(marked.headers.get('location')).toBe('/en/work/notifications')
    expect(await unread(adviser)).toBe(0)
  })

  test('shows what an earlier version told, too', async () => {
    const auditor = await site.actor('auditor')
    await notify(system(), {
      to: { users: [auditor.user_id], organisation_id: null },
      kind: 'imports.news',
      key: 'gone.with.its.module',
      href: '/work',
    })
    const page = await site.ask('/en/work/notifications', { as: 'auditor' })
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('A notification of an earlier version')
  })

  test('is marked as read up to the moment it was shown', async () => {
    const adviser = await site.actor('adviser')
    await news('c', adviser, NOW)
    await news('d', adviser, NOW.add({ minutes: 5 }))
    const form = { until: NOW.add({ minutes: 2 }).toString() }
    expect((await site.ask('/en/work/notifications', { as: 'adviser', form })).status).toBe(303)
    expect((await list(adviser)).items.filter(({ read_at }) => !read_at).map(({ href }) => href)).toEqual([
      '/work/imports/d',
    ])
    const bad = await site.ask('/en/work/notifications', { as: 'adviser', form: { until: 'yesterday' } })
    expect(bad.status).toBe(422)
  })

  test('pages by cursor, without loss or doubling', async () => {
    const adviser = await site.actor('adviser')
    for (let i = 0; i < 60; i++) await news(`p${i}`, adviser, NOW.add({ minutes: 10 + (i % 7) }))
    const seen: string[] = []
    let path: string | undefined = '/en/work/notifications'
    while (path) {
      const html: string = await (await site.ask(path, { as: 'adviser' })).text()
      seen.push(...[...html.matchAll(/action="\/en\/work\/notifications\/([0-9a-f-]{36})"/g)].map(([, id]) => id!))
      path = /href="([^"]*\?before=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(seen).toHaveLength(64)
    expect(new Set(seen).size).toBe(64)
    expect((await site.ask('/en/work/notifications?before=x', { as: 'adviser' })).status).toBe(400)
  })
})

test('a rollback takes a notification back', async () => {
  const before = await unread(officer)
  await expect(
    as(officer, async (ctx) => {
      await notify(ctx, {
        to: { permission: 'vacancy.review' },
        kind: 'vacancies.urgent',
        key: 'vacancies.notice.urgent',
        href: '/work',
      })
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await unread(officer)).toBe(before)
})

test('the app reads and writes no notification but through its doors', async () => {
  const insert = as(officer, (ctx) =>
    ctx.db
      .insertInto('notifications.notification')
      .values({ id: officer.user_id, user_id: officer.user_id } as never)
      .execute(),
  )
  await expect(insert).rejects.toThrow('permission denied')
  await expect(as(officer, (ctx) => ctx.db.selectFrom('notifications.delivery').selectAll().execute())).rejects.toThrow(
    'permission denied',
  )
  expect(await site.db.selectFrom('notifications.notification').select('id').execute()).toEqual([])
})

describe('the outbox', () => {
  const outbox = (change: Partial<TestApp['platform']['config']>) => {
    const platform = { ...site.platform, config: { ...site.platform.config, ...change } }
    return createApp({ platform, db: site.db, log: site.ctx().log, now: () => NOW }).request(`${ORIGIN}/tg/outbox`)
  }
  test('is there in a demonstration on this machine, and nowhere else', async () => {
    const shown = await outbox({})
    expect(shown.status).toBe(200)
    expect(shown.headers.get('cache-control')).toBe('no-store')
    expect((await outbox({ production: true })).status).toBe(404)
    expect((await outbox({ loopback: false })).status).toBe(404)
    expect((await outbox({ HAMSAFAR_PROXY: true })).status).toBe(404)
  })
})

test('what a person wants by mail is theirs to say', async () => {
  const settings = await site.ask('/en/work/notifications/settings', { as: 'vacancy_officer' })
  expect(await settings.text()).toMatch(/name="vacancies.urgent" value="now" checked/)
  const form = { 'vacancies.urgent': 'off', 'imports.news': 'daily' }
  expect((await site.ask('/en/work/notifications/settings', { as: 'vacancy_officer', form })).status).toBe(303)
  await site.ask('/en/work/vacancies/review', { as: 'vacancy_officer' })
  await site.ask(`/en/vacancies/${references.bare}/report`, { form: { reason: 'fee' } })
  await news('daily', officer)
  const waiting = await site.owner
    .selectFrom('notifications.notification')
    .select(['kind', 'mail_at'])
    .where('user_id', '=', officer.user_id)
    .where('read_at', 'is', null)
    .orderBy('kind')
    .execute()
  expect(waiting).toEqual([
    // 14:00 in Dushanbe now; eight in the morning there is three o'clock UTC.
    { kind: 'imports.news', mail_at: Temporal.Instant.from('2026-11-22T03:00:00Z') },
    { kind: 'vacancies.urgent', mail_at: null },
  ])
  const bad = { 'vacancies.urgent': 'hourly', 'imports.news': 'daily' }
  expect((await site.ask('/en/work/notifications/settings', { as: 'vacancy_officer', form: bad })).status).toBe(422)
  expect(await (await site.ask('/en/work/notifications/settings', { as: 'registry_officer' })).text()).toContain(
    'no mails',
  )
})
