import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashToken } from '#kernel/access/sessions.ts'
import { newId } from '#kernel/ids.ts'
import { ORIGIN, type TestApp, testApp } from '../../../../test/app.ts'
import { NOW } from '../../../../test/database.ts'
import { makeEmployer } from '../../employers/fixtures/office.ts'
import { follow } from './fixtures/offer.ts'

let site: TestApp
const KEY = 'hsf_of-the-employer'
beforeAll(async () => {
  site = await testApp()
  await makeEmployer(site)
  const { organisation_id, user_id } = await site.actor('employer')
  const program = { id: newId(), organisation_id, label: 'HR', permissions: ['vacancy.post'], created_by: user_id }
  await site.owner
    .insertInto('access.api_client')
    .values({ ...program, created_at: NOW, key_hash: hashToken(KEY) })
    .execute()
})
afterAll(() => site.drop())

const OFFER = {
  ...{ title: 'Сварщик', country: 'RU', region: 'Тульская область', duties: 'Сварка труб.', contract: 'fixed_term' },
  pay: { min: '9000000', max: null, currency: 'RUB', period: 'month', gross: false },
  costs: { accommodation: 'employer', travel: 'employer', permit: 'worker', medical: 'employer', training: 'employer' },
  ...{ phone: '+992 000 00-00-09', takes: 'nothing' },
}

async function call(method: string, path: string, body: unknown, idempotency = newId(), key = KEY) {
  const response = await site.app.request(`${ORIGIN}/api/v1/vacancies${path}`, {
    method,
    headers: {
      'accept-language': 'en',
      authorization: `Bearer ${key}`,
      'idempotency-key': idempotency,
      'content-type': 'application/json',
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as any }
}
const count = async () =>
  Number(
    (
      await site.owner
        .selectFrom('vacancies.posting')
        .select((e) => e.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  )

test('a program publishes an offer, changes it, sees how it stands, and closes it', async () => {
  const made = await call('POST', '', { ...OFFER, number: 'A-1' })
  expect(made).toMatchObject({ status: 200, body: { number: 'A-1', standing: 'checking', correct: [] } })
  const { reference } = made.body
  await follow(site, reference)
  const read = () => site.ask(`/api/v1/vacancies/${reference}`)
  expect(await (await read()).json()).toMatchObject({ title: 'Сварщик', pay: { min: '9000000', currency: 'RUB' } })
  const changed = await call('PATCH', `/${reference}`, { hours: '8–17', costs: { travel: 'worker' } })
  expect(changed.status).toBe(200)
  await follow(site, reference)
  const stands = await call('GET', `/${reference}/standing`, undefined)
  expect(stands.body).toMatchObject({ standing: 'held', correct: ['costs.travel'] })
  expect((await call('POST', `/${reference}/closure`, undefined)).status).toBe(200)
  await follow(site, reference)
  expect((await read()).status).toBe(410)
})

test('what is wrong is told by part, and nothing is kept; strangers learn nothing', async () => {
  const before = await count()
  const wrong = await call('POST', '', {
    ...OFFER,
    takes: 'fee',
    pay: undefined,
    conditions: 'Залог за форму 3000 руб.',
  })
  expect(wrong.status).toBe(422)
  expect(Object.keys(wrong.body.errors).sort()).toEqual(['conditions', 'pay.min', 'takes'])
  expect(wrong.body.errors.takes).toContain('Workers never pay for a job')
  expect((await call('POST', '', '{"title":')).status).toBe(400)
  expect((await call('POST', '', { ...OFFER, surprise: 1 })).status).toBe(422)
  expect((await call('POST', '', { ...OFFER, number: 'A-1' })).status).toBe(409)
  expect((await call('POST', '', OFFER, newId(), 'hsf_of-nobody')).status).toBe(401)
  expect((await call('PATCH', '/K7QF-92MX', { hours: '1' })).status).toBe(404)
  expect(await count()).toBe(before)
})

test('however often and at once a call is repeated, it makes one offer and is answered alike', async () => {
  const trade = fc.constantFrom('Швея', 'Повар', 'Маляр')
  const calls = fc.array(fc.record({ key: fc.integer({ min: 0, max: 3 }), title: trade }), {
    minLength: 1,
    maxLength: 8,
  })
  await fc.assert(
    fc.asyncProperty(calls, fc.boolean(), async (made, together) => {
      const run = newId()
      const before = await count()
      const send = ({ key, title }: (typeof made)[number]) => call('POST', '', { ...OFFER, title }, `${run}.${key}`)
      const answers = together ? await Promise.all(made.map(send)) : []
      if (!together) for (const one of made) answers.push(await send(one))
      const byKey = Map.groupBy(
        made.map((one, i) => ({ ...one, ...answers[i]! })),
        ({ key }) => key,
      )
      for (const own of byKey.values()) {
        const taken = own.filter(({ status }) => status === 200)
        // One wording got the key; every call with it has its answer, every other wording is refused.
        expect(new Set(taken.map(({ title }) => title)).size).toBe(1)
        expect(new Set(taken.map(({ body }) => body.reference)).size).toBe(1)
        for (const { title, status } of own) expect(status).toBe(title === taken[0]!.title ? 200 : 409)
      }
      expect(await count()).toBe(before + byKey.size)
    }),
    { numRuns: 12 },
  )
})

test('an employer makes keys for posting, and for nothing else', async () => {
  const page = await (await site.ask('/en/work/programs/new', { as: 'employer' })).text()
  expect(page).toContain('value="vacancy.post"')
  expect(page).not.toContain('value="expulsion.import"')
  const ask = (permissions: string) =>
    site.ask('/en/work/programs/new', { as: 'employer', form: { label: 'HR', permissions } })
  expect((await ask('expulsion.import')).status).toBe(422)
  expect(await (await ask('vacancy.post')).text()).toMatch(/hsf_[\w-]{43}/)
})
