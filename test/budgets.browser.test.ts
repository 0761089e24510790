import { get } from 'node:http'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { launchBrowser } from './browser.ts'
import { addressIn, furnish, type Known, publicPages, resolved, STAFF } from './pages/addresses.ts'
import { type TestSite, testSite } from './site.ts'

// In bytes of brotli, as they go over the line.
const TARGET = 14_000
const LIMIT = 30_000
const PUBLIC_STYLES = 9_000
const STAFF_SCRIPT = 60_000
const MOST_REQUESTS = 3

let site: TestSite
let known: Known
beforeAll(async () => {
  site = await testSite()
  known = await furnish(site)
})
afterAll(() => site?.stop())

type Part = { kind: string; url: string; bytes: number }

/** What a browser with an empty cache fetches for a page. */
async function weigh(path: string, cookie = ''): Promise<Part[]> {
  const page = await fetchPart('page', path, cookie)
  const linked = [
    ...page.text.matchAll(/<(link|script|img|iframe|source|video|audio|object|embed|image)\b[^>]*>/g),
  ].flatMap(([tag, element]) => {
    const url = /\b(?:href|src|data)="([^"#]+)"/.exec(tag)?.[1]
    const rel = /\brel="([^"]+)"/.exec(tag)?.[1]
    const fetched = element !== 'link' || /^(stylesheet|icon|preload|modulepreload|manifest)$/.test(rel ?? '')
    return url && fetched ? [{ kind: rel ?? element!, url }] : []
  })
  // What stands on the page twice is fetched once: the mark is its icon, too.
  const once = linked.filter(({ url }, at) => linked.findIndex((one) => one.url === url) === at)
  const parts = await Promise.all(once.map(({ kind, url }) => fetchPart(kind, url, cookie)))
  // Whatever a style sheet draws in counts as well.
  const drawn = parts.flatMap(({ text }) =>
    [...text.matchAll(/url\((?!["']?(?:data:|#))["']?([^"')]+)|@import/g)].map(([, url]) => url!),
  )
  return [page, ...parts, ...(await Promise.all(drawn.map((url) => fetchPart('drawn', url, cookie))))]
}

function fetchPart(kind: string, url: string, cookie: string): Promise<Part & { text: string }> {
  return new Promise((done, fail) => {
    get(new URL(url, site.origin), { headers: { 'accept-encoding': 'br', cookie } }, async (response) => {
      const body = Buffer.concat(await response.toArray())
      if (response.statusCode! >= 400 && kind !== 'page') return fail(new Error(`${url}: ${response.statusCode}`))
      const packed = response.headers['content-encoding'] === 'br'
      // Only what brotli would not make smaller may go as it is.
      if (!packed && body.length > 512) return fail(new Error(`${url} is not compressed`))
      done({ kind, url, bytes: body.length, text: (packed ? brotliDecompressSync(body) : body).toString() })
    }).on('error', fail)
  })
}

const sum = (parts: Part[], kind?: string) =>
  parts.filter((part) => !kind || part.kind === kind).reduce((total, { bytes }) => total + bytes, 0)

const weighed: { address: string; total: number }[] = []
afterAll(() => {
  const [heaviest, ...others] = weighed.sort((a, b) => b.total - a.total)
  const above = weighed.filter(({ total }) => total > TARGET)
  console.log(
    `Public pages: ${others.at(-1)?.total}–${heaviest?.total} bytes cold, the heaviest ${heaviest?.address}; above ${TARGET}:`,
    above,
  )
})

describe.each(LANGUAGES)('public pages in %s', (lang) => {
  test.each(publicPages(lang))('$path', async ({ path, script }) => {
    const parts = await weigh(encodeURI(addressIn(lang, path, known)))
    const total = sum(parts)
    weighed.push({ address: lang + path, total })
    expect(parts.map(({ kind }) => kind).sort()).toEqual(['icon', 'page', ...(script ? ['script'] : []), 'stylesheet'])
    expect(parts.length).toBeLessThanOrEqual(MOST_REQUESTS + (script ? 1 : 0))
    expect(total).toBeLessThanOrEqual(LIMIT)
    expect(sum(parts, 'stylesheet')).toBeLessThanOrEqual(PUBLIC_STYLES)
  })
})

test.each(STAFF.filter(({ as }) => as))('the workspace: $path, $as', async ({ path, as }) => {
  const parts = await weigh(`/ru${resolved(path, known)}`, `hamsafar=${await site.session(as!)}`)
  const script = sum(parts, 'script') + sum(parts, 'modulepreload')
  expect(parts.filter(({ kind }) => kind === 'script').length).toBeLessThanOrEqual(2)
  expect(script).toBeLessThanOrEqual(STAFF_SCRIPT)
})

test('a public page of a slow phone: when its largest part is painted (reported)', { timeout: 120_000 }, async () => {
  const browser = await launchBrowser()
  const figures: Record<string, number> = {}
  for (const path of ['', '/vacancies', '/vacancies/:full']) {
    const context = await browser.newContext({ viewport: { width: 360, height: 640 } })
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    const [rate, latency] = [400_000 / 8, 300]
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      downloadThroughput: rate,
      uploadThroughput: rate,
      latency,
    })
    await page.goto(`${site.origin}/tg${resolved(path, known)}`)
    figures[path] = await page.evaluate(
      () =>
        new Promise<number>((done) => {
          new PerformanceObserver((list) => done(list.getEntries().at(-1)!.startTime)).observe({
            type: 'largest-contentful-paint',
            buffered: true,
          })
        }),
    )
    await context.close()
  }
  await browser.close()
  console.log('Largest contentful paint at 400 kbit/s and 300 ms, in ms:', figures)
  // The time depends on the machine; that it was painted at all does not. The bytes above are the budget.
  for (const figure of Object.values(figures)) expect(figure).toBeGreaterThan(0)
})
