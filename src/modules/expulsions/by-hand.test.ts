import { afterAll, beforeAll, expect, test } from 'vitest'
import { takeUnattended } from '#kernel/imports/import-file.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { type TestApp, testApp } from '../../../test/app.ts'

let site: TestApp
beforeAll(async () => {
  site = await testApp()
  const [consul, officer] = [await site.actor('consul'), await site.actor('notice_officer')]
  await site.owner
    .insertInto('expulsions.body')
    .values([
      { organisation_id: consul.organisation_id, kind: 'foreign_affairs' },
      { organisation_id: officer.organisation_id, kind: 'migration' },
    ])
    .execute()
})
afterAll(() => site.drop())

const NOTICE = {
  ...{ letter: '14/2-881', family: 'Намунаев', given: 'Далер', document: 'а 1234567', measure: 'entry_ban' },
  ...{ birth_day: '14', birth_month: '2', birth_year: '1990', term: 'until' },
  ...{ ends_day: '1', ends_month: '6', ends_year: '2029', ground: 'ст. 26', decision_no: 'Н-1' },
}
const enter = (form: Record<string, string>) => site.ask('/en/work/expulsions/new', { as: 'consul', form })
async function taken(form: Record<string, string>) {
  const response = await enter(form)
  expect(response.status).toBe(303)
  const id = response.headers.get('location')!.split('/').at(-1)!
  const ctx = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'imports.take' } })
  await takeUnattended(
    { ...ctx, run_id: null, signal: new AbortController().signal, report: async () => {} } as JobCtx,
    id,
  )
  expect((await site.ask(`/en/work/imports/${id}`, { as: 'consul' })).status).toBe(200)
  return site.owner.selectFrom('imports.import').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}
const statements = () =>
  site.owner
    .selectFrom('expulsions.statement')
    .select(['kind', 'term', 'ends_on', 'ground', 'decision_no', 'version'])
    .orderBy('stated_at')
    .orderBy('version')
    .execute()

test('one notice by hand is kept and passed on like a list; the same again changes nothing, corrected it is a version', async () => {
  // It has no file; what stands in its place is read by people.
  expect(await taken(NOTICE)).toMatchObject({ state: 'done', created: 1, errors: 0, file_name: 'One notice by hand' })
  expect(await statements()).toEqual([
    {
      ...{ kind: 'entry_ban', term: 'until', ends_on: Temporal.PlainDate.from('2029-06-01'), ground: 'ст. 26' },
      ...{ decision_no: 'Н-1', version: 1 },
    },
  ])
  const deliveries = await site.owner.selectFrom('expulsions.delivery').select('to_organisation').execute()
  expect(deliveries).toEqual([{ to_organisation: (await site.actor('notice_officer')).organisation_id }])
  expect(await taken(NOTICE)).toMatchObject({ created: 0, same: 1 })
  expect(await taken({ ...NOTICE, ends_year: '2027' })).toMatchObject({ updated: 1 })
  expect((await statements()).map(({ version }) => version)).toEqual([1, 2])
})

test('a year alone is a birth, an unknown term is one, a refusal at the border is an event', async () => {
  const { ends_day: _, ends_month: __, ends_year: ___, birth_day: ____, birth_month: _____, ...rest } = NOTICE
  const unknown = { ...rest, document: 'A2234567', decision_no: 'Н-2', term: 'unknown' }
  expect(await taken(unknown)).toMatchObject({ created: 1 })
  expect((await statements()).find(({ decision_no }) => decision_no === 'Н-2')).toMatchObject({
    term: 'unknown',
    ends_on: null,
  })
  await taken({ ...rest, document: 'A3234567', measure: 'border_refusal', term: 'unknown', decision_no: '' })
  expect(await site.owner.selectFrom('expulsions.border_refusal').select('id').execute()).toHaveLength(1)
})

test('a length is read as in a list, and counts from the day on which it was carried out; until that is known the end is open', async () => {
  const { ends_day: _, ends_month: __, ends_year: ___, ...rest } = NOTICE
  const length = { ...rest, measure: 'expulsion', term: 'lasts', lasts: '5 лет' }
  const executed = { executed_on_day: '20', executed_on_month: '6', executed_on_year: '2023' }
  await taken({ ...length, document: 'A4234567', decision_no: 'В-1', ...executed })
  await taken({ ...length, document: 'A5234567', decision_no: 'В-2' })
  await taken({ ...length, document: 'A6234567', decision_no: 'В-3', ...executed, lasts: '3 года и 6 месяцев' })
  const kept = await site.owner
    .selectFrom('expulsions.statement')
    .select(['decision_no', 'term', 'ends_on', 'lasts', 'executed_on'])
    .where('decision_no', 'like', 'В-%')
    .orderBy('decision_no')
    .execute()
  expect(kept.map((one) => Object.values(one).map(String))).toEqual([
    ['В-1', 'until', '2028-06-20', 'P5Y', '2023-06-20'],
    ['В-2', 'unknown', 'null', 'P5Y', 'null'],
    ['В-3', 'until', '2026-12-20', 'P3Y6M', '2023-06-20'],
  ])
})

test.each([
  [{ family: '', given: '' }, 'family'],
  [{ measure: '' }, 'measure'],
  [{ term: '' }, 'term'],
  [{ ends_day: '31' }, 'ends'],
  [{ ends_day: '', ends_month: '', ends_year: '' }, 'ends'],
  [{ term: 'lasts' }, 'lasts'],
  [{ term: 'lasts', lasts: '5' }, 'lasts'],
  [{ term: 'lasts', lasts: '01.06.2029' }, 'lasts'],
  [{ executed_on_day: '1', executed_on_month: '2', executed_on_year: '2062' }, 'executed_on'],
  [{ document: '12' }, 'document'],
  [{ birth_year: '2090' }, 'birth'],
])('what is wrong is told at its field, and nothing is kept: %j', async (change, field) => {
  const imports = () => site.owner.selectFrom('imports.import').select('id').execute()
  const before = await imports()
  const response = await enter({ ...NOTICE, ...change })
  expect(response.status).toBe(422)
  const page = await response.text()
  expect(page).toMatch(new RegExp(`class="errors".*<a href="#${field}">`, 's'))
  expect(page).toContain(`id="${field}-error"`)
  expect(await imports()).toHaveLength(before.length)
})

test('what is wrong is told in the order of the page', async () => {
  const page = await (await enter({ ...NOTICE, birth_day: '45', measure: '', decision_on_day: '45', term: '' })).text()
  expect([...page.matchAll(/<li><a href="#(\w+)"/g)].map(([, field]) => field)).toEqual([
    'birth',
    'measure',
    'decision_on',
    'term',
  ])
})
