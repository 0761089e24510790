import { verify as verifySignature } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile } from '#kernel/imports/import-file.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { liftMeasure } from '../../../test/lift.ts'
import { bringNotices } from '../../../test/notices.ts'
import { listImport } from '../expulsions/import.ts'
import { openAnswer } from './asking.ts'
import { perform, proofOf, TRAVELLERS, work } from './fixtures/desk.ts'
import { readSlip, slipText } from './slip-code.ts'
import { issueSlip, verifySlip } from './slips.ts'

let site: TestApp
let now = NOW
beforeAll(async () => {
  site = await testApp({ now: () => now })
  await bringNotices(site)
  await work(site)
})
afterAll(() => site.drop())

const ROUTE = { from: 'Душанбе', to: 'Москва' }
const make = (proof: { reference: string; pin: string }) =>
  site.ask('/en/entry-check/slip', { form: { ...proof, ...ROUTE } })
const verdict = async (code: string, document: string) => (await verifySlip(site.ctx({ now }), code, document)).state
const STATES = {
  valid: 'The slip is genuine and still valid.',
  revoked: 'This slip is no longer valid.',
  ended: 'This slip has run out.',
  other_document: 'The slip belongs to another document.',
  forged: 'We did not make this code.',
}
// What the page answers without script: the one note that is not hidden.
async function shown(code: string, document: string): Promise<string[]> {
  const page = await (await site.ask('/en/entry-check/verify', { form: { code, document } })).text()
  return Object.entries(STATES).flatMap(([state, words]) =>
    new RegExp(`data-state="${state}"(?! hidden)[^>]*>(?:(?!data-state)[\\s\\S])*${words}`).test(page) ? [state] : [],
  )
}
async function codeFor(proof: { reference: string; pin: string }): Promise<string> {
  const c = { req: { header: () => 'test' } } as never
  return site.db.transaction().execute(async (db) => {
    const opened = await openAnswer(site.ctx({ db, now }), c, proof)
    if (typeof opened === 'string') throw new Error(opened)
    return issueSlip(site.ctx({ db, now }), opened, opened.facts.document, 'Душанбе → Москва')
  })
}

test('a slip says what was not found, for one document and one route; altered or with another passport it is worth nothing', async () => {
  const proof = await proofOf(site, TRAVELLERS.free)
  const page = await (await make(proof)).text()
  expect(page).toContain('Nobody may require it for boarding.')
  expect(page).toContain('Душанбе → Москва')
  expect(page).not.toContain(TRAVELLERS.free.document)
  const code = await codeFor(proof)
  expect(await verdict(code, 'а 77777777')).toBe('valid')
  expect(await shown(`http://127.0.0.1:8080/tg/entry-check/verify#${code}`, 'A77777777')).toEqual(['valid'])
  expect(await verdict(code, 'A77777778')).toBe('other_document')
  const [text, signature] = code.split('.') as [string, string]
  const slip = readSlip(Buffer.from(text, 'base64url').toString())!
  const longer = Buffer.from(slipText({ ...slip, until: slip.until + 1 })).toString('base64url')
  expect(await verdict(`${longer}.${signature}`, 'A77777777')).toBe('forged')
  for (const broken of ['', '.', code.slice(0, -3), `${text}.${'A'.repeat(86)}`, 'не код'])
    expect(await verdict(broken, 'A77777777')).toBe('forged')
  expect(slip.until - NOW.epochMilliseconds / 1000).toBe(72 * 3600)
  expect(JSON.stringify(slip)).not.toMatch(/A77777777|Санҷишзода|1992/)
  now = NOW.add({ hours: 73 })
  expect(await verdict(code, 'A77777777')).toBe('ended')
  now = NOW
})

test('whoever is listed, or must be looked at, gets none; the page does not say why', async () => {
  for (const traveller of [TRAVELLERS.banned, { ...TRAVELLERS.banned, document: 'A99990001' }, TRAVELLERS.controlled]) {
    const response = await make(await proofOf(site, traveller))
    expect(response.status).toBe(422)
    expect(await response.text()).toContain('No slip can be made.')
  }
  expect(
    await site.owner
      .selectFrom('entry_check.slip')
      .selectAll()
      .where('until', '>', NOW.add({ hours: 72 }))
      .execute(),
  ).toEqual([])
})

test('none is made from an old list', async () => {
  const proof = await proofOf(site, { ...TRAVELLERS.free, document: 'A71717171' })
  const batches = await site.owner.selectFrom('expulsions.batch').select(['id', 'received_at']).execute()
  await site.owner
    .updateTable('expulsions.batch')
    .set({ received_at: NOW.subtract({ hours: 15 * 24 }) })
    .execute()
  await site.ask('/en/entry-check', { form: proof })
  await work(site)
  expect((await make(proof)).status).toBe(422)
  for (const { id, received_at } of batches)
    await site.owner.updateTable('expulsions.batch').set({ received_at }).where('id', '=', id).execute()
})

