import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'

let site: TestApp
beforeAll(async () => {
  site = await testApp()
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
