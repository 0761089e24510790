import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getFile } from '#kernel/files/files.ts'
import { fileResponse } from '#kernel/files/response.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { getLetter } from '#kernel/letters/letters.ts'
import { systemContext } from '#kernel/system.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { bringNotices } from '../../../test/notices.ts'
import { readPdf } from '../../../test/pdf.ts'
import { acting, departure, makeCarrier, makeWatcher } from '../../../test/removals.ts'
import { stepsOf, takeStep, undoStep } from './claim-steps.ts'
import { claimsToLookAt, draftClaims, getClaim, listClaims } from './claims.ts'
import { addCost, costsOf, withdrawCost } from './costs.ts'
import { enterRemoval } from './entering.ts'
import { FIGURES } from './figures.ts'
import { joinable, joinedTo, joinRemoval, unjoinRemoval } from './joining.ts'
import { issueClaimLetter } from './letter.ts'
import { passengerOf, receivePassengerJob } from './passengers.ts'
import { getRemoval, withdrawRemoval } from './removals.ts'
import { besideFigure, totalsByCarrier } from './totals.ts'

let site: TestApp
let carrier: string
let other: string
beforeAll(async () => {
  site = await testApp()
  await makeWatcher(site)
  carrier = await makeCarrier(site, '', (await site.actor('carrier_desk')).organisation_id)
  other = await makeCarrier(site, 'Other Air')
}, 400_000)
afterAll(() => site.drop())

const desk = async <T>(act: Parameters<typeof acting<T>>[2], now = NOW) =>
  acting(site, await site.actor('carrier_desk'), act, now)
const officer = async <T>(act: Parameters<typeof acting<T>>[2]) => acting(site, await site.actor('notice_officer'), act)
const day = (text: string) => Temporal.PlainDate.from(text)
const enter = (change: Parameters<typeof departure>[1] = {}, of = carrier) =>
  officer((ctx) => enterRemoval(ctx, departure(of, change)))
const claimFor = async (reference: string) => {
  const { references, ...rest } = await officer(async (ctx) =>
    draftClaims(ctx, { removal: (await getRemoval(ctx, reference)).id }),
  )
  return { references, ...rest }
}
const step = (state: Parameters<typeof takeStep>[2]['state'], more: Partial<Parameters<typeof takeStep>[2]> = {}) => ({
  ...{ state, on: day('2026-11-20'), letter: null, money: null, due_on: null },
  ...more,
})

describe('who pays by the rules', () => {
  test('a deportee: the federal budget; known to be invited: who invited them', async () => {
    const [budget] = (await claimFor(await enter())).references
    const claim = await officer((ctx) => getClaim(ctx, budget!))
    expect([claim.payer, claim.payer_carrier, claim.rule_key]).toEqual([
      'federal_budget',
      null,
      'removal-cost-deportee',
    ])
    expect([claim.amount, claim.currency, claim.people, claim.year]).toEqual([124_000n, 'EUR', 4, 2026])
    const [party] = (await claimFor(await enter({ invited: 'known' }))).references
    expect((await officer((ctx) => getClaim(ctx, party!))).payer).toBe('inviting_party')
  })

  test('an inadmissible passenger: the airline that brought them, itself or another', async () => {
    const own = await enter({ category: 'inadmissible' })
    expect(await claimFor(own)).toEqual({ references: [], own: 1, no_rule: 0 })
    const brought = await claimFor(await enter({ category: 'inadmissible', brought_by: other }))
    const claim = await officer((ctx) => getClaim(ctx, brought.references[0]!))
    expect([claim.payer, claim.payer_carrier]).toEqual(['carrier', other])
  })

  test('where no rule with a source is known, nobody is asked: by bus, from another country, before the rule', async () => {
    for (const change of [
      { category: 'inadmissible' as const, mode: 'bus' as const },
      { country: 'KZ' },
      { left_on: day('2002-05-01') },
    ])
      expect(await claimFor(await enter(change))).toEqual({ references: [], own: 0, no_rule: 1 })
  })

  test('all costs of a year are seen, however many nobody is asked for; who pays for many gets one claim', async () => {
    const carrier = await makeCarrier(site, 'Long Air')
    const many = async (reference: string, count: number) => {
      const { id, custodian } = await officer((ctx) => getRemoval(ctx, reference))
      await sql`
        insert into removals.cost (id, removal_id, kind, amount, currency, organisation_id, added_by, added_at)
        select gen_random_uuid(), ${id}, 'other', 100, 'EUR', ${custodian}, ${custodian}, ${NOW}
        from generate_series(1, ${count}::integer)`.execute(site.owner)
    }
    const draft = () => officer((ctx) => draftClaims(ctx, { carrier, year: 2026 }))
    await many(await enter({ category: 'inadmissible', left_on: day('2026-01-05'), costs: [] }, carrier), 1001)
    await enter({}, carrier)
    const { references, ...left } = await draft()
    expect([references.length, left]).toEqual([1, { own: 1001, no_rule: 0 }])
    await many(await enter({ costs: [] }, carrier), 700)
    await many(await enter({ costs: [], left_on: day('2026-11-05') }, carrier), 700)
    const [reference, ...more] = (await draft()).references
    expect(more).toEqual([])
    expect((await officer((ctx) => getClaim(ctx, reference!))).amount).toBe(140_000n)
    expect(await draft()).toEqual({ references: [], own: 1001, no_rule: 0 })
  })
})

