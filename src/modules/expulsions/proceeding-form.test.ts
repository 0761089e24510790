import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { readPdf } from '../../../test/pdf.ts'

let site: TestApp
let now = NOW
beforeAll(async () => {
  site = await testApp({ now: () => now })
})
afterEach(() => {
  now = NOW
})
afterAll(() => site.drop())

type Form = Record<string, string>
const day = (name: string, [year, month, date]: [number, number, number]): Form => ({
  ...{ [`${name}_day`]: `${date}`, [`${name}_month`]: `${month}`, [`${name}_year`]: `${year}` },
})
const NEW: Form = { family: 'Намунаев', given: 'Сомон', place: 'Москва', status: 'ordered' }
const send = (path: string, form: Form) => site.ask(path, { as: 'consul', form })
const enter = (form: Form) => send('/en/work/proceedings/new', { ...NEW, ...form })
const pathOf = (response: Response) => {
  expect(response.status).toBe(303)
  return response.headers.get('location')!.replace(/\?.*/, '')
}
const kept = (path: string) =>
  site.owner
    .selectFrom('expulsions.proceeding')
    .selectAll()
    .where('reference', '=', path.split('/').at(-1)!)
    .executeTakeFirstOrThrow()
const until = async (path: string) => String((await kept(path)).appeal_until)

/** What the form of a proceeding would send, as the page shows it. */
async function shown(path: string): Promise<Form> {
  const page = await (await site.ask(path, { as: 'consul' })).text()
  const form = page.slice(page.indexOf('name="place"') - 200)
  const attribute = (tag: string, name: string) =>
    new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&quot;', '"')
  const inputs = [...form.matchAll(/<input [^>]*>/g)].map(([tag]) => tag)
  const sent = inputs.filter((tag) => !/type="(radio|checkbox)"/.test(tag) || / checked/.test(tag))
  const texts = sent.map((tag) => [attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? ''])
  const selects = [...form.matchAll(/<select [^>]*name="(\w+)".*?<option value="(\w+)" selected/gs)]
  return Object.fromEntries([...texts, ...selects.map(([, name, value]) => [name!, value!])])
}
const change = async (path: string, form: Form) => send(path, { ...(await shown(path)), ...form })

const NOVEMBER = (date: number): [number, number, number] => [2026, 11, date]

test('a place left out and a wrong day are said at once', async () => {
  const page = await enter({ place: '', ...day('served_on', [2031, 11, 20]) })
  expect(page.status).toBe(422)
  const text = await page.text()
  expect(text).toContain('Name the place.')
  expect(text).toContain('aria-describedby="served_on-error"')
})

test('days to appeal are counted anew when the day of service is put right, or the place', async () => {
  const path = pathOf(await enter({ ...day('served_on', NOVEMBER(20)), appeal_days: '10' }))
  // The end of 30 November in Moscow.
  expect(await until(path)).toBe('2026-11-30T20:59:00Z')
  pathOf(await change(path, day('served_on', NOVEMBER(14))))
  expect(await until(path)).toBe('2026-11-24T20:59:00Z')
  pathOf(await change(path, { place: 'RU-KAM' }))
  expect(await until(path)).toBe('2026-11-24T11:59:00Z')
  expect((await kept(path)).appeal_days).toBe(10)
})

test('a stated last day stays as it was typed; when service changes beside it, somebody has to say that it holds', async () => {
  const stated = { ...day('served_on', NOVEMBER(20)), ...day('appeal_on', [2026, 12, 4]) }
  const path = pathOf(await enter(stated))
  const end = '2026-12-04T20:59:00Z'
  pathOf(await change(path, { authority: 'A court' }))
  expect(await until(path)).toBe(end)

  const moved = day('served_on', NOVEMBER(14))
  const asked = await change(path, moved)
  expect(asked.status).toBe(422)
  const page = (await asked.text()).replaceAll('\u00a0', ' ')
  expect(page).toMatch(/class="errors".*<a href="#appeal_on">[^<]*4 December 2026/s)
  expect(page).toContain('name="appeal_on_kept" value="2026-11-14"')
  expect(String((await kept(path)).served_on)).toBe('2026-11-20')
  // A word about another day of service is none about this one.
  expect((await change(path, { ...moved, appeal_on_kept: '2026-11-13' })).status).toBe(422)
  pathOf(await change(path, { ...moved, appeal_on_kept: '2026-11-14' }))
  expect([await until(path), String((await kept(path)).served_on)]).toEqual([end, '2026-11-14'])

  // Said twice, nobody knows which.
  expect((await change(path, { appeal_days: '10' })).status).toBe(422)
  // Changed, or emptied so that it is counted, it is asked about no more.
  pathOf(await change(path, { ...day('served_on', NOVEMBER(16)), ...day('appeal_on', [2026, 12, 1]) }))
  expect(await until(path)).toBe('2026-12-01T20:59:00Z')
  const empty = { appeal_on_day: '', appeal_on_month: '', appeal_on_year: '' }
  pathOf(await change(path, { ...day('served_on', NOVEMBER(12)), ...empty }))
  expect([await until(path), (await kept(path)).appeal_rule]).toEqual(['2026-11-22T20:59:00Z', 'appeal-expulsion'])
})

