import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile } from '#kernel/imports/import-file.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { bringNotices, type NoticeName } from '../../../test/notices.ts'
import { readPdf } from '../../../test/pdf.ts'
import { listImport } from './import.ts'

let site: TestApp
let known: Record<NoticeName, string>
beforeAll(async () => {
  site = await testApp()
  known = await bringNotices(site)
  const first = await site.owner
    .selectFrom('expulsions.statement as s')
    .innerJoin('expulsions.measure as m', 'm.id', 's.measure_id')
    .select('m.reference')
    .where('s.decision_no', '=', 'Н-1')
    .executeTakeFirstOrThrow()
  known = { ...known, measure: first.reference }
})
afterAll(() => site.drop())

const plain = async (response: Response) => (await response.text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const LETTER = {
  ...{
    kind: 'appeal',
    to: 'Тверской районный суд',
    name: 'Ҳикматуллоев Ҷамшед',
    birth: '03.04.1999',
    number: '5-12/26',
  },
  ...{ reasons: ['family', 'no_interpreter'], words: 'У меня трое детей.', restore: 'yes', interpreter: 'yes' },
}

test('anybody writes an appeal without script: Russian and Tajik beside each other, nothing kept', async () => {
  const count = async () =>
    (
      await site.owner
        .selectFrom('audit.entry')
        .select((e) => e.fn.countAll<bigint>().as('n'))
        .executeTakeFirstOrThrow()
    ).n
  const before = await count()
  const empty = await site.ask('/tg/appeal-letter', { form: { kind: 'appeal' } })
  expect([empty.status, empty.headers.get('cache-control')]).toEqual([422, 'no-store'])
  const shown = await site.ask('/tg/appeal-letter', { form: LETTER })
  expect([shown.status, shown.headers.get('cache-control')]).toEqual([200, 'no-store'])
  const text = await plain(shown)
  for (const sentence of [
    'Жалоба на решение',
    'Шикоят аз қарор',
    'В России живут мои близкие родственники.',
    'Ҳангоми баррасӣ ба ман тарҷумон надоданд.',
    'Прошу его восстановить.',
    'У меня трое детей.',
  ])
    expect(text).toContain(sentence)
  expect(await count()).toBe(before)
})

test.each([
  ['ru', 'Жалоба на решение', 'В России живут мои близкие родственники.', 'Подпись'],
  ['tg', 'Шикоят аз қарор', 'Хешовандони наздики ман дар Русия зиндагӣ мекунанд.', 'Имзо'],
])('the letter in %s as PDF, in the person’s own name', async (as, heading, sentence, signature) => {
  const response = await site.ask('/ru/appeal-letter', { form: { ...LETTER, as } })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  expect(response.headers.get('cache-control')).toBe('no-store')
  const { text, lang, square } = await readPdf(new Uint8Array(await response.arrayBuffer()))
  for (const part of [heading, sentence, signature, 'Ҳикматуллоев Ҷамшед', 'Тверской районный суд', '№ 5-12/26'])
    expect(text).toContain(part)
  // Nobody issued it: no number, nothing to verify.
  expect([lang, square]).toEqual([as, null])
  expect(await site.owner.selectFrom('letters.letter').select('id').execute()).toEqual([])
})

test('officers find it filled in, for a measure and for a proceeding; that it was drafted is noted, not what', async () => {
  const measure = `/en/work/expulsions/measures/${known.measure}`
  const form = await (await site.ask(`${measure}/appeal`, { as: 'consul' })).text()
  expect(form).toContain('value="Намунаев Далер Намунавич"')
  expect(form).toContain('value="Н-1"')
  expect(await (await site.ask(`/en/work/proceedings/${known.proceeding}/appeal`, { as: 'consul' })).text()).toContain(
    'value="Намунаев Сомон"',
  )
  expect(
    (await site.ask(`${measure}/appeal`, { as: 'consul', form: { ...LETTER, as: 'ru' } })).headers.get('content-type'),
  ).toBe('application/pdf')
  const lines = await site.owner
    .selectFrom('audit.entry')
    .select(['subject_type', 'details'])
    .where('action', '=', 'appeal.draft')
    .execute()
  expect(lines).toEqual([{ subject_type: 'measure', details: {} }])
  expect((await site.ask(`${measure}/appeal`, { as: 'notice_recipient' })).status).toBe(403)
})

test('the clock of a measure is set on its page, the sheet is handed over, who told is noted', async () => {
  const path = `/en/work/expulsions/measures/${known.measure}/person`
  const post = (form: Record<string, string>) => site.ask(path, { as: 'consul', form })
  expect((await post({ act: 'clock', served_on_day: '31', served_on_month: '2', served_on_year: '2026' })).status).toBe(
    422,
  )
  const ahead = await post({ act: 'clock', served_on_day: '1', served_on_month: '1', served_on_year: '2027' })
  expect(ahead.status).toBe(422)
  const set = await post({ act: 'clock', served_on_day: '1', served_on_month: '9', served_on_year: '2026' })
  expect(set.headers.get('location')).toBe(`${path}?done=clock`)
  const shown = await plain(await site.ask(path, { as: 'consul' }))
  expect(shown).toContain('Go to court within 3 months')
  expect(shown).toContain('1 December 2026')
  expect(shown).toContain('Check with a lawyer.')
  expect(await plain(await site.ask('/en/work', { as: 'consul' }))).toContain(`Measure ${known.measure}: appeal`)
  expect(await plain(await site.ask(`/en/work/expulsions/measures/${known.measure}`, { as: 'consul' }))).toContain(
    'Go to court within 3 months',
  )
  const letter = (await post({ act: 'letter', lang: 'tg' })).headers.get('location')!
  const file = await site.ask(`${letter}/pdf`, { as: 'consul' })
  const { text, square } = await readPdf(new Uint8Array(await file.arrayBuffer()))
  for (const part of ['Намунаев Далер Намунавич', 'Рӯзи охирини шикоят', '1 декабри 2026', 'То ҷавоб чипта нахаред.'])
    expect(text).toContain(part)
  expect(await plain(await site.ask(square!.replace(/^https?:\/\/[^/]+/, '')))).not.toContain('Намунаев')
  expect((await post({ act: 'told', way: 'desk' })).status).toBe(303)
  expect(await plain(await site.ask(path, { as: 'consul' }))).toContain('in person, at a desk')
  expect(await plain(await post({ act: 'reach' }))).toContain('We know no telephone that only this person uses.')
})

test('no clock of a measure begins before it was decided: it would say that it is too late', async () => {
  await importFile(
    site.ctx({ db: site.owner, actor: await site.actor('consul') }),
    listImport,
    {
      name: 'served.csv',
      bytes: Buffer.from('ФИО;Мера;Номер решения;Дата решения\nНамунаев Тоҷир;депортация;С-1;25.10.2026\n'),
    },
    { source: 'Served' },
  )
  const { reference } = await site.owner
    .selectFrom('expulsions.statement as s')
    .innerJoin('expulsions.measure as m', 'm.id', 's.measure_id')
    .select('m.reference')
    .where('s.decision_no', '=', 'С-1')
    .executeTakeFirstOrThrow()
  const path = `/en/work/expulsions/measures/${reference}/person`
  const serve = (day: string) =>
    site.ask(path, {
      as: 'consul',
      form: { act: 'clock', served_on_day: day, served_on_month: '10', served_on_year: '2026' },
    })
  const refused = await serve('24')
  expect([refused.status, await plain(refused)]).toEqual([
    422,
    expect.stringContaining('handed over before it was made'),
  ])
  expect((await serve('25')).status).toBe(303)
})

test('a proceeding counts its deadline by the rule when nobody states one; what is stated goes before it', async () => {
  const form = {
    ...{ family: 'Намунаева', given: 'Нигора', sex: 'female', place: 'RU-MOW', status: 'ordered' },
    ...{ served_on_day: '16', served_on_month: '11', served_on_year: '2026' },
  }
  const entered = await site.ask('/en/work/proceedings/new', { as: 'consul', form })
  const path = entered.headers.get('location')!.replace(/\?.*/, '')
  const row = () =>
    site.owner
      .selectFrom('expulsions.proceeding')
      .select(['appeal_until', 'appeal_rule'])
      .where('reference', '=', path.split('/').at(-1)!)
      .executeTakeFirstOrThrow()
  expect(Object.values(await row()).map(String)).toEqual(['2026-11-26T20:59:00Z', 'appeal-expulsion'])
  const shown = await plain(await site.ask(path, { as: 'consul' }))
  expect(shown).toContain('Appeal within 10 days after the decision was handed over.')
  const change = {
    place: 'RU-MOW',
    status: 'ordered',
    served_on_day: '18',
    served_on_month: '11',
    served_on_year: '2026',
  }
  await site.ask(path, { as: 'consul', form: change })
  expect(Object.values(await row()).map(String)).toEqual(['2026-11-28T20:59:00Z', 'appeal-expulsion'])
  await site.ask(path, {
    as: 'consul',
    form: { ...change, appeal_on_day: '23', appeal_on_month: '11', appeal_on_year: '2026' },
  })
  expect(Object.values(await row()).map(String)).toEqual(['2026-11-23T20:59:00Z', 'null'])
  const told = await site.ask(`${path}/person`, { as: 'consul', form: { act: 'told', way: 'visit' } })
  expect(told.status).toBe(303)
  expect(await plain(await site.ask(path, { as: 'consul' }))).toContain('on a visit')
  const letter = (await site.ask(`${path}/person`, { as: 'consul', form: { act: 'letter', lang: 'ru' } })).headers.get(
    'location',
  )!
  const { text } = await readPdf(
    new Uint8Array(await (await site.ask(`${letter}/pdf`, { as: 'consul' })).arrayBuffer()),
  )
  expect(text).toContain('Намунаева Нигора')
  expect(text).toContain('23 ноября 2026')
})
