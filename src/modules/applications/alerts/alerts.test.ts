import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { bringAdvert } from '../../../../test/adverts.ts'
import { ORIGIN, type TestApp, testApp } from '../../../../test/app.ts'
import { NOW } from '../../../../test/database.ts'
import { bringAlert, messages } from '../../../../test/hiring.ts'
import { perform } from '../../entry-check/fixtures/desk.ts'
import type { Advert } from '../../vacancies/sources/advert.ts'
import { matchNewAdverts } from './match.ts'

let site: TestApp
let now = NOW
let number = 0
beforeAll(async () => {
  site = await testApp({ now: () => now })
  await run()
})
beforeEach(async () => {
  // Six in the morning in Dushanbe, always later than the test before.
  now = now.toZonedDateTimeISO('UTC').add({ days: 2 }).startOfDay().add({ hours: 1 }).toInstant()
  await site.owner.deleteFrom('applications.hit').execute()
  await site.owner.deleteFrom('applications.saved_search').execute()
  await site.owner.deleteFrom('notifications.delivery').execute()
  await site.owner.deleteFrom('notifications.sms').execute()
})
afterAll(() => site?.drop())

const run = () => perform(site, 'applications.alerts', { again: true }, now)
const publish = (stated: Partial<Advert> = {}) =>
  bringAdvert({ ...site, ctx: (options) => site.ctx({ now, ...options }) }, `alert-${++number}`, {
    title: 'Сварщик',
    published_on: Temporal.PlainDate.from('2026-11-20'),
    ...stated,
  })
const act = (token: string, form: Record<string, string>) => site.ask(`/en/alerts/${token}`, { form })
const confirmed = async (query?: string, form?: Record<string, string>) => {
  const token = await bringAlert(site, query, form)
  await act(token, { act: 'confirm' })
  return token
}
const found = async () =>
  (await site.owner.selectFrom('applications.hit').select('title').execute()).map(({ title }) => title)

test('nothing comes before the link was opened and confirmed; then what fits, once', async () => {
  const token = await bringAlert(site)
  await publish()
  await run()
  expect(await messages(site)).toHaveLength(1)
  // Looking at the link changes nothing: mail programs do that by themselves.
  expect(await (await site.ask(`/en/alerts/${token}`)).text()).toContain('Not confirmed yet.')
  await act(token, { act: 'confirm' })
  const reference = await publish({ title: 'Сварщик на полуавтомат' })
  await publish({ title: 'Повар' })
  await run()
  const [mail, ...others] = await messages(site)
  expect(others).toHaveLength(1)
  expect(mail).toContain(`${ORIGIN}/en/vacancies/${reference}`)
  expect(mail).not.toContain('Повар')
  expect(mail).toContain(`"unsubscribe":"${ORIGIN}/en/alerts/${token}"`)
  await run()
  expect(await messages(site)).toHaveLength(2)
})

test('"at once" gathers for two hours; a digest comes once in the morning', async () => {
  await confirmed('q=сварщик', { channel: 'email', to: 'now@test.example', mode: 'now' })
  await confirmed('q=сварщик', { channel: 'email', to: 'daily@test.example', mode: 'daily' })
  const count = async () => (await messages(site)).length - 2
  await publish()
  await run()
  expect(await count()).toBe(1)
  now = now.add({ minutes: 30 })
  await publish()
  await run()
  expect(await count()).toBe(1)
  // Eight in the morning in Dushanbe.
  now = now.add({ minutes: 90, seconds: 30 })
  await run()
  expect(await count()).toBe(3)
  now = now.add({ hours: 3 })
  await publish()
  await run()
  expect(await count()).toBe(4)
})

