import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { systemContext } from '#kernel/system.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { acting, departure, makeCarrier, makeWatcher } from '../../../test/removals.ts'
import { stepsOf } from './claim-steps.ts'
import { getClaim, listClaims } from './claims.ts'
import { costsOf } from './costs.ts'
import { enterRemoval } from './entering.ts'
import { receivePassengerJob } from './passengers.ts'
import { getRemoval, listRemovals } from './removals.ts'

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
describe('on pages', () => {
  const form = {
    ...{ category: 'deportee', mode: 'air', left_on_day: '3', left_on_month: '11', left_on_year: '2026', people: '1' },
    ...{ origin: 'Казань', destination: 'Худжанд', service: 'ZZ 900', name: 'Намунаева Нигора', document: 'A7654321' },
    ...{ birth_day: '5', birth_month: '6', birth_year: '1991', amount: '310,50', currency: 'EUR', kind: 'carriage' },
    ground: 'Decision 12',
  }

  test('a carrier’s desk enters its own departure; what is wrong is said, and nothing is kept', async () => {
    const before = (await desk((ctx) => listRemovals(ctx, {}, 100))).length
    const wrong = { ...form, left_on_month: '13', amount: '0', people: '4', origin: '' }
    const refused = await site.ask('/en/work/removals/new', { as: 'carrier_desk', form: wrong })
    expect(refused.status).toBe(422)
    const said = await refused.text()
    expect(plain(said)).toContain('Say where they left from.')
    expect([...said.matchAll(/<li><a href="#(\w+)">/g)].map(([, id]) => id)).toEqual(['left_on', 'origin'])
    // What was written in folded parts is seen.
    expect(said.match(/<details class="more" open/g)).toHaveLength(2)
    expect(said).toContain('value="Намунаева Нигора"')
    const future = { ...form, left_on_year: '2027', amount: 'x' }
    const text = plain(await (await site.ask('/en/work/removals/new', { as: 'carrier_desk', form: future })).text())
    expect(text).toContain('This day is still to come.')
    expect(text).toContain('This is not an amount above zero.')
    expect((await desk((ctx) => listRemovals(ctx, {}, 100))).length).toBe(before)
    const entered = await site.ask('/en/work/removals/new', { as: 'carrier_desk', form: { ...form, carrier: other } })
    expect(entered.status).toBe(303)
    const reference = entered.headers.get('location')!.split('/').at(-1)!.split('?')[0]!
    const removal = await desk((ctx) => getRemoval(ctx, reference))
    expect([removal.carrier, removal.costs]).toEqual([carrier, [{ currency: 'EUR', amount: 31_050n }]])
    const kept = await site.owner
      .selectFrom('removals.about')
      .selectAll()
      .where('removal_id', '=', removal.id)
      .executeTakeFirstOrThrow()
    expect(kept.stated_sealed!.toString('utf8')).not.toContain('Намунаева')
    const page = async () =>
      plain(await (await site.ask(`/en/work/removals/${reference}`, { as: 'carrier_desk' })).text())
    expect(await page()).toContain('Намунаева Нигора')
    const job: JobCtx = {
      ...systemContext(site.platform, site.owner, silentLog, 'test'),
      ...{ now: NOW, run_id: null, signal: new AbortController().signal, report: async () => {} },
    }
    await receivePassengerJob.run(job, { id: removal.id })
    await receivePassengerJob.run(job, { id: removal.id })
    expect(await page()).toContain('Намунаева Нигора, 05.06.1991')
    expect(await page()).toContain('•••• 4321')
    // Twice since the registry knows who it is: each opening stands in the person's own log.
    const looks = await site.owner
      .selectFrom('people.look as k')
      .innerJoin('people.lookup as l', 'l.id', 'k.lookup_id')
      .innerJoin('people.link as n', 'n.person_id', 'k.person_id')
      .innerJoin('removals.about as a', 'a.record_id', 'n.record_id')
      .select(['l.purpose', 'l.organisation_id', 'k.what'])
      .where('a.removal_id', '=', removal.id)
      .execute()
    const { organisation_id } = await site.actor('carrier_desk')
    expect(looks).toEqual(Array(2).fill({ purpose: 'notice', organisation_id, what: 'case' }))
    const record = await site.owner
      .selectFrom('people.record as r')
      .innerJoin('removals.about as a', 'a.record_id', 'r.id')
      .select(['r.adverse', 'a.stated_sealed'])
      .where('a.removal_id', '=', removal.id)
      .executeTakeFirstOrThrow()
    expect(record).toEqual({ adverse: true, stated_sealed: null })
  })

  test('costs are added, withdrawn and put back; a claim is drafted, sent and undone without script', async () => {
    const reference = await enter()
    const path = `/en/work/removals/${reference}`
    const add = { amount: '20', currency: 'USD', kind: 'stay' }
    expect((await site.ask(path, { as: 'notice_officer', form: { ...add, amount: '-' } })).status).toBe(422)
    expect((await site.ask(path, { as: 'notice_officer', form: add })).status).toBe(303)
    const removal = await officer((ctx) => getRemoval(ctx, reference))
    const cost = (await officer((ctx) => costsOf(ctx, removal.id))).find(({ currency }) => currency === 'USD')!
    const out = await site.ask(`${path}/costs`, { as: 'notice_officer', form: { cost: cost.id } })
    expect(plain(await (await site.ask(out.headers.get('location')!, { as: 'notice_officer' })).text())).toContain(
      'The cost is withdrawn.',
    )
    expect((await officer((ctx) => getRemoval(ctx, reference))).costs).toHaveLength(1)
    await site.ask(`${path}/costs`, { as: 'notice_officer', form: { cost: cost.id, back: 'yes' } })
    expect((await officer((ctx) => getRemoval(ctx, reference))).costs).toHaveLength(2)
    expect((await site.ask(`${path}/claims`, { as: 'notice_officer', form: {} })).headers.get('location')).toContain(
      'done=claimed',
    )
    const [claim] = await officer((ctx) => listClaims(ctx, { carrier }, 1))
    const claimPath = `/en/work/removal-claims/${claim!.reference}`
    const sent = { state: 'sent', on_day: '20', on_month: '11', on_year: '2026', letter: 'Letter 9' }
    expect((await site.ask(claimPath, { as: 'notice_officer', form: { ...sent, state: '' } })).status).toBe(422)
    expect((await site.ask(claimPath, { as: 'notice_officer', form: { ...sent, amount: '5' } })).status).toBe(422)
    expect((await site.ask(claimPath, { as: 'notice_officer', form: sent })).status).toBe(303)
    expect((await site.ask(claimPath, { as: 'notice_officer', form: sent })).status).toBe(409)
    const text = plain(await (await site.ask(claimPath, { as: 'notice_officer' })).text())
    expect(text).toContain('20 November 2026: sent letter Letter 9')
    const [last] = await officer((ctx) => stepsOf(ctx, claim!.id))
    const undo = await site.ask(`${claimPath}/undo`, { as: 'notice_officer', form: { step: last!.id } })
    expect(undo.status).toBe(303)
    expect((await officer((ctx) => getClaim(ctx, claim!.reference))).state).toBe('drafted')
    const letter = await site.ask(`${claimPath}/letter`, { as: 'notice_officer', form: { to: 'Payer', lang: 'tg' } })
    expect(letter.headers.get('location')).toMatch(/^\/en\/work\/letters\//)
  })

  test('the list is filtered, paged by cursor and saved as a table', async () => {
    for (let at = 0; at < 26; at++)
      await enter({ left_on: day('2020-03-01').add({ days: at }), mode: 'rail', costs: [] })
    const path = '/en/work/removals?mode=rail&year=2020&category=deportee&claim=none'
    const first = await (await site.ask(path, { as: 'notice_officer' })).text()
    expect(plain(first)).toContain('26 departures, 104 people')
    const next = first.match(/href="([^"]+after=[^"]+)"/)![1]!.replaceAll('&amp;', '&')
    const second = plain(await (await site.ask(next, { as: 'notice_officer' })).text())
    expect(second).toContain('1 March 2020')
    expect(second).not.toContain('26 March 2020')
    const csv = await (await site.ask(path.replace('removals?', 'removals.csv?'), { as: 'notice_officer' })).text()
    expect(csv.trim().split('\n')).toHaveLength(27)
    const claims = await (await site.ask('/en/work/removal-claims.csv', { as: 'notice_officer' })).text()
    expect(claims).toContain('federal budget of the Russian Federation')
    expect((await site.ask('/en/work/removals?year=x&carrier=1&after=%27', { as: 'notice_officer' })).status).toBe(200)
  })
})

const plain = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, '’')
    .replace(/[\s\u00a0\u202f]+/g, ' ')
