import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../../test/app.ts'
import { makeEmployer } from '../../employers/fixtures/office.ts'
import { MOST_BYTES } from './contract-copy.ts'
import { follow, OFFER, sendOffer } from './fixtures/offer.ts'

let site: TestApp
let reference: string
beforeAll(async () => {
  site = await testApp()
  await makeEmployer(site)
  reference = (await sendOffer(site, OFFER)).reference
  await follow(site, reference)
})
afterAll(() => site?.drop())

const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
const pdf = (name = 'шартнома.pdf', content: Uint8Array<ArrayBuffer> = PDF) => new File([content], name)
const own = (of = reference) => `/en/work/postings/${of}/contract-copy`
const attach = (file: File | string, of = reference) =>
  site.ask(own(of), { as: 'employer', form: { contract_copy: file } })
const shown = async (of = reference) =>
  (await (await site.ask(`/en/vacancies/${of}`)).text()).includes(`/en/vacancies/${of}/contract-copy"`)
const opened = (of = reference) => site.ask(`/en/vacancies/${of}/contract-copy`)
const act = async (name: string, of = reference) => {
  await site.ask(`/en/work/postings/${of}/act`, { as: 'employer', form: { act: name } })
  await follow(site, of)
}
const files = async () =>
  Number(
    (
      await site.owner
        .selectFrom('files.file')
        .select((e) => e.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  )

test('attached to one offer, everybody who reads it opens the copy; another offer has none', async () => {
  expect(await shown()).toBe(false)
  expect((await opened()).status).toBe(404)
  expect((await attach(pdf())).headers.get('location')).toBe(`/en/work/postings/${reference}?done=attached`)
  await follow(site, reference)
  expect(await shown()).toBe(true)
  const response = await opened()
  expect(response.headers.get('content-disposition')).toContain('attachment')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(Buffer.from(await response.arrayBuffer())).toEqual(PDF)
  const { reference: other } = await sendOffer(site, { ...OFFER, title: 'Рангмол' })
  await follow(site, other)
  expect(await shown(other)).toBe(false)
  expect((await opened(other)).status).toBe(404)
  // What the employer copies is a new offer: its contract is another.
  await act('copy')
  expect(await files()).toBe(1)
})

test('gone with the offer when it is closed, there again when that is undone', async () => {
  await act('close')
  expect((await opened()).status).toBe(410)
  await act('undo')
  expect((await opened()).status).toBe(200)
})

test('of a held offer only its employer and the officer open the copy', async () => {
  const sent = await sendOffer(site, { ...OFFER, title: 'Нигаҳбон', duties: 'Контракт с Министерством обороны, СВО.' })
  await attach(pdf(), sent.reference)
  await follow(site, sent.reference)
  const { state } = await site.owner
    .selectFrom('vacancies.vacancy')
    .select('state')
    .where('reference', '=', sent.reference)
    .executeTakeFirstOrThrow()
  expect(state).toBe('held')
  expect((await opened(sent.reference)).status).toBe(404)
  expect((await site.ask(own(sent.reference), { as: 'employer' })).status).toBe(200)
  const review = `/en/work/vacancies/review/${sent.reference}`
  expect(await (await site.ask(review, { as: 'vacancy_officer' })).text()).toContain(`${review}/contract-copy"`)
  const read = await site.ask(`${review}/contract-copy`, { as: 'vacancy_officer' })
  expect(Buffer.from(await read.arrayBuffer())).toEqual(PDF)
  // The row itself is closed to a visitor, whatever a page may ask.
  const { contract_copy } = await site.owner
    .selectFrom('vacancies.posting')
    .select('contract_copy')
    .where('reference', '=', sent.reference)
    .executeTakeFirstOrThrow()
  expect(await site.db.selectFrom('files.file').select('id').where('id', '=', contract_copy!).execute()).toEqual([])
})

test('only PDF and pictures by their content, of ten megabytes at most; what was there stays', async () => {
  const before = await files()
  for (const wrong of [
    '',
    pdf('шартнома.pdf', Buffer.from('<html>')),
    pdf('empty.pdf', Buffer.alloc(0)),
    pdf('large.pdf', Buffer.concat([PDF, Buffer.alloc(MOST_BYTES)])),
  ]) {
    const refused = await attach(wrong)
    expect(refused.status).toBe(422)
    expect(await refused.text()).toContain('href="#contract_copy"')
  }
  expect(await files()).toBe(before)
  expect(await shown()).toBe(true)
})

test('another takes its place, and the one before is forgotten; taken away, nobody opens it even before the page follows', async () => {
  const before = await files()
  const picture = await sharp({ create: { width: 20, height: 20, channels: 3, background: 'white' } })
    .jpeg()
    .toBuffer()
  await attach(pdf('photo.exe', new Uint8Array(picture)))
  await follow(site, reference)
  expect((await opened()).headers.get('content-type')).toBe('image/jpeg')
  expect(await files()).toBe(before)
  const removed = await site.ask(own(), { as: 'employer', form: { act: 'remove' } })
  expect(removed.status).toBe(303)
  expect((await opened()).status).toBe(404)
  expect(await shown()).toBe(false)
  expect((await site.ask(own(), { as: 'employer', form: { act: 'remove' } })).status).toBe(303)
  await follow(site, reference)
  expect(await files()).toBe(before - 1)
})

test('nobody else attaches: strangers, officers, another employer', async () => {
  expect((await site.ask(own(), { form: { contract_copy: pdf() } })).status).toBe(303)
  expect((await site.ask(own(), { as: 'vacancy_officer', form: { contract_copy: pdf() } })).status).toBe(403)
  const { organisation_id } = await site.actor('employment_officer')
  await site.owner
    .updateTable('vacancies.posting')
    .set({ employer_id: organisation_id })
    .where('reference', '=', reference)
    .execute()
  expect((await attach(pdf())).status).toBe(404)
})
