import { afterAll, beforeAll, expect, test } from 'vitest'
import { getFile } from '#kernel/files/files.ts'
import { fileResponse } from '#kernel/files/response.ts'
import { getLetter } from '#kernel/letters/letters.ts'
import { member, type TestApp, testApp, testOffice } from '../../../test/app.ts'
import { readPdf } from '../../../test/pdf.ts'
import { acting, departure, makeCarrier, makeWatcher } from '../../../test/removals.ts'
import { takeStep } from './claim-steps.ts'
import { draftClaims, getClaim } from './claims.ts'
import { enterRemoval } from './entering.ts'
import { issueClaimLetter } from './letter.ts'
import { namePayer } from './named-payer.ts'
import { getRemoval } from './removals.ts'
import { totalsByCarrier } from './totals.ts'

let site: TestApp
let carrier: string
beforeAll(async () => {
  site = await testApp()
  carrier = await makeCarrier(site, '', (await site.actor('carrier_desk')).organisation_id)
  await makeWatcher(site)
}, 400_000)
afterAll(() => site.drop())

const officer = async <T>(act: Parameters<typeof acting<T>>[2]) => acting(site, await site.actor('notice_officer'), act)
const byBus = (change: Parameters<typeof departure>[1] = {}) =>
  officer((ctx) => enterRemoval(ctx, departure(carrier, { category: 'inadmissible', mode: 'bus', ...change })))
const page = async (path: string, as: 'notice_officer' | 'carrier_desk' = 'notice_officer') =>
  (await (await site.ask(`/en/work/removals/${path}`, { as })).text()).replaceAll('\u00a0', ' ')
const post = (path: string, form: Record<string, string>, as: 'notice_officer' | 'carrier_desk' = 'notice_officer') =>
  site.ask(`/en/work/removals/${path}`, { as, form })
const NAMED = { payer: 'Namuna Bus', rule: 'Sample Agreement of 1 May 2020, article 7' }

test('where no rule is known the page says so; an officer names the payer with the rule she relies on, in claim and letter as her word', async () => {
  const reference = await byBus()
  expect(await page(reference)).toContain('No dated rule with a source is known here.')
  for (const missing of ['payer', 'rule'] as const)
    expect((await post(`${reference}/payer`, { ...NAMED, [missing]: ' ' })).status).toBe(422)
  expect((await post(`${reference}/payer`, NAMED)).status).toBe(303)
  expect((await post(`${reference}/payer`, NAMED)).status).toBe(409)
  const seen = await page(reference)
  for (const words of ['An officer named the payer: Namuna Bus.', NAMED.rule, 'The word of Office of notice_officer'])
    expect(seen).toContain(words)
  // It stays said that none is known.
  expect(seen).toContain('No dated rule with a source is known here.')
  const { references } = await officer(async (ctx) =>
    draftClaims(ctx, { removal: (await getRemoval(ctx, reference)).id }),
  )
  const claim = await officer((ctx) => getClaim(ctx, references[0]!))
  expect(claim).toMatchObject({
    ...{ payer: 'named', payer_named: NAMED.payer, rule_key: null, rule_text: NAMED.rule },
    rule_by_name: 'Office of notice_officer',
  })
  expect(
    await (await site.ask(`/en/work/removal-claims/${claim.reference}`, { as: 'notice_officer' })).text(),
  ).toContain('The word of Office of notice_officer')
  const text = await officer(async (ctx) => {
    const number = await issueClaimLetter(ctx, claim, { lang: 'ru', to: 'Namuna Bus\nМосква' })
    const file = await getFile(ctx, (await getLetter(ctx, number)).file_id!)
    return (await readPdf(new Uint8Array(await (await fileResponse(ctx, file)).arrayBuffer()))).text
  })
  expect(text).toContain('article 7 (основание назвал: Office of notice_officer)')
  // Paid, it counts for the category that it was for.
  await officer(async (ctx) => {
    const on = Temporal.PlainDate.from('2026-11-20')
    await takeStep(ctx, claim, { state: 'sent', on, letter: null, money: null, due_on: null })
    const money = { amount: 124_000n, currency: 'EUR' }
    await takeStep(ctx, await getClaim(ctx, claim.reference), { state: 'paid', on, letter: null, money, due_on: null })
  })
  const [total] = (await officer(totalsByCarrier)).filter((one) => one.carrier === carrier)
  expect([total!.category, total!.received]).toEqual(['inadmissible', [{ amount: 124_000n, currency: 'EUR' }]])
})

test('payers, rules and categories that differ are asked in claims of their own', async () => {
  const [one, other, deported] = [
    await byBus(),
    await byBus({ mode: 'rail' }),
    await byBus({ category: 'deportee', country: 'KZ' }),
  ]
  await post(`${one}/payer`, NAMED)
  await post(`${other}/payer`, { ...NAMED, rule: 'Another paper' })
  await post(`${deported}/payer`, NAMED)
  const drafted = await officer((ctx) => draftClaims(ctx, { carrier, year: 2026 }))
  expect([drafted.references.length, drafted.no_rule]).toEqual([3, 0])
})

test('the name can be taken back; carriers name nobody; where a rule names the payer nobody else does', async () => {
  const reference = await byBus({ left_on: Temporal.PlainDate.from('2025-05-05') })
  expect((await post(`${reference}/payer`, NAMED, 'carrier_desk')).status).toBe(403)
  expect(await page(reference, 'carrier_desk')).not.toContain('Name the payer')
  await post(`${reference}/payer`, NAMED)
  expect(await page(reference, 'carrier_desk')).toContain('An officer named the payer: Namuna Bus.')
  await post(`${reference}/payer`, { end: 'yes' })
  const after = await page(reference)
  expect(after).not.toContain('An officer named the payer')
  for (const line of ['Payer named', 'Name of the payer taken back']) expect(after).toContain(line)
  expect(await officer((ctx) => draftClaims(ctx, { carrier, year: 2025 }))).toMatchObject({ no_rule: 1 })
  const byAir = await officer((ctx) => enterRemoval(ctx, departure(carrier)))
  expect((await post(`${byAir}/payer`, NAMED)).status).toBe(409)
})

test('a notice officer of an office that does not watch over removals names nobody', async () => {
  const reference = await byBus()
  const { id } = await officer((ctx) => getRemoval(ctx, reference))
  const other = await member(site, 'notice_officer', await testOffice(site, 'Embassy'))
  await expect(acting(site, other, (ctx) => namePayer(ctx, id, NAMED))).rejects.toMatchObject({ kind: 'forbidden' })
})