describe('a claim', () => {
  test('is drafted once, one for each currency', async () => {
    const reference = await enter({
      costs: [
        { kind: 'carriage', money: { amount: 10_000n, currency: 'EUR' } },
        { kind: 'escort', money: { amount: 5_000n, currency: 'EUR' } },
        { kind: 'stay', money: { amount: 900_000n, currency: 'RUB' } },
      ],
    })
    const { references } = await claimFor(reference)
    const claims = await Promise.all(references.map((one) => officer((ctx) => getClaim(ctx, one))))
    expect(claims.map(({ currency, amount }) => [currency, amount]).sort()).toEqual([
      ['EUR', 15_000n],
      ['RUB', 900_000n],
    ])
    expect((await claimFor(reference)).references).toEqual([])
    const both = await Promise.all([claimFor(await enter()), claimFor(reference)])
    expect(both.flatMap((one) => one.references)).toHaveLength(1)
  })

  test('goes its way with dates and letters, and each last step can be taken back', async () => {
    const [reference] = (await claimFor(await enter())).references
    const load = () => officer((ctx) => getClaim(ctx, reference!))
    const take = async (next: ReturnType<typeof step>) => {
      const claim = await load()
      await officer((ctx) => takeStep(ctx, claim, next))
    }
    await expect(take(step('paid', { money: { amount: 1n, currency: 'EUR' } }))).rejects.toMatchObject({
      kind: 'conflict',
    })
    await take(step('sent', { letter: 'Letter 7' }))
    expect((await load()).due_on?.toString()).toBe('2026-12-21')
    await take(step('acknowledged', { due_on: day('2026-11-21') }))
    await take(step('paid_part', { money: { amount: 24_000n, currency: 'EUR' } }))
    await take(step('paid_part', { money: { amount: 500_000n, currency: 'RUB' } }))
    expect((await load()).received).toEqual([
      { currency: 'EUR', amount: 24_000n },
      { currency: 'RUB', amount: 500_000n },
    ])
    const steps = await officer(async (ctx) => stepsOf(ctx, (await load()).id))
    expect(steps.map(({ state }) => state)).toEqual(['paid_part', 'paid_part', 'acknowledged', 'sent', 'drafted'])
    expect(steps.at(-2)).toMatchObject({ letter: 'Letter 7', by_name: 'Test notice_officer' })
    const claim = await load()
    await officer((ctx) => undoStep(ctx, claim, steps[0]!.id))
    expect([(await load()).state, (await load()).received]).toEqual([
      'paid_part',
      [{ currency: 'EUR', amount: 24_000n }],
    ])
    // Pressed twice: the step is not the last any more.
    const again = await load()
    await expect(officer((ctx) => undoStep(ctx, again, steps[0]!.id))).rejects.toMatchObject({ kind: 'conflict' })
    expect((await officer((ctx) => stepsOf(ctx, claim.id)))[0]?.undone_at).not.toBeNull()
    await expect(officer((ctx) => takeStep(ctx, claim, step('withdrawn')))).resolves.toBeUndefined()
  })

  test('withdrawn, lets go of its costs; put back, only while nobody else took them', async () => {
    const removal = await enter()
    const [first] = (await claimFor(removal)).references
    const claim = await officer((ctx) => getClaim(ctx, first!))
    const costs = await officer(async (ctx) => costsOf(ctx, (await getRemoval(ctx, removal)).id))
    const takeOut = () => officer(async (ctx) => withdrawCost(ctx, await getRemoval(ctx, removal), costs[0]!.id, true))
    await expect(takeOut()).rejects.toMatchObject({ kind: 'conflict' })
    await expect(
      officer(async (ctx) => withdrawRemoval(ctx, await getRemoval(ctx, removal), true)),
    ).rejects.toMatchObject({ kind: 'conflict' })
    await officer((ctx) => takeStep(ctx, claim, step('withdrawn')))
    const { references } = await claimFor(removal)
    expect(references).toHaveLength(1)
    const [last] = await officer((ctx) => stepsOf(ctx, claim.id))
    const gone = await officer((ctx) => getClaim(ctx, first!))
    await expect(officer((ctx) => undoStep(ctx, gone, last!.id))).rejects.toMatchObject({ kind: 'conflict' })
    const second = await officer((ctx) => getClaim(ctx, references[0]!))
    await officer((ctx) => takeStep(ctx, second, step('withdrawn')))
    await officer((ctx) => undoStep(ctx, gone, last!.id))
    expect((await officer((ctx) => getRemoval(ctx, removal))).claims).toEqual(['drafted'])
    expect(gone.amount).toBe(124_000n)
  })

  test('of another office is read and not changed', async () => {
    const [reference] = (await claimFor(await enter())).references
    const claim = await desk((ctx) => getClaim(ctx, reference!))
    await expect(desk((ctx) => takeStep(ctx, claim, step('sent')))).rejects.toMatchObject({ kind: 'forbidden' })
    const touched = await desk((ctx) =>
      ctx.db.updateTable('removals.claim').set({ state: 'paid' }).where('id', '=', claim.id).executeTakeFirst(),
    )
    expect(touched.numUpdatedRows).toBe(0n)
  })

  test('waits in My work by its day', async () => {
    const due = await officer((ctx) => claimsToLookAt(ctx, 50))
    expect(due.length).toBeGreaterThan(0)
    expect(due.map(({ due_on }) => String(due_on))).toEqual(due.map(({ due_on }) => String(due_on)).sort())
    const text = await (await site.ask('/en/work', { as: 'notice_officer' })).text()
    expect(text).toContain(due[0]!.reference)
    expect(text).toContain('Drafted, not sent yet.')
  })

  test('as a letter says carrier, costs and rule with its source, and nobody’s name', async () => {
    const [reference] = (
      await claimFor(await enter({ people: 1, passenger: { name: 'Намунаев Далер', document: null, birth: 19900214 } }))
    ).references
    for (const [lang, heading] of [
      ['ru', 'Требование'],
      ['tg', 'Талабномаи'],
    ] as const) {
      const bytes = await officer(async (ctx) => {
        const claim = await getClaim(ctx, reference!)
        const number = await issueClaimLetter(ctx, claim, { lang, to: 'МВД России\nМосква', account: 'TJ00 1' })
        expect(await issueClaimLetter(ctx, claim, { lang, to: 'МВД России\nМосква', account: 'TJ00 1' })).toBe(number)
        const letter = await getLetter(ctx, number)
        const response = await fileResponse(ctx, await getFile(ctx, letter.file_id!))
        return { letter, bytes: new Uint8Array(await response.arrayBuffer()) }
      })
      const { text, square } = await readPdf(bytes.bytes)
      expect(text).toContain(`${heading} ${reference}`)
      expect(text).toContain('МВД России')
      expect(text).toContain('cis-legislation.com')
      expect(text).toContain('ZZ 802')
      expect(text).not.toContain('Намунаев')
      expect(square).toContain(`/letters/verify?n=${bytes.letter.reference}`)
    }
    await expect(
      desk(async (ctx) => issueClaimLetter(ctx, await getClaim(ctx, reference!), { lang: 'ru', to: 'X' })),
    ).rejects.toMatchObject({ kind: 'forbidden' })
  })
})

