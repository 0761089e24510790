import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AdvertName, bringAdverts } from './adverts.ts'
import { type TestApp, testApp } from './app.ts'
import { documentOf, type OpenApi } from './openapi.ts'
import { strangers } from './strangers.ts'
import { always, pathPart, query, TIMEOUT } from './strings.ts'

let site: TestApp
let known: Record<AdvertName, string>
let api: OpenApi
let stranger: () => Record<string, string>
beforeAll(async () => {
  site = await testApp()
  known = await bringAdverts(site, { more: 25 })
  stranger = strangers(site)
  api = await documentOf(site)
})
afterAll(() => site?.drop())
const ask = (path: string) => site.ask(path, { headers: stranger() })

test('its document is OpenAPI 3.1, and whole', () => {
  expect(api.faults).toEqual([])
  expect(Object.keys(api.document.paths).sort()).toEqual([
    '/api/v1/carrier-checks',
    '/api/v1/carrier-checks/{query}/referral',
    '/api/v1/carrier-checks/{query}/tags',
    '/api/v1/expulsions/batches',
    '/api/v1/expulsions/batches/{id}',
    '/api/v1/expulsions/batches/{id}/rows',
    '/api/v1/vacancies',
    '/api/v1/vacancies/{reference}',
    '/api/v1/vacancies/{reference}/closure',
    '/api/v1/vacancies/{reference}/standing',
  ])
  const names = api.document.paths['/api/v1/vacancies']!.get!.parameters!.map(({ name }) => name)
  expect(names).toEqual(
    expect.arrayContaining([
      'q',
      'isco',
      'place',
      'country',
      'salary_min',
      'currency',
      'accommodation',
      'foreigners',
      'since',
      'cursor',
      'limit',
    ]),
  )
})

test('every route says how it fails: by one document for all', () => {
  const own: Record<string, string[]> = {
    '/api/v1/vacancies/{reference}': ['404', '410'],
    '/api/v1/vacancies/{reference}/closure': ['401', '403', '404', '409'],
    '/api/v1/vacancies/{reference}/standing': ['401', '403', '404', '409'],
    '/api/v1/carrier-checks': ['401', '403', '409'],
    '/api/v1/carrier-checks/{query}/referral': ['401', '403', '409'],
    '/api/v1/carrier-checks/{query}/tags': ['401', '403', '409'],
    '/api/v1/expulsions/batches': ['401', '403', '409', '413'],
    '/api/v1/expulsions/batches/{id}': ['401', '403', '404'],
    '/api/v1/expulsions/batches/{id}/rows': ['401', '403', '404'],
  }
  for (const [path, { get, post }] of Object.entries(api.document.paths)) {
    const failures = Object.entries((get ?? post)!.responses!).filter(([status]) => status >= '400')
    expect(failures.map(([status]) => status).sort()).toEqual(
      ['400', '422', '429', '500', '503', ...(own[path] ?? [])].sort(),
    )
    for (const [, { content }] of failures)
      expect(content).toEqual({ 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } })
  }
})

/** What the document promises: the schema of this status, or a problem document. */
async function expectPromised(path: string, response: Response): Promise<unknown> {
  expect(response.status).toBeLessThan(500)
  const body = await response.json()
  expect(api.validate(path, response.status, body)).toEqual([])
  if (response.status === 200) return body
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(body).toMatchObject({ status: response.status })
  return body
}

test('any query: an answer as documented, or a problem', { timeout: TIMEOUT }, async () => {
  const names = [
    'q',
    'isco',
    'place',
    'country',
    'salary_min',
    'currency',
    'accommodation',
    'foreigners',
    'contract',
    'since',
    'cursor',
    'limit',
  ]
  let good = 0
  await always(
    fc.asyncProperty(query(names), async (asked) => {
      const response = await ask(`/api/v1/vacancies?${asked}`)
      expect([200, 400, 422]).toContain(response.status)
      await expectPromised('/api/v1/vacancies', response)
      if (response.status === 200) good++
    }),
    2,
  )
  expect(good).toBeGreaterThan(20)
})

test('every published advert, alone and page by page, is as documented', async () => {
  const seen: string[] = []
  for (let next: string | null = '/api/v1/vacancies?limit=10&foreigners=all'; next; ) {
    const page = (await expectPromised('/api/v1/vacancies', await ask(next))) as {
      items: { reference: string }[]
      next: string | null
      total: number
    }
    expect(page.items.length).toBeGreaterThan(0)
    seen.push(...page.items.map(({ reference }) => reference))
    next = page.next && page.next.slice(new URL(page.next).origin.length)
    if (!next) expect(seen).toHaveLength(page.total)
  }
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen).toContain(known.full)
  for (const reference of seen)
    await expectPromised('/api/v1/vacancies/{reference}', await ask(`/api/v1/vacancies/${reference}`))
  for (const [reference, status] of [
    [known.withdrawn, 410],
    [known.expired, 410],
    [known.held, 404],
    ['nothing', 404],
  ] as const) {
    const response = await ask(`/api/v1/vacancies/${reference}`)
    expect(response.status).toBe(status)
    await expectPromised('/api/v1/vacancies/{reference}', response)
  }
})

test('any reference', async () => {
  await always(
    fc.asyncProperty(pathPart, async (part) => {
      fc.pre(part !== '' && part !== '.' && part !== '..')
      const response = await ask(`/api/v1/vacancies/${part}`)
      expect([400, 404, 422]).toContain(response.status)
      await expectPromised('/api/v1/vacancies/{reference}', response)
    }),
  )
})
