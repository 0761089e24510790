import { afterAll, beforeAll, expect, test } from 'vitest'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { createApp } from '../../app.ts'
import { openPool } from '../db/pool.ts'
import type { ModuleManifest } from '../module.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.drop())

test('nobody sends a body to a page they may not enter', async () => {
  let read = 0
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        read++
        controller.enqueue(new Uint8Array(64 * 1024))
      },
    },
    { highWaterMark: 0 },
  )
  const response = await app.app.request(`${ORIGIN}/en/work/imports`, {
    method: 'POST',
    headers: { origin: ORIGIN, 'content-type': 'multipart/form-data; boundary=x' },
    body,
    duplex: 'half',
  } as RequestInit)
  expect(response.status).toBe(303)
  expect(read).toBe(0)
})

test('a body without a stated length is cut off at the limit', async () => {
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)) })
  const response = await app.app.request(`${ORIGIN}/en/sign-in`, {
    method: 'POST',
    headers: { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
    body,
    duplex: 'half',
  } as RequestInit)
  expect(response.status).toBe(413)
})

const framed = (html: string) => ({ rail: html.includes('class="rail"'), public: html.includes('class="foot"') })

test.each([
  ['/en/work/audit', 'adviser', 403, 'You may not open this'],
  ['/en/work/nowhere/at/all', 'adviser', 404, 'There is no page here'],
  ['/en/work/imports/none', 'vacancy_officer', 404, 'There is no page here'],
] as const)('%s: who is signed in stays in the workspace', async (path, as, status, title) => {
  const response = await app.ask(path, { as })
  expect([response.status, response.headers.get('cache-control')]).toEqual([status, 'no-store'])
  const html = await response.text()
  expect(framed(html)).toEqual({ rail: true, public: false })
  expect(html).toContain(`<h1>${title}</h1>`)
  expect(html).toContain(`href="/ru${path.slice(3)}"`)
})

test('a problem is told to visitors, and where no frame can be made, on a public page', async () => {
  const nowhere = await app.ask('/en/work/nowhere')
  expect(nowhere.status).toBe(404)
  expect(framed(await nowhere.text())).toEqual({ rail: false, public: true })

  const broken: ModuleManifest = {
    name: 'broken',
    navigation: [{ label: 'work.title', icon: 'inbox', href: '/x', count: () => Promise.reject(new Error('no')) }],
  }
  const { platform, db } = app
  const parts = [...platform.parts, broken]
  const cookie = `hamsafar=${await app.session('adviser')}`
  const frameless = createApp({ platform: { ...platform, parts }, db, log: silentLog, now: () => NOW })
  for (const [path, status] of [
    ['/en/work', 500],
    ['/en/work/audit', 403],
  ] as const) {
    const response = await frameless.request(ORIGIN + path, { headers: { cookie } })
    expect(response.status).toBe(status)
    expect(framed(await response.text())).toEqual({ rail: false, public: true })
  }

  const away = openPool({ connectionString: 'postgresql://nobody@127.0.0.1:1/none' }, silentLog)
  const offline = createApp({ platform, db: away, log: silentLog, now: () => NOW })
  for (const [path, status] of [
    ['/en/work', 503],
    ['/en/work/nowhere', 404],
  ] as const) {
    const response = await offline.request(ORIGIN + path, { headers: { cookie } })
    expect(response.status).toBe(status)
    expect(framed(await response.text())).toEqual({ rail: false, public: true })
  }
  await away.destroy()
})

test('a file that is too large: how much may be sent, and the way back', async () => {
  const response = await app.ask('/en/work/imports', {
    as: 'vacancy_officer',
    form: { file: 'x' },
    headers: { 'content-length': String(40 * 2 ** 20) },
  })
  expect(response.status).toBe(413)
  const html = await response.text()
  expect(html).toContain('up to 32 MB')
  expect(html).toMatch(/<a href="\/en\/work\/imports" class="btn">Back to the form/)
})