describe('totals', () => {
  test('keep categories, years and currencies apart; what was withdrawn is not in them', async () => {
    const airline = await makeCarrier(site, 'Tajik Air')
    const euros = (amount: bigint) => [{ kind: 'whole' as const, money: { amount, currency: 'EUR' } }]
    const rubles = [{ kind: 'whole' as const, money: { amount: 7_000n, currency: 'RUB' } }]
    await enter({ people: 3, left_on: day('2011-02-01'), costs: euros(100n) }, airline)
    const mixed = { people: 2, left_on: day('2011-12-31'), costs: [...euros(50n), ...rubles] }
    const claimed = await enter(mixed, airline)
    await enter({ category: 'inadmissible', people: 5, left_on: day('2011-06-01'), costs: euros(9n) }, airline)
    await enter({ people: 8, left_on: day('2012-01-01'), costs: [] }, airline)
    const mistaken = await enter({ people: 100, left_on: day('2011-03-01') }, airline)
    await officer(async (ctx) => withdrawRemoval(ctx, await getRemoval(ctx, mistaken), true))
    const [euro] = await officer(async (ctx) => {
      const { references } = await draftClaims(ctx, { removal: (await getRemoval(ctx, claimed)).id })
      return (await listClaims(ctx, { carrier: airline }, 5)).filter(
        ({ reference, currency }) => references.includes(reference) && currency === 'EUR',
      )
    })
    await officer((ctx) => takeStep(ctx, euro!, step('sent')))
    const sent = await officer((ctx) => getClaim(ctx, euro!.reference))
    await officer((ctx) => takeStep(ctx, sent, step('paid', { money: { amount: 40n, currency: 'EUR' } })))
    const totals = (await officer((ctx) => totalsByCarrier(ctx))).filter((total) => total.carrier === airline)
    expect(totals.map(({ year, category, people, costs }) => [year, category, people, costs])).toEqual([
      [2012, 'deportee', 8, []],
      [
        2011,
        'deportee',
        5,
        [
          { currency: 'EUR', amount: 150n },
          { currency: 'RUB', amount: 7_000n },
        ],
      ],
      [2011, 'inadmissible', 5, [{ currency: 'EUR', amount: 9n }]],
    ])
    expect([totals[1]!.claimed, totals[1]!.received]).toEqual([
      [{ currency: 'EUR', amount: 50n }],
      [{ currency: 'EUR', amount: 40n }],
    ])
    const published = FIGURES.find(({ key }) => key === 'tajik-air-2011')!
    expect(await officer((ctx) => besideFigure(ctx, published))).toEqual({
      ...{ removals: 3, inadmissible: 5, deportee: 5 },
      costs: [
        { currency: 'EUR', amount: 159n },
        { currency: 'RUB', amount: 7_000n },
      ],
    })
  })

  test('stand beside the published figures as they were worded, with who counted, how and when', async () => {
    const text = plain(await (await site.ask('/en/work/removals/totals', { as: 'notice_officer' })).text())
    for (const said of [
      'Tajik Air, 2010 What Published Records here People 140 In the source: carried 140 deportees no records here',
      '45,000 euros In the source: the loss of €45,000',
      '334 In the source: 334 Tajiks were deported on its airlines deportees: 5; inadmissible passengers: 5',
      '87,000 euros In the source: a loss of €87,000',
      '721 In the source: carried 721 passengers',
      'more than 80,000 euros In the source: a cost surpassing €80,000',
      'the wording does not say',
      'It does not say: deportees or inadmissible passengers.',
      'Counted by the airline itself.',
      'Stated on 20 December 2011.',
      'IOM Tajikistan, newsletter, winter 2011/12',
    ])
      expect(text).toContain(said)
  })
})

