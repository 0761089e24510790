import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '#kernel/ids.ts'
import { type TestApp, testApp } from '../../../../test/app.ts'
import { perform } from '../fixtures/desk.ts'

const AS = 'platform_administrator'
let site: TestApp
let carrier: string
let agreement: string
beforeAll(async () => {
  site = await testApp()
  carrier = (await site.actor('carrier_agent')).organisation_id
  await site.actor(AS)
  await site.owner
    .updateTable('access.membership')
    .set({ since: on('2026-09-01') })
    .execute()
})
afterAll(() => site.drop())
beforeEach(async () => {
  for (const table of ['carrier_query', 'carried', 'figure_reminder', 'honey', 'agreement'] as const)
    await site.owner.deleteFrom(`entry_check.${table}`).execute()
  await site.owner.deleteFrom('notifications.notification').execute()
  agreement = newId()
  await site.owner
    .insertInto('entry_check.agreement')
    .values({
      ...{ id: agreement, organisation_id: carrier, act: 'No 7', act_on: Temporal.PlainDate.from('2026-09-01') },
      ...{ per_day: 9, recorded_by: (await site.actor(AS)).user_id, recorded_at: on('2026-09-01') },
    })
    .execute()
})

const on = (day: string) => Temporal.Instant.from(`${day}T02:23:00Z`)
const asked = (...days: string[]) =>
  site.owner
    .insertInto('entry_check.carrier_query')
    .values(days.map((day) => ({ id: newId(), agreement_id: agreement, at: on(day) })))
    .execute()
const night = (day: string) => perform(site, 'entry_check.reconcile', {}, on(day))
const state = () =>
  site.owner
    .selectFrom('entry_check.agreement')
    .select(['suspended_at', 'suspended_for'])
    .where('id', '=', agreement)
    .executeTakeFirstOrThrow()
/** What was told since the last look, and to how many. */
async function told() {
  const rows = await site.owner
    .selectFrom('notifications.notification')
    .select('message_key')
    .orderBy('message_key')
    .execute()
  await site.owner.deleteFrom('notifications.notification').execute()
  return rows.map(({ message_key }) => message_key.replace('entry_check.carrier.', ''))
}
const suspensions = () =>
  site.owner
    .selectFrom('audit.entry')
    .select('details')
    .where('action', '=', 'carrier.suspend')
    .where('subject_id', '=', agreement)
    .execute()
const page = async (path: string, as: 'carrier_agent' | typeof AS) =>
  (await (await site.ask(path, { as })).text()).replaceAll('\u00a0', ' ')
const own = (form: Record<string, string>) => site.ask('/en/work/carrier-check/figure', { as: 'carrier_agent', form })
const officer = (path: string, form: Record<string, string>) =>
  site.ask(`/en/work/carriers/${agreement}${path}`, { as: AS, form })

test('a month that ended with questions is asked for at once, again before its last day, and then switches itself off', async () => {
  await asked('2026-09-03', '2026-09-30')
  await night('2026-09-30')
  expect(await told()).toEqual([])
  await night('2026-10-01')
  expect(await told()).toEqual(['figure_wanted', 'own_figure_wanted'])
  for (const quiet of ['2026-10-02', '2026-10-15']) await night(quiet)
  expect(await told()).toEqual([])
  // A night on which nothing ran is made up for.
  await night('2026-10-19')
  expect(await told()).toEqual(['figure_wanted', 'own_figure_wanted'])
  await night('2026-10-26')
  expect(await told()).toEqual(['figure_wanted', 'own_figure_wanted'])
  await night('2026-10-30')
  expect([await state(), await told()]).toEqual([{ suspended_at: null, suspended_for: null }, []])
  await night('2026-10-31')
  expect(await state()).toEqual({ suspended_at: on('2026-10-31'), suspended_for: 'figure' })
  expect(await told()).toEqual(['figure_off', 'own_figure_off'])
  expect(await suspensions()).toEqual([{ details: { reason: 'no_figure', months: 1 } }])
  await night('2026-11-01')
  expect([(await state()).suspended_at, await told()]).toEqual([on('2026-10-31'), []])
})

test('months without a question need no figure, nor does the running month', async () => {
  await asked('2026-11-02')
  await night('2026-11-29')
  expect([(await state()).suspended_at, await told()]).toEqual([null, []])
})