test.each(['detained_on', 'decision_on', 'served_on', 'appealed_on', 'visited_on'])(
  '%s is no day ahead, by the clock of the place',
  async (name) => {
    // Midnight has passed at home and in Kamchatka, and not in Moscow.
    now = Temporal.Instant.from('2026-11-21T20:00:00Z')
    const refused = await enter(day(name, NOVEMBER(22)))
    expect(refused.status).toBe(422)
    expect(await refused.text()).toMatch(new RegExp(`class="errors".*<a href="#${name}">That day is still ahead`, 's'))
    pathOf(await enter(day(name, NOVEMBER(21))))
    pathOf(await enter({ ...day(name, NOVEMBER(22)), place: 'RU-KAM' }))
    expect((await enter(day(name, [2062, 11, 20]))).status).toBe(422)
  },
)

test.each([
  [
    { ...day('served_on', NOVEMBER(20)), ...day('appeal_on', NOVEMBER(19)) },
    'appeal_on',
    'is before the decision or its',
  ],
  [
    { ...day('decision_on', NOVEMBER(20)), ...day('appeal_on', NOVEMBER(19)) },
    'appeal_on',
    'is before the decision or its',
  ],
  [
    { ...day('decision_on', NOVEMBER(20)), ...day('served_on', NOVEMBER(19)) },
    'served_on',
    'was handed over before it was',
  ],
  [day('appeal_on', [2062, 11, 30]), 'appeal_on', 'more than a year ahead'],
  [day('hearing_on', [2062, 11, 30]), 'hearing_on', 'more than a year ahead'],
  [day('appeal_on', [26, 11, 30]), 'appeal_on', 'no such day'],
  [day('served_on', [26, 11, 20]), 'served_on', 'no such day'],
])('days that cannot be tell nobody that it is too late, or early enough: %j', async (form, field, words) => {
  const refused = await enter(form)
  expect(refused.status).toBe(422)
  expect(await refused.text()).toMatch(new RegExp(`class="errors".*<a href="#${field}">[^<]*${words}`, 's'))
})

test('a last day to appeal may be the day of service, past, or most of a year ahead', async () => {
  pathOf(await enter({ ...day('served_on', NOVEMBER(20)), ...day('appeal_on', NOVEMBER(20)) }))
  pathOf(await enter(day('appeal_on', [2027, 11, 1])))
})

test('a place that only sounds like what was written is named, and taken when somebody says that it is meant', async () => {
  const count = async () => (await site.owner.selectFrom('expulsions.proceeding').select('id').execute()).length
  const before = await count()
  for (const place of ['Нигде', 'СИЗО-1, Нигде']) {
    const asked = await enter({ place })
    expect(asked.status).toBe(422)
    const page = await asked.text()
    expect(page).toMatch(/class="errors".*<a href="#place">[^<]*Niğde, Tür/s)
    expect(page).toContain('name="place_meant" value="TR-51"')
  }
  // A yes to one place is none to another.
  expect((await enter({ place: 'Нигде', place_meant: 'RU-MOW' })).status).toBe(422)
  expect(await count()).toBe(before)
  const path = pathOf(await enter({ place: 'Нигде', place_meant: 'TR-51' }))
  // What was taken is asked no more.
  pathOf(await change(path, { place: 'Нигде' }))
  for (const place of ['москва', 'г. Москва', 'Маскав', 'Moscow, Russia', 'Тульская обл.', 'Екатеринбург'])
    pathOf(await enter({ place }))
})

