import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { bringNotices } from '../../../test/notices.ts'
import { askDesk, proofOf, TRAVELLERS, work } from './fixtures/desk.ts'

type Proof = { reference: string; pin: string }

// The stated test of times (`asking.test.ts`) sees milliseconds; one look-up takes less. What was done at all is counted here.
let site: TestApp
const askers: Record<string, Proof> = { unknown: { reference: '2222-2222-2222', pin: '123456' } }
beforeAll(async () => {
  site = await testApp()
  await bringNotices(site)
  await work(site)
  const { banned, controlled, free } = TRAVELLERS
  const people = { listed: banned, controlled, free, identity: { ...banned, document: 'A99990001' } }
  for (const [name, traveller] of Object.entries(people)) askers[name] = await proofOf(site, traveller)
  const { reference, pin } = askers.listed!
  askers.wrong = { reference, pin: pin === '000000' ? '000001' : '000000' }
})
beforeEach(() => site.owner.deleteFrom('my_case.attempt').execute())
afterAll(() => site.drop())

type Statement = { text: string; values: string[] }

/**
 * Every statement that any connection of this process sends while something is done, with its values; of the job, which is sealed and
 * has an id of chance, how long they are.
 */
async function statementsOf(act: () => Promise<unknown>): Promise<Statement[]> {
  const sent = vi.spyOn(pg.Client.prototype, 'query')
  try {
    await act()
    return sent.mock.calls.map(([asked, given]: any[]) => {
      const { text, values } = typeof asked === 'string' ? { text: asked, values: given } : asked
      const shown = text.includes('jobs.enqueue') ? lengthOf : textOf
      return { text, values: Array.isArray(values) ? values.map(shown) : [] }
    })
  } finally {
    sent.mockRestore()
  }
}

const textOf = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(textOf)}]` : Buffer.isBuffer(value) ? value.toString('hex') : String(value)
const lengthOf = (value: unknown): string =>
  `${typeof value} ${(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).length}`

const post = (path: string, form: Proof) => async () => {
  const response = await site.ask(`/en/entry-check${path}`, { form })
  await response.arrayBuffer()
  return response.status
}
/** Tables and functions that a statement names. */
const named = ({ text }: Statement): string[] => text.replaceAll('"', '').match(/\b[a-z_]+\.[a-z_]+\b/g) ?? []

test('a question is taken by the same statements for everybody, and none of them looks at anybody', async () => {
  // The first of a process reads what is kept afterwards, such as reference lists.
  await post('', askers.unknown!)()
  const all = new Map<string, Statement[]>()
  for (const [name, proof] of Object.entries(askers)) all.set(name, await statementsOf(post('', proof)))
  const first = all.get('unknown')!
  for (const [name, statements] of all) expect([name, statements]).toEqual([name, first])
  // The limits of this network and browser, and a job that is not begun yet. What is added here must know nothing about anybody.
  expect(first.flatMap(named).filter((name) => !name.startsWith('app.'))).toEqual(['my_case.take', 'jobs.enqueue'])
})

test('nor does a desk look at anybody while it takes a check: whom it agrees with is noted later', async () => {
  const { banned, free } = TRAVELLERS
  const travellers = [free, banned, { ...banned, document: 'Z7100001' }]
  const all: Statement[][] = []
  for (const traveller of travellers) all.push(await statementsOf(() => askDesk(site, traveller)))
  const texts = all.map((statements) => statements.map(({ text }) => text))
  for (const one of texts) expect(one).toEqual(texts[0])
  const parts = new Set(
    all
      .flat()
      .flatMap(named)
      .map((name) => name.split('.')[0]),
  )
  expect(parts).toContain('entry_check')
  for (const part of ['people', 'expulsions']) expect(parts).not.toContain(part)
})

test('that test can fail: an answer is opened by other statements where there is one', async () => {
  const opened = async (proof: Proof) => (await statementsOf(post('/answer', proof))).map(({ text }) => text)
  const [listed, unknown] = [await opened(askers.listed!), await opened(askers.unknown!)]
  expect(listed).not.toEqual(unknown)
  expect(unknown.join()).toContain('entry_check.find_holder')
  expect(listed.join()).toContain('entry_check.find_answer')
})
