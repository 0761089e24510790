import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RoleName } from '#kernel/module.ts'
import { furnish, type Known, resolved } from './pages/addresses.ts'
import { type TestSite, testSite } from './site.ts'
import { strangers } from './strangers.ts'

let site: TestSite
let known: Known
let stranger: () => Record<string, string>
beforeAll(async () => {
  site = await testSite()
  known = await furnish(site)
  stranger = strangers(site)
})
afterAll(() => site?.stop())

type Asked = { as?: RoleName; headers?: Record<string, string>; method?: string }
const ask = (path: string, { headers, ...asked }: Asked = {}) =>
  site.ask(path, { ...asked, headers: { ...stranger(), ...headers } })
const at = (path: string) => encodeURI(`/en${resolved(path, known)}`)

/** As it is written: `fetch` would tidy the path first. */
const raw = (path: string, method = 'GET') =>
  new Promise<{ status: number; body: string; allow: string | undefined }>((done, fail) => {
    const { hostname, port } = new URL(site.origin)
    request({ hostname, port, path, method }, async (response) => {
      done({
        status: response.statusCode!,
        body: Buffer.concat(await response.toArray()).toString(),
        allow: response.headers.allow,
      })
    })
      .on('error', fail)
      .end()
  })

test.each([
  '/assets/../package.json',
  '/assets/../../etc/passwd',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/assets/..%2f..%2fpackage.json',
  '/assets/..%5c..%5cpackage.json',
  '/assets//etc/passwd',
  '/assets/public.css%00.svg',
  '/assets/manifest.json',
  '/assets/',
])('%s: nothing there', async (path) => {
  const { status, body } = await raw(path)
  expect(status).toBe(404)
  expect(body).not.toMatch(/root:|"dependencies"|"public.css"/)
})

test('what a page cannot do is 405 or 404, never done', async () => {
  for (const method of ['PUT', 'PATCH', 'DELETE', 'POST']) {
    expect([method, (await ask(at('/about'), { method })).status]).toEqual([method, 405])
    // Programs of employers post there, by their key.
    const refused = method === 'POST' ? [401] : [404, 405]
    expect(refused).toContain((await ask('/api/v1/vacancies', { method })).status)
  }
  expect((await ask(at('/sign-out'), { as: 'adviser' })).status).toBe(405)
  expect([404, 405]).toContain((await ask(at('/sign-in'), { method: 'DELETE' })).status)
  expect([400, 403, 404, 405]).toContain((await raw('/en/vacancies', 'TRACE')).status)
})

test('an unknown language is a page that is not there, in one that is', async () => {
  const response = await ask('/de/vacancies')
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('<html lang="tg">')
  expect(await (await ask('/de/vacancies', { headers: { 'accept-language': 'de, ru;q=0.5' } })).text()).toContain(
    '<html lang="ru">',
  )
})

test('HEAD answers as GET does, without the page', async () => {
  const pages = ['/vacancies', '/vacancies/:full', '/sign-in', '/nowhere', '/work', '/work?a=b', '/sign-out'].map(at)
  for (const path of [...pages, '/', '/healthz', '/readyz', '/robots.txt', '/api/v1/vacancies', '/api/openapi.json'])
    for (const as of [undefined, 'adviser'] as const) {
      const [head, get] = [await ask(path, { as, method: 'HEAD' }), await ask(path, { as })]
      const told = ({ status, headers }: Response) =>
        ['etag', 'cache-control', 'content-type', 'location'].reduce((all, name) => [...all, headers.get(name)], [
          path,
          status,
        ] as unknown[])
      expect([...told(head), await head.text()]).toEqual([...told(get), ''])
    }
})

test('a slash at the end leads to the address without it, on this site', async () => {
  for (const [path, there] of [
    ['/en/vacancies/', '/en/vacancies'],
    ['/en/vacancies/?q=a%2F&place=TJ', '/en/vacancies?q=a%2F&place=TJ'],
    ['/ru/', '/ru'],
    ['/en/work/imports//', '/en/work/imports'],
    ['/api/v1/vacancies/', '/api/v1/vacancies'],
  ] as const) {
    const response = await ask(path)
    expect([path, response.status, response.headers.get('location')]).toEqual([path, 301, there])
  }
  expect((await ask('/')).status).toBe(200)
  expect((await ask('/en/vacancies/', { method: 'POST' })).status).toBe(404)
  expect((await ask('//evil.example/')).status).toBe(404)
  expect((await ask('/\\evil.example/')).status).toBe(404)
})

test('long, broken and strange ones are answered', async () => {
  expect((await ask(`/en/vacancies?q=${'я'.repeat(5_000)}`)).status).toBe(200)
  expect((await ask(`/en/vacancies/${'A'.repeat(5_000)}`)).status).toBe(404)
  expect((await ask(`/en/vacancies?${'country=RU&'.repeat(1_000)}`)).status).toBe(200)
  for (const path of [
    '/en/vacancies/%',
    '/en/vacancies/%ff%fe',
    '/en/vacancies/%00',
    '/en//vacancies',
    '//evil.example/',
  ]) {
    expect([400, 404]).toContain((await raw(path)).status)
  }
  expect([400, 414, 431]).toContain((await raw(`/en/vacancies?q=${'a'.repeat(40_000)}`)).status)
})