test('one POST of a mail program stops it, without origin and whoever asks (RFC 8058); the address is erased', async () => {
  const token = await confirmed()
  const response = await site.app.request(`${ORIGIN}/en/alerts/${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  })
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('Your address is erased.')
  const rows = await site.owner.selectFrom('applications.saved_search').select(['state', 'address_sealed']).execute()
  expect(rows).toEqual([{ state: 'ended', address_sealed: null }])
  await act(token, { act: 'confirm' })
  await publish()
  await run()
  expect(await messages(site)).toHaveLength(1)
  // Other forms still need their origin.
  const forged = await site.app.request(`${ORIGIN}/en/alert-me?q=x`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'channel=email',
  })
  expect(forged.status).toBe(403)
})

test('by text message goes a link and nothing else', async () => {
  const token = await confirmed('q=сварщик', { channel: 'sms', to: '90 123 45 67', mode: 'now' })
  await publish()
  await run()
  for (const sms of await messages(site))
    expect(JSON.parse(sms)).toEqual({ to: '+992901234567', text: `Hamsafar: ${ORIGIN}/a/${token}` })
  const short = await site.ask(`/a/${token}`)
  expect([short.status, short.headers.get('location')]).toEqual([303, `/en/alerts/${token}`])
})

test('the same search again sends its link again, and is no second one; ten are enough', async () => {
  const token = await bringAlert(site)
  now = now.add({ hours: 2 })
  expect(await bringAlert(site)).toBe(token)
  for (let i = 0; i < 9; i++) {
    now = now.add({ hours: 12 })
    await bringAlert(site, `q=сварщик&salary=${i + 1}000`)
  }
  const form = { channel: 'email', to: 'DALER@test.example', mode: 'now' }
  expect((await site.ask('/en/alert-me?q=повар', { form, headers: { 'x-forwarded-for': '9.9.9.9' } })).status).toBe(429)
  expect(await site.owner.selectFrom('applications.saved_search').select('id').execute()).toHaveLength(10)
})

test('what names neither trade nor word is too wide; a wrong address is told', async () => {
  expect(await (await site.ask('/en/alert-me?country=RU')).text()).toContain('First search for a trade or a word.')
  const form = { channel: 'email', to: 'nobody', mode: 'now' }
  const wrong = await site.ask('/en/alert-me?q=сварщик', { form, headers: { 'x-forwarded-for': '9.9.9.8' } })
  expect([wrong.status, (await wrong.text()).includes('This is not an e-mail address.')]).toEqual([422, true])
  expect((await site.ask('/en/alerts/AAAAAAAAAAAAAAAAAAAA')).status).toBe(404)
})

test.each([
  ['q=svarshik&country=RU', { country: 'RU' }, { country: 'TJ' }],
  ['q=сварщик&only=accommodation', { accommodation: true }, { accommodation: null }],
  ['q=сварщик', { foreigners: 'yes' }, { country: 'RU', foreigners: 'no' }],
  ['isco=7212', { title: 'Электросварщик' }, { title: 'Повар' }],
  ['q=сварщик&salary=5000&currency=TJS', { pay: pay(600_000n) }, { pay: pay(400_000n) }],
  ['q=сварщик&contract=seasonal', { contract: 'seasonal' }, { contract: null }],
  ['q=аргонодуговая', { title: 'Рабочий', duties: 'Аргонодуговая сварка' }, { title: 'Рабочий' }],
  ['q=сварщик Тула', { region_text: 'Тульская область', region_code: '7100000000000' }, { region_text: 'Москва' }],
] as [string, Partial<Advert>, Partial<Advert>][])('%s', async (query, fits, not) => {
  await confirmed(query)
  await publish(fits)
  await publish(not)
  await run()
  expect(await found()).toEqual([fits.title ?? 'Сварщик'])
})

function pay(min: bigint): Advert['pay'] {
  return { min, max: null, currency: 'TJS', period: 'month', gross: false }
}

test('whatever is done in whatever order: who stopped gets nothing, and only who confirmed gets anything', async () => {
  const acts = fc.array(fc.constantFrom('confirm', 'stop', 'publish', 'click', 'run'), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(acts, async (steps) => {
      await site.owner.deleteFrom('applications.saved_search').execute()
      await site.owner.deleteFrom('notifications.delivery').execute()
      await run()
      const token = await bringAlert(site)
      let state = 'waiting'
      let arrived = 0
      for (const step of steps) {
        const before = (await messages(site)).length
        now = now.add({ hours: 24 })
        if (step === 'publish') await publish()
        else if (step === 'run') await run()
        else if (step === 'click') await act(token, { 'List-Unsubscribe': 'One-Click' })
        else await act(token, { act: step })
        const sent = (await messages(site)).length - before
        if (step === 'publish') arrived++
        expect(sent).toBe(step === 'run' && state === 'active' && arrived > 0 ? 1 : 0)
        if (step === 'run') arrived = 0
        if (step === 'confirm' && state === 'waiting') state = 'active'
        if (step === 'stop' || step === 'click') state = 'ended'
        const row = await site.owner.selectFrom('applications.saved_search').select('state').executeTakeFirstOrThrow()
        expect(row.state).toBe(state)
      }
    }),
    { numRuns: 12 },
  )
}, 120_000)

test('each new advert meets thousands of searches within moments', async () => {
  await run()
  const token = await confirmed()
  await sql`
    insert into applications.saved_search
    select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'query', g::text,
      'token_hash', '\\x' || md5(g::text), 'keys', array['t:' || (1000 + g % 9000)]))).*
    from applications.saved_search s, generate_series(1, 20000) g`.execute(site.owner)
  for (let i = 0; i < 20; i++) await publish()
  const begun = performance.now()
  const matched = await matchNewAdverts(site.ctx({ db: site.owner, now }))
  expect(matched.adverts).toBe(20)
  expect(matched.hits).toBeGreaterThan(0)
  // Generous: a minute is what is promised for five times as many.
  expect(performance.now() - begun).toBeLessThan(30_000)
  await act(token, { act: 'stop' })
}, 120_000)
