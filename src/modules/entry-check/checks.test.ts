import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openSource, receiveRecords } from '#kernel/people/receive.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { bringNotices } from '../../../test/notices.ts'
import { askDesk, perform, proofOf, TRAVELLERS, type Traveller, work } from './fixtures/desk.ts'

type Proof = { reference: string; pin: string }

const EARLIER: Traveller = { document: 'A40000001', born: [1985, 4, 5], family: 'Дугонаев', given: 'Сафар' }
const PRESENT: Traveller = { ...EARLIER, document: 'A40000002' }

let site: TestApp
let now = NOW
beforeAll(async () => {
  site = await testApp({ now: () => now })
  await bringNotices(site)
  const { organisation_id: custodian } = await site.actor('registry_officer')
  const ctx = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
  await site.owner.transaction().execute(async (db) => {
    const inside = { ...ctx, db }
    const source = await openSource(inside, { custodian, kind: 'file', label: 'Centre', sha256: Buffer.alloc(32, 7) })
    const documents = [EARLIER, PRESENT].map(({ document }) => ({ kind: 'passport' as const, number: document }))
    const names = [{ family: EARLIER.family, given: EARLIER.given }]
    await receiveRecords(inside, source, [
      { row_number: 1, names, birth: 19850405, sex: 'male', documents, adverse: false },
    ])
  })
  await work(site)
})
afterAll(() => site.drop())
beforeEach(async () => {
  now = NOW
  await site.owner.deleteFrom('my_case.attempt').execute()
})

/** The times and words of every check that a page shows. */
const seenIn = (page: string): string[] => {
  const list = page.slice(page.indexOf('Who checked you?'))
  return [...list.slice(0, list.indexOf('</aside>')).matchAll(/<li>([\s\S]*?)<\/li>/g)].map(([, one]) =>
    one!.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '),
  )
}
const ticketIn = (page: string) =>
  /action="\/en\/entry-check\/answer"[\s\S]*?name="ticket" value="([^"]+)"/.exec(page)?.[1]
async function openPage(proof: Proof): Promise<string> {
  const response = await site.ask('/en/entry-check/answer', { form: proof })
  expect(response.status).toBe(200)
  return response.text()
}
async function ask(proof: Proof): Promise<void> {
  expect((await site.ask('/en/entry-check', { form: proof })).status).toBe(303)
  await work(site, now)
}

test('a check of the earlier passport is shown with the present one, and the other way round', async () => {
  await askDesk(site, EARLIER, { purpose: 'complaint' })
  await work(site)
  const proof = await proofOf(site, PRESENT)
  const words = 'Office of adviser'
  expect(seenIn(await openPage(proof)).filter((one) => one.includes(words))).toHaveLength(2)
  expect(seenIn(await openPage(proof)).some((one) => /complaint/i.test(one))).toBe(true)
  // What was asked from a telephone about the other passport too.
  const other = await proofOf(site, EARLIER)
  await ask(other)
  expect(seenIn(await openPage(proof)).filter((one) => one.includes('Asked with the reference and PIN'))).toHaveLength(
    1,
  )
  // Nobody else's, though all were asked about at the same desk.
  const free = await proofOf(site, TRAVELLERS.free)
  expect(seenIn(await openPage(free))).toHaveLength(1)
})

test('all checks are shown, twenty on a page, and none is lost', async () => {
  const traveller = { ...TRAVELLERS.free, document: 'A40000009' }
  const proof = await proofOf(site, traveller)
  await sql`
    insert into entry_check.inquiry (id, holder_id, at, way, purpose, organisation_id, actor_id, open_until)
    select gen_random_uuid(), i.holder_id, i.at - n * interval '1 hour', 'desk', 'help', i.organisation_id, i.actor_id, i.open_until
    from entry_check.inquiry i
    join entry_check.holder h on h.id = i.holder_id
    cross join generate_series(1, 44) n
    where h.reference = ${proof.reference}`.execute(site.owner)
  const first = await site.ask('/en/entry-check/answer', { form: proof })
  const pages = [await first.text()]
  const length = Buffer.byteLength(pages[0]!)
  expect(length).toBe(24 * 1024)
  for (let ticket = ticketIn(pages[0]!); ticket && pages.length < 5; ticket = ticketIn(pages.at(-1)!)) {
    const response = await site.ask('/en/entry-check/answer', { form: { ticket } })
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
    pages.push(await response.text())
    expect(Buffer.byteLength(pages.at(-1)!)).toBe(length)
  }
  expect(pages.map((page) => seenIn(page).length)).toEqual([20, 20, 5])
  expect(new Set(pages.flatMap(seenIn)).size).toBe(45)
  // A ticket opens as long as the PIN does, half an hour at most.
  const ticket = ticketIn(pages[0]!)!
  now = NOW.add({ minutes: 31 })
  expect((await site.ask('/en/entry-check/answer', { form: { ticket } })).status).toBe(422)
  now = NOW
  await proofOf(site, traveller)
  const late = await (await site.ask('/en/entry-check/answer', { form: { ticket } })).text()
  expect(seenIn(late)).toEqual([])
})

test('a check made later is shown at the next opening, without asking anew; the desk before sees nothing of it', async () => {
  const proof = await proofOf(site, TRAVELLERS.deported)
  const before = seenIn(await openPage(proof)).length
  now = NOW.add({ minutes: 20 })
  await askDesk(site, TRAVELLERS.deported, { purpose: 'help' })
  await work(site, now)
  const page = await openPage(proof)
  expect(seenIn(page)).toHaveLength(before + 1)
  expect(page).toContain('Help for the person')
  const desk = await (await site.ask(`/en/work/entry-checks/${proof.reference}`, { as: 'adviser' })).text()
  expect(seenIn(desk)).toHaveLength(before)
})

test('the log of a check opens to nobody else: not to another office, not once its PIN ended', async () => {
  const proof = await proofOf(site, { ...TRAVELLERS.free, document: 'A40000010' })
  const { rows } = await sql<{ id: string }>`
    select i.id from entry_check.inquiry i join entry_check.holder h on h.id = i.holder_id
    where h.reference = ${proof.reference}`.execute(site.owner)
  const read = async () =>
    (await sql`select at from entry_check.who_looked(${rows[0]!.id}, ${now}, 0, 20)`.execute(site.db)).rows.length
  expect(await read()).toBe(1)
  await sql`update entry_check.holder set pin_sealed = null where reference = ${proof.reference}`.execute(site.owner)
  expect(await read()).toBe(0)
})

test('ninety days after the PIN ended nobody can know the document again, and nothing joins it to the registry', async () => {
  const { reference } = await proofOf(site, PRESENT)
  const clock = async (days: number) => {
    const at = NOW.add({ hours: (365 + days) * 24 })
    await perform(site, 'retention.erase', {}, at)
    const { rows } = await sql<{ subject: Buffer | null; about: number }>`
      select h.subject, (select count(*)::integer from entry_check.about a join entry_check.inquiry i on i.id = a.inquiry_id
        where i.holder_id = h.id) as about
      from entry_check.holder h where h.reference = ${reference}`.execute(site.owner)
    return [rows[0]!.subject !== null, rows[0]!.about]
  }
  expect(await clock(89)).toEqual([true, 1])
  expect(await clock(91)).toEqual([false, 0])
})