test('officers join a removal to a measure they know of; what does not fit is refused', async () => {
  await bringNotices(site)
  const kinds = await sql<{ reference: string; kind: string }>`
    select m.reference, s.kind from expulsions.measure m join expulsions.statement s on s.measure_id = m.id`.execute(
    site.owner,
  )
  const deportation = kinds.rows.find(({ kind }) => kind === 'deportation')!.reference
  const ban = kinds.rows.find(({ kind }) => kind === 'entry_ban')!.reference
  const passenger = { name: 'Образцов Комрон', document: 'A32345678', birth: 19950301 }
  const reference = await enter({ people: 1, passenger })
  const load = () => officer((ctx) => getRemoval(ctx, reference))
  const removal = await load()
  await expect(officer((ctx) => joinRemoval(ctx, removal, { reference: ban }))).rejects.toMatchObject({
    kind: 'conflict',
  })
  await expect(officer((ctx) => joinRemoval(ctx, removal, { reference: 'K7QF-92MX' }))).rejects.toMatchObject({
    kind: 'not_found',
  })
  const job = { ...systemContext(site.platform, site.owner, silentLog, 'test'), now: NOW } as unknown as JobCtx
  await receivePassengerJob.run(job, { id: removal.id })
  // Document and whole date of birth agree: the registry attached it, and the measure is offered.
  const [known] = await officer((ctx) => joinable(ctx, removal))
  expect(known).toMatchObject({ reference: deportation, kind: 'deportation' })
  await officer((ctx) => joinRemoval(ctx, removal, { id: known!.id }))
  await expect(officer((ctx) => joinRemoval(ctx, removal, { id: known!.id }))).rejects.toMatchObject({
    kind: 'conflict',
  })
  const joined = await officer((ctx) => joinedTo(ctx, removal))
  expect(joined?.reference).toBe(deportation)
  expect(await (await site.ask(`/en/work/removals/${reference}`, { as: 'notice_officer' })).text()).toContain(
    deportation,
  )
  await officer((ctx) => unjoinRemoval(ctx, removal, joined!.join_id))
  expect(await officer((ctx) => joinedTo(ctx, removal))).toBeNull()
  expect((await officer((ctx) => passengerOf(ctx, removal.id)))?.name).toBe('Образцов Комрон')
})

