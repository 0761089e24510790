import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { LANGUAGES } from '../i18n/languages.ts'
import { loadPlaces } from '../places/load.ts'
import { loadRules } from './load.ts'
import { patentLimits, ruleInForce, rulesOverTime, sayRule } from './rules.ts'

let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
  await loadPlaces(base.owner)
  await loadRules(base.owner)
})
afterAll(() => base.drop())

const at = (day: string) => Temporal.Instant.from(`${day}T12:00:00Z`)
const cost = async (place: string, day: string) =>
  (await ruleInForce(base.ctx(), 'patent_cost', { place, on: at(day) }))?.money?.amount

describe('the rule in force', () => {
  test('a price belongs to its year: the next is unknown until somebody publishes it', async () => {
    expect(await cost('RU-MOW', '2024-06-01')).toBeUndefined()
    expect(await cost('RU-MOW', '2025-06-01')).toBe(890_000n)
    expect(await cost('RU-MOW', '2025-12-31')).toBe(890_000n)
    expect(await cost('RU-MOW', '2026-01-01')).toBe(1_000_000n)
    expect(await cost('RU-MOW', '2027-01-01')).toBeUndefined()
    expect(await cost('RU-SPE', '2026-11-21')).toBe(800_000n)
    expect(await cost('RU-MOS', '2026-11-21')).toBeUndefined()
  })

  test('contradicted and weak rows are kept and never shown', async () => {
    const hidden = await base.db.selectFrom('law.rule').selectAll().where('contradicted', '=', true).execute()
    expect(hidden.map((rule) => rule.amount)).toEqual([720_000n])
    await sql`update law.rule set withdrawn_at = now() where key = 'patent-cost-moscow-2'`.execute(base.owner)
    expect(await cost('RU-MOW', '2025-06-01')).toBeUndefined()
    await sql`update law.rule set withdrawn_at = null where key = 'patent-cost-moscow-2'`.execute(base.owner)
    expect(await ruleInForce(base.ctx(), 'patent_state_fee', { place: 'RU' })).toBeNull()
  })

  test('a country’s rule holds in its regions; elsewhere and for unknown places it does not', async () => {
    expect((await ruleInForce(base.ctx(), 'patent_region', { place: 'RU-TUL' }))?.key).toBe('patent-region')
    expect(await ruleInForce(base.ctx(), 'patent_region', { place: 'KZ-75' })).toBeNull()
    expect(await ruleInForce(base.ctx(), 'patent_region')).toBeNull()
  })

  test('a rule without a first day is known from the day its source spoke', async () => {
    const deadline = (day: string) => ruleInForce(base.ctx(), 'patent_payment_deadline', { place: 'RU', on: at(day) })
    expect(await deadline('2026-03-04')).toBeNull()
    expect((await deadline('2026-03-05'))?.as_of?.toString()).toBe('2026-03-05')
  })
})

describe('rules that count days', () => {
  test('one after the other, each from the day on which it is known', async () => {
    const rules = await rulesOverTime(base.ctx(), 'stay_90_days', { place: 'RU' })
    expect(
      rules.map(({ known_from, applies_to, days, window_days }) => [
        `${known_from}`,
        `${applies_to}`,
        days,
        window_days,
      ]),
    ).toEqual([
      ['2014-01-01', '2024-12-31', 90, 180],
      ['2025-01-01', 'null', 90, null],
    ])
    expect(await rulesOverTime(base.ctx(), 'stay_90_days', { place: 'KZ' })).toEqual([])
    // A contradicted or weak row is no more to be counted with than shown; without any day it is unknown when it holds.
    expect(await rulesOverTime(base.ctx(), 'patent_state_fee', { place: 'RU' })).toEqual([])
    expect(await rulesOverTime(base.ctx(), 'medical_exam_validity', { place: 'RU' })).toEqual([])
  })

  test('are said with their days', async () => {
    const said = async (topic: string) => sayRule(base.ctx(), (await ruleInForce(base.ctx(), topic, { place: 'RU' }))!)
    expect(await said('stay_90_days')).toMatch(/^Without a visa: at most 90 days in one calendar year\./)
    const [earlier] = await rulesOverTime(base.ctx(), 'stay_90_days', { place: 'RU' })
    expect(await sayRule(base.ctx(), earlier!)).toMatch(/^Until 31.December.2024: at most 90 days in any 180 days\.$/)
    expect(await said('address_registration_tajik')).toContain('within 15 days')
    expect((await ruleInForce(base.ctx(), 'address_registration_tajik', { place: 'RU' }))?.confidence).toBe('medium')
  })
})

describe('limits of a patent', () => {
  test('region, trade, cost and payment, each known or unknown', async () => {
    const limits = await patentLimits(base.ctx(), { placeCode: 'RU-SPE', isco: '9621' })
    expect(limits?.trade?.key).toBe('patent-trade-spe-9621')
    expect(limits?.cost?.money).toEqual({ amount: 800_000n, currency: 'RUB' })
    const builder = await patentLimits(base.ctx(), { placeCode: 'RU-SPE', isco: '7112' })
    expect([builder?.region?.topic, builder?.trade]).toEqual(['patent_region', null])
    expect((await patentLimits(base.ctx(), { placeCode: 'RU' }))?.cost).toBeNull()
    expect(await patentLimits(base.ctx(), { placeCode: 'KR-49' })).toBeNull()
    expect(
      (await patentLimits(base.ctx(), { placeCode: 'RU-SPE', isco: '9621', on: at('2027-02-01') }))?.trade,
    ).toBeNull()
  })

  test('every topic shown has its sentence in every language, with nothing left open', async () => {
    for (const lang of LANGUAGES) {
      const ctx = base.ctx({ lang })
      const limits = await patentLimits(ctx, { placeCode: 'RU-KRS', isco: '8322' })
      const moscow = await patentLimits(ctx, { placeCode: 'RU-MOW' })
      for (const rule of [limits!.region!, limits!.trade!, limits!.payment!, moscow!.cost!]) {
        expect(await sayRule(ctx, rule)).toMatch(/^[^{}]{20,}\.$/)
      }
    }
    const cost = (await patentLimits(base.ctx(), { placeCode: 'RU-MOW' }))!.cost!
    expect((await sayRule(base.ctx(), cost)).replaceAll('\u00a0', ' ')).toBe(
      'Moscow: a patent costs 10,000 roubles a month. This price holds from 1 January 2026 to 31 December 2026.',
    )
  })
})

test('rules load once; a line that left the file is withdrawn', async () => {
  expect(await loadRules(base.owner)).toBe(false)
  await sql`insert into law.rule (key, topic, statement, source_url, confidence, contradicted)
    values ('gone', 'x', 'x', 'https://example.org', 'high', false)`.execute(base.owner)
  await sql`update lists.version set checksum = 'older' where list = 'law'`.execute(base.owner)
  expect(await loadRules(base.owner)).toBe(true)
  const gone = await base.db
    .selectFrom('law.rule')
    .select('withdrawn_at')
    .where('key', '=', 'gone')
    .executeTakeFirstOrThrow()
  expect(gone.withdrawn_at).not.toBeNull()
})
