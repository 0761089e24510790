import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { bringPeople, type RegistryName } from '../../../test/people.ts'

let app: TestApp
let known: Record<RegistryName, string>
beforeAll(async () => {
  app = await testApp()
  known = await bringPeople(app)
})
afterAll(() => app?.drop())

const AS = { as: 'registry_officer' as const }
const get = async (path: string) => {
  const response = await app.ask(path, AS)
  return { status: response.status, location: response.headers.get('location'), text: await response.text() }
}
const post = async (path: string, form: Record<string, string>) => {
  const response = await app.ask(path, { ...AS, form })
  return { status: response.status, location: response.headers.get('location'), text: await response.text() }
}
const looks = async () =>
  (await app.owner.selectFrom('people.look').select('what').orderBy('id').execute()).map(({ what }) => what)

test('a search says what is missing, and keeps names out of addresses and titles', async () => {
  const nothing = await post('/en/work/people', {})
  expect(nothing.status).toBe(422)
  expect(nothing.text).toContain('Say what it is for.')
  expect((await post('/en/work/people', { purpose: 'help' })).text).toContain(
    'Write a name, a birth year or a document.',
  )
  expect(
    (await post('/en/work/people', { birth_day: '31', birth_month: '13', birth_year: '1990', purpose: 'help' })).status,
  ).toBe(422)
  const { status, location } = await post('/en/work/people', { name: 'safarov baxtiyor', purpose: 'help' })
  expect([status, location]).toEqual([303, expect.stringMatching(/^\/en\/work\/people\?lookup=[0-9a-f-]{36}$/)])
  const list = await get(location!)
  expect(list.text).toContain('Сафарзода Бахтиёр Карим')
  expect(/<title>(.*?)<\/title>/.exec(list.text)![1]).not.toMatch(/Сафар/)
  const person = await get(`/en/work/people/${known.found}`)
  expect(/<title>(.*?)<\/title>/.exec(person.text)![1]).not.toMatch(/Сафар/)
})

test('whoever comes without a search says why before anything is shown', async () => {
  const path = `/en/work/people/${known.unasked}`
  const asked = await get(path)
  expect(asked.text).toContain('Why do you open this person?')
  expect(asked.text).not.toContain('Моҳинисо')
  expect((await get(`${path}/log`)).location).toBe(path)
  expect((await post(`${path}/numbers`, {})).location).toBe(path)
  expect((await post(path, { purpose: 'nothing' })).status).toBe(422)
  expect(await post(path, { purpose: 'complaint', words: 'Letter 7' })).toMatchObject({ status: 303, location: path })
  expect((await get(path)).text).toContain('Моҳинисо')
})

test('the general search box finds people by a line, and its purpose opens nobody', async () => {
  const { text } = await get(`/en/work/find?q=${encodeURIComponent('сафаров 12.04.1991')}`)
  expect(text).toContain(known.found)
  const { purpose } = await app.owner
    .selectFrom('people.lookup')
    .select('purpose')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  expect(purpose).toBe('find')
})

test('numbers are masked until they are asked for, which stands in both logs; the log names offices', async () => {
  const path = `/en/work/people/${known.found}`
  const masked = (await get(path)).text
  expect(masked).toContain('•••• 9038')
  expect(masked).not.toMatch(/A50129038|0001234|бегоҳ/)
  const before = await looks()
  const shown = (await post(`${path}/numbers`, {})).text
  for (const number of ['A50129038', '+992000001234', 'бегоҳ']) expect(shown).toContain(number)
  expect((await looks()).slice(before.length)).toEqual(['numbers'])
  const lines = await app.owner
    .selectFrom('audit.entry')
    .select('details')
    .where('action', '=', 'person.show_numbers')
    .execute()
  expect(lines).toHaveLength(1)
  const log = (await get(`${path}/log`)).text
  expect(log).toContain('Office of registry_officer')
  expect(log).not.toContain('Test registry_officer, ')
  for (const what of ['stood in a list of results', 'page opened', 'numbers shown in full']) expect(log).toContain(what)
})

test('a pair stands side by side, differences marked, and the look is kept for both', async () => {
  const before = (await looks()).length
  const { text } = await get(`/en/work/people/review/${known.pair}`)
  expect(text).toContain('Сафар<mark>ов</mark>')
  expect(text).toContain('Сафар<mark>зода</mark>')
  expect(text).toContain('two officers confirm it')
  for (const key of ['1', '2', '3']) expect(text).toContain(`aria-keyshortcuts="${key}"`)
  expect((await looks()).slice(before)).toEqual(['compared', 'compared'])
})

test('two persons merged by an officer are one address, and two again after it is taken back', async () => {
  const path = `/en/work/people/${known.found}`
  const other = known.unasked
  expect((await post(`${path}/acts`, { act: 'merge', other })).status).toBe(303)
  expect((await get(`/en/work/people/${other}`)).location).toBe(path)
  const page = (await get(path)).text
  expect(page).toContain('Моҳинисо')
  const event = /name="event" value="([0-9a-f-]{36})"/.exec(page)![1]!
  expect((await post(`${path}/acts`, { act: 'take_back', event })).status).toBe(303)
  expect((await get(path)).text).not.toContain('Моҳинисо')
  expect((await post(`${path}/acts`, { act: 'take_back', event })).status).toBe(409)
  expect((await post(`${path}/acts`, { act: 'merge' })).status).toBe(400)
})

test('other parts show their panels to whoever may see them', async () => {
  const panel = (permission: string, text: string) => ({ permission, title: 'people.names', render: async () => text })
  const part = {
    name: 'panels',
    personPanels: [panel('person.read', 'A panel for officers'), panel('user.administer', 'A panel for others')],
  }
  const { parts } = app.platform
  Object.assign(app.platform, { parts: [...parts, part] })
  const { text } = await get(`/en/work/people/${known.found}`)
  Object.assign(app.platform, { parts })
  expect(text).toContain('A panel for officers')
  expect(text).not.toContain('A panel for others')
})