test('a hearing whose hour nobody knows has a day and no hour, on the page and on the sheet', async () => {
  const path = pathOf(await enter(day('hearing_on', NOVEMBER(24))))
  const { hearing_on, hearing_at } = await kept(path)
  expect([String(hearing_on), hearing_at]).toEqual(['2026-11-24', null])
  const read = async () => (await (await site.ask(path, { as: 'consul' })).text()).replaceAll('\u00a0', ' ')
  expect(await read()).toContain('<dt>Hearing</dt><dd>24 November 2026, hour not known</dd>')
  const letter = await send(`${path}/person`, { act: 'letter', lang: 'ru' })
  const sheet = await site.ask(`${letter.headers.get('location')!}/pdf`, { as: 'consul' })
  const { text } = await readPdf(new Uint8Array(await sheet.arrayBuffer()))
  expect(text).toContain('24 ноября 2026, час неизвестен')
  expect(text).not.toContain('00:00')

  pathOf(await change(path, { hearing_time: '9:05' }))
  const known = await kept(path)
  expect([known.hearing_on, String(known.hearing_at)]).toEqual([null, '2026-11-24T06:05:00Z'])
  expect((await shown(path)).hearing_time).toBe('09:05')
  expect((await enter({ hearing_time: '10:30' })).status).toBe(422)
})

test('what one officer saved while another had the form open is not overwritten: it is shown, and saved with theirs', async () => {
  const path = pathOf(await enter({}))
  const page = await (await site.ask(path, { as: 'consul' })).text()
  const seen = / name="seen" value="([^"]*)"/.exec(page)?.[1] ?? ''
  const form = { ...(await shown(path)), seen }
  now = NOW.add({ minutes: 5 })
  pathOf(await send(path, { ...form, ...day('served_on', NOVEMBER(20)) }))
  // What is seen stays so where something else is wrong.
  const wrong = await send(path, { ...form, ...day('decision_on', [2026, 13, 1]) })
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining(`name="seen" value="${seen}"`)])
  const refused = await send(path, { ...form, authority: 'Another court' })
  expect(refused.status).toBe(409)
  const text = await refused.text()
  expect(text).toContain('Somebody else saved in the meantime.')
  expect(text).toMatch(/name="served_on_day" value="20"/)
  expect(text).toContain('value="Another court"')
  expect(await kept(path)).toMatchObject({ authority: null, served_on: Temporal.PlainDate.from('2026-11-20') })
  now = NOW.add({ minutes: 6 })
  const again = / name="seen" value="([^"]*)"/.exec(text)![1]!
  pathOf(await send(path, { ...form, ...day('served_on', NOVEMBER(20)), authority: 'Another court', seen: again }))
  expect(await kept(path)).toMatchObject({
    authority: 'Another court',
    served_on: Temporal.PlainDate.from('2026-11-20'),
  })
})

test('what a colleague corrected is not put back by a form that showed it before, and what was cleared stays so', async () => {
  const path = pathOf(await enter({ ...day('served_on', NOVEMBER(20)), authority: 'A court', detained_at: 'Camp' }))
  const form = await shown(path)
  const page = await (await site.ask(path, { as: 'consul' })).text()
  const hidden = (text: string) =>
    Object.fromEntries(
      [...text.matchAll(/ name="(seen|was)" value="([^"]*)"/g)].map(([, name, value]) => [
        name!,
        value!.replaceAll('&quot;', '"'),
      ]),
    )
  now = NOW.add({ minutes: 5 })
  pathOf(await change(path, { ...day('served_on', NOVEMBER(18)), status: 'released' }))
  const refused = await send(path, { ...form, ...hidden(page), authority: 'Another court', detained_at: '' })
  expect(refused.status).toBe(409)
  const text = await refused.text()
  expect(text).toMatch(/name="served_on_day" value="18"/)
  expect(text).toContain('value="Another court"')
  expect(text).not.toContain('value="Camp"')
  expect(text).toMatch(/value="released"[^>]* checked|checked[^>]* value="released"/)
  for (const was of ['', 'x', '[1]', '{"place":1}'])
    expect((await send(path, { ...form, ...hidden(page), was })).status).toBe(409)
  expect(hidden(text)).not.toEqual(hidden(page))
})
