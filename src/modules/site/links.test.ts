import { afterAll, beforeAll, expect, test } from 'vitest'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { type TestApp, testApp } from '../../../test/app.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp()
})
afterAll(() => t.drop())

type Visit = { status: number; page: string; ids: Set<string> }

/** Follows every link inside the site from `/`, as a visitor; pages of one kind (same shape of address) once. */
async function crawl(): Promise<{ visits: Map<string, Visit>; broken: string[] }> {
  const visits = new Map<string, Visit>()
  const broken: string[] = []
  const waiting: { from: string; href: string }[] = [{ from: '(start)', href: '/' }]
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const url = new URL(next.href, 'http://site.test')
    const kind = kindOf(url)
    let visit = visits.get(kind)
    if (!visit) {
      visit = await open(url.pathname + url.search)
      visits.set(kind, visit)
      for (const href of internalLinks(visit.page)) waiting.push({ from: kind, href: new URL(href, url).href })
    }
    if (visit.status >= 400) broken.push(`${next.from} → ${next.href}: ${visit.status}`)
    const anchor = url.hash.slice(1)
    if (anchor && visit.status === 200 && !visit.ids.has(anchor))
      broken.push(`${next.from} → ${next.href}: no #${anchor}`)
  }
  return { visits, broken }
}

async function open(path: string): Promise<Visit> {
  const response = await t.ask(path)
  const html = response.headers.get('content-type')?.startsWith('text/html') ?? false
  const page = html ? await response.text() : ''
  return { status: response.status, page, ids: new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!)) }
}

// Thousands of adverts and combinations of filters are the same page to this test.
const kindOf = ({ pathname, searchParams }: URL) =>
  `${pathname.replaceAll(/[0-9A-Z]{4}-[0-9A-Z]{4}/g, ':reference')}?${[...new Set(searchParams.keys())].sort().slice(0, 1)}`

const internalLinks = (page: string) =>
  [...page.matchAll(/ (?:href|src|action)="([^"]+)"/g)]
    .map(([, href]) => href!.replaceAll('&amp;', '&'))
    .filter((href) => /^(\/(?!\/)|#(?!i-)|\?)/.test(href))

test('no link inside the site leads nowhere, in any language', async () => {
  const { visits, broken } = await crawl()
  expect(broken).toEqual([])
  expect(visits.size).toBeGreaterThan(15)
  for (const lang of LANGUAGES) expect([...visits.keys()]).toContain(`/${lang}/help?`)
})