test('it asks again once the figure is there and somebody has looked; the carrier states it once, and cannot change it', async () => {
  await asked('2026-09-03', '2026-09-30')
  await night('2026-10-31')
  await told()
  const refused = await officer('/state', { act: 'resume' })
  expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('A figure is overdue.')])
  const wanted = await page('/en/work/carrier-check', 'carrier_agent')
  expect(wanted).toContain('Your questions are switched off.')
  expect(wanted).toContain('How many passengers did you carry in September 2026?')
  expect(wanted).toContain('Was due on 30 October 2026')
  for (const passengers of ['', 'many', '-1', '2.5'])
    expect((await own({ month: '2026-09', passengers })).status).toBe(422)
  // Not for months in which it asked nothing, nor for those to come.
  for (const month of ['2026-08', '2026-11', '2027-01'])
    expect((await own({ month, passengers: '900' })).status).toBe(409)
  expect((await own({ month: '2026-09', passengers: '900' })).status).toBe(303)
  expect((await own({ month: '2026-09', passengers: '9000' })).status).toBe(409)
  expect(await told()).toEqual(['figure_came'])
  expect((await state()).suspended_for).toBe('figure')
  expect(await page('/en/work/carrier-check', 'carrier_agent')).toContain('An officer looks before you ask again.')
  expect(await page(`/en/work/carriers/${agreement}`, AS)).toContain('stated by the carrier')
  expect((await officer('/state', { act: 'resume' })).status).toBe(303)
  expect(await state()).toEqual({ suspended_at: null, suspended_for: null })
  await night('2026-12-15')
  expect((await state()).suspended_at).toBeNull()
})

test('an officer notes the figure of a carrier that told it otherwise', async () => {
  await asked('2026-10-03')
  expect(await page(`/en/work/carriers/${agreement}`, AS)).toContain('By 30 November 2026')
  expect(await page('/en/work/carriers', AS)).toContain('By 30 November 2026')
  expect((await officer('/carried', { month: '2026-10', passengers: '' })).status).toBe(422)
  expect((await officer('/carried', { month: '2026-10', passengers: '12' })).status).toBe(303)
  expect(await page('/en/work/carriers', AS)).not.toContain('By 30 November 2026')
})

test('a figure that is owed stands in the work of both sides, with its last day', async () => {
  await asked('2026-10-03')
  expect(await page('/en/work', 'carrier_agent')).toContain('Passengers carried in October 2026')
  expect(await page('/en/work', AS)).toContain('Passengers carried in October 2026 · Office of carrier_agent')
})

test('a carrier that may not ask for another reason is reminded of its figure all the same, and is not told the reason', async () => {
  await asked('2026-09-03')
  await site.owner
    .updateTable('entry_check.agreement')
    .set({ suspended_at: on('2026-09-20'), suspended_for: 'honey' })
    .execute()
  await night('2026-10-31')
  expect(await state()).toEqual({ suspended_at: on('2026-09-20'), suspended_for: 'honey' })
  expect(await told()).toEqual(['figure_wanted', 'own_figure_wanted'])
  expect(await page('/en/work/carrier-check', 'carrier_agent')).not.toContain('switched off.')
  expect((await officer('/state', { act: 'resume' })).status).toBe(409)
})

test('without an agreement that holds nobody is offered to ask', async () => {
  const form = '<carrier-check'
  expect(await page('/en/work/carrier-check', 'carrier_agent')).toContain(form)
  await site.owner
    .updateTable('entry_check.agreement')
    .set({ ended_at: on('2026-10-01') })
    .execute()
  const off = await page('/en/work/carrier-check', 'carrier_agent')
  expect(off).toContain('Your organisation has no agreement in force.')
  expect(off).not.toContain(form)
})

test('one carrier reads neither questions nor figures of another, and states none for it', async () => {
  await asked('2026-10-03')
  await site.owner
    .updateTable('entry_check.agreement')
    .set({ organisation_id: (await site.actor('carrier_desk')).organisation_id })
    .execute()
  expect(await page('/en/work/carrier-check', 'carrier_agent')).not.toContain('2026?')
  expect((await own({ month: '2026-10', passengers: '900' })).status).toBe(409)
})
