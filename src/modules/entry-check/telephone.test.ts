import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openSms } from '#kernel/notifications/sms/sealing.ts'
import { openSource, receiveRecords } from '#kernel/people/receive.ts'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { bringNotices } from '../../../test/notices.ts'
import { createApp } from '../../app.ts'
import { TRAVELLERS, work } from './fixtures/desk.ts'
import { differentTimes } from './fixtures/times.ts'

const { free, banned } = TRAVELLERS
const OWN = '+992901112233'
const SHARED = '+992904445566'
const OTHERS = '+992907778899'
const LISTED = '+992905556677'

let site: TestApp
let proxied: TestApp['app']
let now = NOW
beforeAll(async () => {
  site = await testApp({ now: () => now })
  const platform = { ...site.platform, demonstration: true, config: { ...site.platform.config, HAMSAFAR_PROXY: true } }
  proxied = createApp({ platform, db: site.db, log: silentLog, now: () => now })
  await bring([
    { ...free, phone: OWN, only: true },
    { ...free, phone: SHARED, only: false },
    { ...free, phone: OTHERS, only: true },
    { document: 'A88888888', born: [1970, 1, 2], family: 'Бародарзода', given: 'Умед', phone: OTHERS, only: true },
    { ...banned, phone: LISTED, only: true },
  ])
  await bringNotices(site)
  await work(site)
})
afterAll(() => site.drop())
beforeEach(async () => {
  now = NOW
  await site.owner.deleteFrom('my_case.attempt').execute()
  await site.owner.deleteFrom('notifications.sms').execute()
})

type Known = { document: string; born: readonly number[]; family: string; given: string; phone: string; only: boolean }
async function bring(known: Known[]) {
  const { organisation_id: custodian } = await site.actor('registry_officer')
  const ctx = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
  await site.owner.transaction().execute(async (db) => {
    const inside = { ...ctx, db }
    const source = await openSource(inside, { custodian, kind: 'file', label: 'Centre', sha256: Buffer.alloc(32) })
    await receiveRecords(
      inside,
      source,
      known.map(({ document, born: [year, month, day], family, given, phone, only }, at) => ({
        ...{ row_number: at + 1, names: [{ family, given }], birth: year! * 10_000 + month! * 100 + day!, sex: 'male' },
        ...{ documents: [{ kind: 'passport', number: document }], adverse: false },
        contact: { phone, only_theirs: only },
      })),
    )
  })
}

