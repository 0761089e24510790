import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FORMS_PER_QUARTER_HOUR, WRITES_PER_QUARTER_HOUR } from '#kernel/http/limits.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { bringOffer, SEEKER } from '../../../test/hiring.ts'
import { makeEmployer } from '../employers/fixtures/office.ts'

let site: TestApp
let vacancy: string
beforeAll(async () => {
  site = await testApp()
  Object.assign(site.platform.config, { HAMSAFAR_PROXY: true })
  await makeEmployer(site)
  vacancy = await bringOffer(site, 'welder')
})
afterAll(() => site?.drop())

const from = (address: string) => ({ 'x-forwarded-for': address })
const step = async (address: string, form: string, number: number, change: Record<string, string> = {}) =>
  site.ask(`/en/vacancies/${vacancy}/apply`, {
    form: { ...SEEKER, licences: [...SEEKER.licences], form, step: String(number), ...change },
    headers: from(address),
  })

/** As somebody does on a telephone: every step, a slip of the hand at the first, and a look at *My case*. Answers each status. */
async function applyStepByStep(address: string): Promise<number[]> {
  const form = randomUUID()
  const answers = [
    await step(address, form, 1, { phone: '12' }),
    await step(address, form, 1),
    await step(address, form, 2),
    await step(address, form, 3),
  ]
  const receipt = await answers.at(-1)!.text()
  const [, reference = ''] = /class="code">([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})</.exec(receipt) ?? []
  const [, pin = ''] = /class="code">(\d{6})</.exec(receipt) ?? []
  answers.push(await site.ask('/en/my-case', { form: { reference, pin }, headers: from(address) }))
  return answers.map(({ status }) => status)
}

test('forty people behind one address of a mobile network apply one after the other, and nobody is sent away', async () => {
  for (let i = 0; i < 40; i++) expect(await applyStepByStep('10.0.0.1')).toEqual([422, 200, 200, 200, 200])
}, 180_000)

test('what is kept is limited: a flood of applications, or of wrong PINs, ends', async () => {
  const flood: number[] = []
  for (let i = 0; i <= WRITES_PER_QUARTER_HOUR; i++) flood.push((await step('10.0.0.2', randomUUID(), 3)).status)
  expect(flood.slice(0, -1).every((status) => status === 200)).toBe(true)
  expect(flood.at(-1)).toBe(429)
  // Nobody fills in three steps only to be sent away at the last.
  expect((await step('10.0.0.2', randomUUID(), 1)).status).toBe(429)
  expect((await step('10.0.0.3', randomUUID(), 1)).status).toBe(200)
  const guesses: number[] = []
  const wrong = { reference: '2222-2222-2222', pin: '000000' }
  for (let i = 0; i <= WRITES_PER_QUARTER_HOUR; i++)
    guesses.push((await site.ask('/en/my-case', { form: wrong, headers: from('10.0.0.4') })).status)
  expect(guesses.at(-1)).toBe(429)
}, 180_000)

test('also forms that keep nothing come to an end', async () => {
  let sent = 0
  while ((await step('10.0.0.5', randomUUID(), 1, { name: '' })).status !== 429) sent++
  expect(sent).toBe(FORMS_PER_QUARTER_HOUR)
}, 180_000)