test('a slip is revoked when its holder is found later, and stays so when the measure is lifted; others run on', async () => {
  const [later, other] = [
    { document: 'A55554444', born: [1991, 9, 9], family: 'Баъдина', given: 'Умед' },
    { document: 'A55554445', born: [1993, 4, 4], family: 'Дигаров', given: 'Ҷамшед' },
  ] as const
  const codes = [await codeFor(await proofOf(site, later)), await codeFor(await proofOf(site, other))] as const
  await perform(site, 'entry_check.revoke')
  expect(await verdict(codes[0], later.document)).toBe('valid')
  const csv =
    '№;ФИО;Д.р.;Паспорт;Мера;Срок запрета\n1;Баъдина Умед;09.09.1991;A55554444;неразрешение въезда;01.06.2029\n'
  const consul = await site.actor('consul')
  const file = { name: 'later.csv', bytes: Buffer.from(csv) }
  await importFile(site.ctx({ db: site.owner, actor: consul }), listImport, file, { source: 'Letter 2' })
  await perform(site, 'entry_check.revoke')
  expect(await verdict(codes[0], later.document)).toBe('revoked')
  expect(await verdict(codes[1], other.document)).toBe('valid')
  expect(await shown(codes[0], later.document)).toEqual(['revoked'])
  const page = await (await site.ask('/en/entry-check/verify')).text()
  const id = readSlip(Buffer.from(codes[0].split('.')[0]!, 'base64url').toString())!.id
  expect(page).toContain(`data-revoked="${id}"`)
  await liftMeasure(site, later.document)
  await perform(site, 'entry_check.revoke')
  expect(await verdict(codes[0], later.document)).toBe('revoked')
})

test('whatever touches its holder revokes a slip: half an agreement, a correction, "not me"; a namesake born otherwise does not', async () => {
  const consul = await site.actor('consul')
  const HEADINGS = '№;ФИО;Д.р.;Паспорт;Мера;Номер решения;Срок запрета'
  const bring = (name: string, row: string) =>
    importFile(
      site.ctx({ db: site.owner, actor: consul }),
      listImport,
      { name, bytes: Buffer.from(`${HEADINGS}\n${row}\n`) },
      { source: 'Letter 9' },
    )
  const slipOf = async (document: string, family: string) => {
    const holder = { document, born: [1994, 6, 5], family, given: 'Сиёвуш' } as const
    const code = await codeFor(await proofOf(site, holder))
    return async () => {
      await perform(site, 'entry_check.revoke')
      return verdict(code, document)
    }
  }
  // A new passport ends no ban: the same name and birth date with another document.
  const half = await slipOf('A61000001', 'Камолиён')
  await bring('namesake.csv', '1;Камолиён Сиёвуш;06.05.1995;A61999990;неразрешение въезда;К-1;01.06.2029')
  expect(await half()).toBe('valid')
  await bring('half.csv', '1;Камолиён Сиёвуш;05.06.1994;A61999991;неразрешение въезда;К-2;01.06.2029')
  expect(await half()).toBe('revoked')
  // Nothing in force, so there is a slip; then the list says otherwise.
  await bring('ended.csv', '1;Мирзоиён Сиёвуш;05.06.1994;A61000002;неразрешение въезда;К-3;01.06.2020')
  const corrected = await slipOf('A61000002', 'Мирзоиён')
  expect(await corrected()).toBe('valid')
  await bring('corrected.csv', '1;Мирзоиён Сиёвуш;05.06.1994;A61000002;неразрешение въезда;К-3;01.06.2021')
  expect(await corrected()).toBe('revoked')
  const decided = await slipOf('A61000002', 'Мирзоиён')
  expect(await decided()).toBe('valid')
  await liftMeasure(site, 'A61000002', 'not_me')
  expect(await decided()).toBe('revoked')
})

test('the public half on the page verifies what the private one signed', async () => {
  const page = await (await site.ask('/en/entry-check/verify')).text()
  const x = /data-key="([\w-]{43})"/.exec(page)![1]!
  const [text, signature] = (await codeFor(await proofOf(site, { ...TRAVELLERS.free, document: 'A66665555' })))
    .split('.')
    .map((part) => Buffer.from(part, 'base64url')) as [Buffer, Buffer]
  const key = { key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' } as const
  expect(verifySignature(null, text, key, signature)).toBe(true)
})