let caller = 0
const post = (path: string, form: Record<string, string>) =>
  proxied.request(`${ORIGIN}/en/entry-check${path}`, {
    method: 'POST',
    headers: {
      ...{ origin: ORIGIN, 'user-agent': 'Gecko', 'x-forwarded-for': `10.1.${++caller >> 8}.${caller & 255}` },
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(form).toString(),
  })
const claim = ({ document, born: [year, month, day] }: Pick<Known, 'document' | 'born'>, phone: string) =>
  post('/telephone', { document, birth_day: `${day}`, birth_month: `${month}`, birth_year: `${year}`, phone })
const ticketIn = (page: string) => /name="ticket" value="([0-9a-f-]{36})"/.exec(page)![1]!
/** All text messages that were taken, as they would go out. */
async function messages() {
  const rows = await site.owner.selectFrom('notifications.sms').select(['id', 'sealed', 'text_key']).execute()
  return rows.map(({ id, sealed, text_key }) => ({ key: text_key, ...openSms(site.ctx(), id, sealed!) }))
}
/** Does what waits, in a platform whose text messages stay in the outbox. */
async function deliver() {
  const { platform } = site
  Object.assign(platform, { demonstration: true })
  try {
    await work(site, now)
  } finally {
    Object.assign(platform, { demonstration: false })
  }
}
async function codeFor(phone = OWN) {
  const ticket = ticketIn(await (await claim(free, phone)).text())
  await deliver()
  const [sms] = await messages()
  return { ticket, code: /\d{6}/.exec(sms!.text)![0] }
}

// The number of chance by which a telephone is known; as long as any other.
const withoutChance = ([name, value]: [string, string]) => [
  name,
  value.replace(/(?<=^hamsafar-day=)[\w-]{22}/, 'CHANCE'),
]

test('what is wrong is listed in the order of the form, and a code that failed leads to a new one', async () => {
  const page = await (await post('/telephone', { phone: 'abc' })).text()
  const listed = [...page.matchAll(/<li><a href="#(\w+)"/g)].map(([, field]) => field)
  expect(listed).toEqual(['document', 'birth', 'phone'])
  const ticket = ticketIn(await (await claim(free, '+992900000000')).text())
  const wrong = await (await post('/code', { ticket, code: '000000' })).text()
  expect(wrong).toContain('Nothing opens with this.')
  expect(wrong).toContain('href="/en/entry-check/telephone"')
})

test('the reply is the same for everybody, whoever the telephone belongs to, and nothing was looked at for it', async () => {
  const asked = [
    [free, OWN],
    [free, SHARED],
    [free, '+992900000000'],
    [banned, OWN],
    [banned, LISTED],
    [{ document: 'X1234567', born: [1980, 1, 1] }, '+79120000000'],
  ] as const
  const replies = []
  for (const [who, phone] of asked) {
    const response = await claim(who, phone)
    const text = await response.text()
    replies.push({
      ...{ status: response.status, headers: [...response.headers].map(withoutChance), length: text.length },
      text: text.replaceAll(ticketIn(text), 'TICKET'),
    })
    expect(await site.owner.selectFrom('entry_check.code').selectAll().execute()).toEqual([])
  }
  for (const reply of replies) expect(reply).toEqual(replies[0])
  expect(replies[0]!.status).toBe(200)
  await deliver()
  expect((await messages()).map(({ to, key }) => [to, key]).sort()).toEqual([
    [OWN, 'code'],
    [LISTED, 'code'],
  ])
})

// How it is tested stands at `differentTimes`; that it can fail, `asking.test.ts` shows.
test('the time of the reply does not tell who is listed, nor whose telephone is known', {
  timeout: 240_000,
}, async () => {
  const ask = (who: Pick<Known, 'document' | 'born'>, phone: string) => async () => {
    const response = await claim(who, phone)
    await response.arrayBuffer()
    expect(response.status).toBe(200)
  }
  const kinds = {
    listed: ask(banned, LISTED),
    free: ask(free, OWN),
    shared: ask(free, SHARED),
    listed_otherwise: ask(banned, '+992900000000'),
    unknown: ask({ document: 'X1234567', born: [1980, 1, 1] }, '+79120000000'),
  }
  expect(await differentTimes(kinds, 60)).toEqual([])
  await sql`delete from graphile_worker._private_jobs`.execute(site.owner)
})

test('nor does that of a wrong code tell whether one was sent, and to whom', { timeout: 240_000 }, async () => {
  const tickets: Record<string, string> = {}
  for (const [name, who, phone] of [
    ['listed', banned, LISTED],
    ['free', free, OWN],
    ['unknown', { document: 'X1234567', born: [1980, 1, 1] }, '+79120000000'],
  ] as const)
    tickets[name] = ticketIn(await (await claim(who, phone)).text())
  await deliver()
  const sent = await site.owner.selectFrom('entry_check.code').select('id').execute()
  expect(sent.map(({ id }) => id)).toEqual(expect.arrayContaining([tickets.listed, tickets.free]))
  expect(sent.map(({ id }) => id)).not.toContain(tickets.unknown)
  const guess = (ticket: string) => async () => {
    // None is the right one, and the fifth wrong one ends a code: that takes as long.
    const response = await post('/code', { ticket, code: '000000' })
    await response.arrayBuffer()
    expect(response.status).toBe(422)
  }
  const kinds = { listed: guess(tickets.listed!), free: guess(tickets.free!), unknown: guess(tickets.unknown!) }
  expect(await differentTimes(kinds, 30)).toEqual([])
})

test('a telephone that others use, or that somebody else has too, gets nothing', async () => {
  for (const phone of [SHARED, OTHERS]) await claim(free, phone)
  await deliver()
  expect(await messages()).toEqual([])
})

test('the code gives reference and PIN once; both open the answer; the text message says that one is ready', async () => {
  const { ticket, code } = await codeFor()
  const shown = await post('/code', { ticket, code })
  expect(shown.status).toBe(200)
  expect(shown.headers.get('cache-control')).toBe('no-store')
  const page = await shown.text()
  const [reference, pin] = [/class="code">([A-Z0-9-]{14})</.exec(page)![1]!, /class="code">(\d{6})</.exec(page)![1]!]
  expect((await post('/code', { ticket, code })).status).toBe(422)
  await site.owner.deleteFrom('notifications.sms').execute()
  await post('', { reference, pin, tell: 'yes' })
  await deliver()
  expect((await messages()).map(({ to, key }) => [to, key])).toEqual([[OWN, 'answer_ready']])
  expect(await (await post('/answer', { reference, pin })).text()).toContain('You were not found in the list')
  // Not wished, nothing is sent.
  await site.owner.deleteFrom('notifications.sms').execute()
  await post('', { reference, pin })
  await deliver()
  expect(await messages()).toEqual([])
})

test('a wrong code, an unknown ticket and a code that ran out are one; five wrong ones end it', async () => {
  const { ticket, code } = await codeFor()
  const wrong = code === '000000' ? '000001' : '000000'
  const neutral = async (response: Response, ticket: string) =>
    [response.status, (await response.text()).replaceAll(ticket, 'TICKET')] as const
  const nobody = '00000000-0000-7000-8000-000000000000'
  const replies = [
    await neutral(await post('/code', { ticket, code: wrong }), ticket),
    await neutral(await post('/code', { ticket: nobody, code }), nobody),
  ]
  now = NOW.add({ minutes: 16 })
  replies.push(await neutral(await post('/code', { ticket, code }), ticket))
  expect(replies[0]![0]).toBe(422)
  for (const reply of replies) expect(reply).toEqual(replies[0])
  now = NOW
  for (let tries = 0; tries < 5; tries++) await post('/code', { ticket, code: wrong })
  expect((await post('/code', { ticket, code })).status).toBe(422)
})

test('a document gets four codes a day; a new PIN ends the one from before', async () => {
  const first = await codeFor()
  await post('/code', first)
  for (let more = 0; more < 5; more++) await claim(free, OWN)
  await deliver()
  expect(await messages()).toHaveLength(4)
  const holders = await site.owner.selectFrom('entry_check.holder').select('pin_sealed').execute()
  expect(holders.filter(({ pin_sealed }) => pin_sealed)).toHaveLength(1)
})
