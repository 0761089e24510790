import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withActor } from '#kernel/access/transaction.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { actInCase, apply, bringOffer, inbox, openCase } from '../../../test/hiring.ts'
import { makeEmployer } from '../employers/fixtures/office.ts'
import { ACTS, after, employerActs, STATES, type State } from './states.ts'

let site: TestApp
let vacancy: string
beforeAll(async () => {
  site = await testApp()
  await makeEmployer(site)
  vacancy = await bringOffer(site, 'welder', { requirements: 'Удостоверение сварщика. Знание русского языка.' })
})
afterAll(() => site?.drop())

const as = 'employer' as const
const text = async (path: string) => (await site.ask(path, { as })).text()
const candidates = () => text(`/en/work/candidates?vacancy=${vacancy}`)
const shown = (page: string) => (page.match(/name="candidate"|The person decides/g) ?? []).length

test('employers find who agreed, and only what they agreed to', async () => {
  await apply(site, vacancy, { name: 'Нигора Намунаева' })
  expect(shown(await candidates())).toBe(0)
  const proof = await apply(site, vacancy, { findable: 'yes', shown: ['languages'], lang_ru: '', lang_en: 'well' })
  const page = await candidates()
  expect(shown(page)).toBe(1)
  expect(page).toMatch(/Lacks: Russian \(Everyday talk\)/)
  expect(page).toContain('English: Well')
  for (const hidden of ['Далер', '901234567', 'Welder’s certificate', 'Dushanbe']) {
    const main = page.slice(page.indexOf('class="card flow"'), page.indexOf('class="quiet clock"'))
    expect(main).not.toContain(hidden)
  }
  // Asked to apply, the person finds it; the employer learns nothing more.
  const candidate = /name="candidate" value="([^"]+)"/.exec(page)![1]!
  const other = await bringOffer(site, 'other', { title: 'Сварщик на завод' })
  await site.ask('/en/work/candidates', { as, form: { candidate, vacancy: other } })
  const { page: own } = await openCase(site, proof)
  expect(own).toMatch(/Employers ask you to apply[\s\S]*Сварщик на завод/)
  expect(await actInCase(site, proof, 'apply', { vacancy: other })).toContain('Your application is sent')
  // No longer found, at any time.
  const profile = { act: 'save', trade: 'сварщик', lang_en: 'well' }
  expect(await actInCase(site, proof, 'profile', profile)).toContain('Other employers do not see you.')
  expect(shown(await candidates())).toBe(0)
})

test('matches are explained to the person: what fits, and what is lacked', async () => {
  await bringOffer(site, 'forklift', {
    title: 'Водитель погрузчика',
    requirements: 'Удостоверение водителя погрузчика',
  })
  const proof = await apply(site, vacancy, { trade: 'водитель погрузчика', licences: [], places: '' })
  const { page } = await openCase(site, proof)
  expect(page).toMatch(/Work that fits[\s\S]*Водитель погрузчика[\s\S]*You lack: Forklift licence/)
})

test('states: what was withdrawn stays so, and only the person withdraws', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...ACTS), { maxLength: 12 }), (acts) => {
      let state: State = 'received'
      for (const act of acts) {
        const next = after(state, act)
        if (state === 'withdrawn') expect(next).toBeNull()
        else if (act === 'withdraw') expect(next).toBe('withdrawn')
        else {
          expect(next !== null).toBe(employerActs(state).includes(act))
          expect(next).not.toBe('withdrawn')
        }
        // Nobody is hired who was not invited first.
        if (next === 'hired') expect(state).toBe('invited')
        state = next ?? state
      }
      expect(STATES).toContain(state)
    }),
  )
})

test('whoever withdrew is on no employer page, in no export, no count, whatever happened before', async () => {
  const steps = fc.array(fc.constantFrom('invite', 'decline', 'reopen', 'hire', 'note', 'release', 'phone'), {
    maxLength: 5,
  })
  const ends = fc.constantFrom('withdraw', 'end')
  let nth = 0
  await fc.assert(
    fc.asyncProperty(steps, ends, async (acts, end) => {
      const name = `Гурехта${++nth}`
      const proof = await apply(site, vacancy, { name, findable: 'yes', phone: '+992 93 555 55 55' })
      const [reference] = await inbox(site)
      const count = await lead()
      const found = shown(await candidates())
      const path = `/en/work/applications/${reference}`
      for (const act of acts) {
        if (act === 'release')
          await actInCase(site, proof, 'applications', { application: reference!, act: 'release_phone' })
        else if (act === 'phone') await site.ask(`${path}/phone`, { as, form: { ask: 'yes' } })
        else if (act === 'note') await site.ask(`${path}/notes`, { as, form: { words: `${name} tall` } })
        else await site.ask(path, { as, form: { act, reason: 'other', words: name, ...START } })
      }
      await actInCase(site, proof, 'applications', { application: reference!, act: end })
      const pages = [
        await text('/en/work/applications'),
        await text('/en/work/applications.csv'),
        await text(`/en/work/applications?vacancy=${vacancy}`),
        await text('/en/work'),
        await text('/en/work/notifications'),
        await text('/en/work/exports'),
        await candidates(),
      ]
      for (const page of pages) {
        expect(page).not.toContain(name)
        expect(page).not.toContain(reference)
        expect(page).not.toContain('935555555')
      }
      // Below every page: whatever an employer's connection asks for, no row of theirs is there.
      const boss = await site.actor(as)
      const { id } = await site.owner
        .selectFrom('applications.application')
        .select('id')
        .where('reference', '=', reference!)
        .executeTakeFirstOrThrow()
      const rows = await withActor(
        site.db,
        boss,
        (db) =>
          sql`
          select a.id from applications.application a where a.id = ${id}
          union all
          select e.id from applications.event e where e.application_id = ${id}
          union all
          select p.id from applications.placement p where p.application_id = ${id}`.execute(db),
        NOW,
      )
      expect(rows.rows).toEqual([])
      for (const below of ['', '/notes', '/phone']) {
        const form = below ? { words: 'x' } : undefined
        expect((await site.ask(path + below, { as, ...(form && { form }) })).status).toBe(404)
      }
      expect(await lead()).toBe(count - 1)
      expect(shown(await candidates())).toBe(end === 'end' ? found - 1 : found)
      if (end === 'withdraw') await actInCase(site, proof, 'applications', { act: 'end' })
    }),
    { numRuns: 8 },
  )
}, 180_000)

const START = { start_day: '1', start_month: '12', start_year: '2026' }
const lead = async () => Number(/(\d+) applications?</.exec(await text('/en/work/applications'))?.[1] ?? 0)
