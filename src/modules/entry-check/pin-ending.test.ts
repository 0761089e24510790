import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { bringNotices } from '../../../test/notices.ts'
import { askDesk, perform, proofOf, ROUTE, TRAVELLERS, work } from './fixtures/desk.ts'

type Proof = { reference: string; pin: string }

let site: TestApp
let now = NOW
beforeAll(async () => {
  site = await testApp({ now: () => now })
  await bringNotices(site)
  await work(site)
})
beforeEach(async () => {
  now = NOW
  await site.owner.deleteFrom('my_case.attempt').execute()
})
afterAll(() => site.drop())

const post = async (path: string, form: Record<string, string>) => {
  const response = await site.ask(`/en/entry-check${path}`, { form })
  const body = Buffer.from(await response.arrayBuffer())
  return { status: response.status, length: body.length, headers: response.headers, text: body.toString() }
}
const opens = async (proof: Proof) => (await post('/answer', proof)).status === 200
/** What the button under an open answer sends. */
const buttonIn = (page: string) =>
  /action="\/en\/entry-check\/pin"[\s\S]*?name="ticket" value="([^"]+)"/.exec(page)![1]!

test('under an open answer the PIN can be ended: then it opens nothing, neither does a page that was open; a slip holds', async () => {
  const proof = await proofOf(site, TRAVELLERS.free)
  const slip = await post('/slip', { ...proof, ...ROUTE })
  const code = /verify#([\w.-]+)"/.exec(slip.text)![1]!
  const answer = await post('/answer', proof)
  const seen = /action="\/en\/entry-check\/answer"[\s\S]*?name="ticket" value="([^"]+)"/.exec(answer.text)?.[1]
  const ended = await post('/pin', { ticket: buttonIn(answer.text) })
  expect([ended.status, ended.length]).toEqual([200, answer.length])
  expect(ended.headers.get('cache-control')).toBe('no-store')
  expect(ended.text).toContain('The PIN has ended')
  expect(await opens(proof)).toBe(false)
  expect((await post('/slip', { ...proof, ...ROUTE })).status).toBe(422)
  if (seen) expect((await post('/answer', { ticket: seen })).text).not.toContain('Office of adviser')
  // What is known about its holder is compared as long as it runs, and what ends a PIN is nothing that is known.
  const { document, born } = TRAVELLERS.free
  const [birth_year, birth_month, birth_day] = born.map(String) as [string, string, string]
  for (const hours of [1, 26, 71]) {
    now = NOW.add({ hours })
    await perform(site, 'retention.erase', {}, now)
    await perform(site, 'entry_check.revoke', {}, now)
    const { text } = await post('/verify', { code, document, birth_day, birth_month, birth_year })
    expect(/data-state="valid"(?! hidden)/.test(text), `${hours} hours later`).toBe(true)
  }
})

test('with reference and PIN it ends where no answer is open, too; a wrong one ends nothing and says nothing', async () => {
  const proof = await proofOf(site, { ...TRAVELLERS.free, document: 'A68000001' })
  expect((await site.ask('/en/entry-check/pin')).status).toBe(200)
  const wrong = await post('/pin', { ...proof, pin: proof.pin === '000000' ? '000001' : '000000' })
  const nobody = await post('/pin', { reference: '2222-2222-2222', pin: '123456' })
  const neutral = ({ text }: { text: string }) => text.trimEnd().replace(/value="[^"]*"/g, '')
  expect([wrong.status, nobody.status, wrong.length]).toEqual([422, 422, nobody.length])
  expect(neutral(wrong)).toBe(neutral(nobody))
  expect(await opens(proof)).toBe(true)
  now = NOW.add({ hours: 8 * 24 })
  expect((await post('/pin', proof)).text).toContain('The PIN has ended')
  expect((await post('/pin', proof)).status).toBe(422)
})

test('a ticket ends a PIN for half an hour, and one that opens the log ends none', async () => {
  const proof = await proofOf(site, { ...TRAVELLERS.free, document: 'A68000002' })
  const ticket = buttonIn((await post('/answer', proof)).text)
  now = NOW.add({ minutes: 31 })
  const late = await post('/pin', { ticket })
  expect(late.status).toBe(422)
  expect(late.text).toContain('The PIN has not ended.')
  now = NOW
  expect((await post('/pin', { ticket: `${ticket.slice(0, -2)}AA` })).status).toBe(422)
  expect(await opens(proof)).toBe(true)
})

test('a page that an earlier PIN opened does not end the next one, of the same check neither', async () => {
  const traveller = { ...TRAVELLERS.free, document: 'A68000004' }
  const first = await proofOf(site, traveller)
  const ticket = buttonIn((await post('/answer', first)).text)
  const again = await site.ask(`/en/work/entry-checks/${first.reference}/pin`, { as: 'adviser', form: { give: 'yes' } })
  const second = { ...first, pin: /class="code">(\d{6})</.exec(await again.text())![1]! }
  const other = buttonIn((await post('/answer', second)).text)
  const third = await proofOf(site, traveller)
  for (const old of [ticket, other]) {
    const ended = await post('/pin', { ticket: old })
    expect(ended.status).toBe(422)
    expect(ended.text).toContain('Nothing was ended.')
  }
  expect(await opens(third)).toBe(true)
  const fresh = await site.ask(`/en/work/entry-checks/${third.reference}/pin`, { as: 'adviser', form: { give: 'yes' } })
  const fourth = { ...third, pin: /class="code">(\d{6})</.exec(await fresh.text())![1]! }
  expect((await post('/pin', { ticket })).status).toBe(422)
  expect(await opens(fourth)).toBe(true)
})

test('a desk ends the PINs of whoever sits there, without giving another; another desk cannot', async () => {
  const traveller = { ...TRAVELLERS.free, document: 'A68000003' }
  const proof = await proofOf(site, traveller)
  const reference = await askDesk(site, traveller)
  await work(site)
  const path = `/en/work/entry-checks/${reference}/pin`
  expect((await site.ask(path, { as: 'consul', form: { act: 'end' } })).status).toBe(403)
  expect(await opens(proof)).toBe(true)
  const page = await (await site.ask(path, { as: 'adviser', form: { act: 'end' } })).text()
  expect(page).toContain('No PIN opens anything any more.')
  expect(page).not.toMatch(/class="code">\d{6}</)
  expect(await opens(proof)).toBe(false)
  const ends = await site.owner.selectFrom('audit.entry').select('id').where('action', '=', 'entry_check.end').execute()
  expect(ends).toHaveLength(3)
})