test('a cost of a carrier’s own stays the carrier’s: the officer cannot take it out', async () => {
  const reference = await enter({ costs: [] })
  await desk(async (ctx) => addCost(ctx, await getRemoval(ctx, reference), 'carriage', { amount: 5n, currency: 'EUR' }))
  const removal = await officer((ctx) => getRemoval(ctx, reference))
  const [cost] = await officer((ctx) => costsOf(ctx, removal.id))
  await expect(officer((ctx) => withdrawCost(ctx, removal, cost!.id, true))).rejects.toMatchObject({
    kind: 'forbidden',
  })
})

const plain = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, '’')
    .replace(/[\s\u00a0\u202f]+/g, ' ')

test('what is taken out while it is claimed stays in its claim: one waits for the other', async () => {
  const takeOut = [
    async (reference: string) =>
      officer(async (ctx) => {
        const removal = await getRemoval(ctx, reference)
        await withdrawCost(ctx, removal, (await costsOf(ctx, removal.id))[0]!.id, true)
      }),
    async (reference: string) => officer(async (ctx) => withdrawRemoval(ctx, await getRemoval(ctx, reference), true)),
  ]
  for (const act of takeOut) {
    const reference = await enter()
    let taken: Promise<unknown> | undefined
    await officer(async (ctx) => {
      await draftClaims(ctx, { removal: (await getRemoval(ctx, reference)).id })
      taken = act(reference).catch(({ kind }) => kind)
      await Promise.race([taken, new Promise((resolve) => setTimeout(resolve, 300))])
    })
    expect(await taken).toBe('conflict')
    const { costs, withdrawn_at } = await officer((ctx) => getRemoval(ctx, reference))
    expect([costs.length, withdrawn_at]).toEqual([1, null])
  }
})
