import { brotliCompressSync, constants } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LANGUAGE_NAMES, LANGUAGES } from '#kernel/i18n/languages.ts'
import { DANGER_PATH } from '#kernel/ui/navigation.ts'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { siteModule } from './module.ts'
import { ORGANISATIONS } from './organisations.ts'
import { itemsAt, STATIONS } from './road.ts'

const KILOBYTE = 1024

let t: TestApp
beforeAll(async () => {
  t = await testApp()
})
afterAll(() => t.drop())

/** Bytes over the line, as `src/kernel/http/compress.ts` packs. */
const packed = (page: string) =>
  brotliCompressSync(page, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).byteLength

const html = async (path: string) => (await t.ask(path)).text()
const titleOf = (page: string) => /<title>(.*?)<\/title>/.exec(page)?.[1] ?? ''
const hrefsOf = (page: string) => [...page.matchAll(/<a[^>]* href="([^"]+)"/g)].map(([, href]) => href!)

describe.each(LANGUAGES)('in %s', (lang) => {
  test.each(siteModule.pages!.map(({ path }) => path))('%s is a whole page', async (path) => {
    const response = await t.ask(`/${lang}${path === '/' ? '' : path}`)
    const page = await response.text()
    expect(response.status).toBe(200)
    expect(page).toContain(`<html lang="${lang}">`)
    expect(titleOf(page).length).toBeGreaterThan(10)
    expect(page.match(/<h1/g)).toHaveLength(1)
    // A missing message throws; a key in the text would be one that was never looked up.
    expect(page.replace(/<[^>]*>/g, ' ')).not.toMatch(/\b(site|ui)\.[a-z_]+\./)
    expect(page).not.toMatch(/ style=|<script|undefined|\[object/)
    expect(packed(page)).toBeLessThan(8 * KILOBYTE)
  })

  test('sentences have at most 12 words', () => {
    const texts = Object.entries(siteModule.messages![lang]).map(
      ([key, text]) => [key, text.replace(/<[^>]*>/g, '')] as const,
    )
    const sentences = texts.flatMap(([key, text]) => text.split(/(?<=[.?:])\s+/).map((sentence) => ({ key, sentence })))
    const words = (sentence: string) => sentence.match(/[\p{L}\p{N}’'-]+/gu) ?? []
    expect(sentences.length).toBeGreaterThan(100)
    expect(sentences.filter(({ sentence }) => words(sentence).length > 12)).toEqual([])
  })

  test('the journey links what exists and only names the rest', async () => {
    const ctx = t.ctx({ lang })
    const links = hrefsOf(await html(`/${lang}`))
    for (const station of STATIONS) {
      const { open, coming } = itemsAt(ctx, station)
      expect(open.length).toBeGreaterThan(0)
      for (const { href } of open) expect(links).toContain(`/${lang}${href}`)
      for (const { href } of coming) expect(links).not.toContain(`/${lang}${href}`)
    }
  })

  test('help names every organisation, its source and nothing but the numbers of the data', async () => {
    const page = await html(`/${lang}/help`)
    const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
    for (const organisation of ORGANISATIONS) {
      expect(page).toContain(escaped(organisation[`name_${lang}`]))
      expect(page).toContain(`href="${escaped(organisation.source_url)}"`)
    }
    const known = ORGANISATIONS.flatMap(({ phones }) => phones.map((phone) => phone.replace(/[^+\d]/g, '')))
    const shown = hrefsOf(page)
      .filter((href) => href.startsWith('tel:'))
      .map((href) => href.slice(4))
    expect(shown.toSorted()).toEqual(known.toSorted())
  })

  test('who is in danger leaves no trace with us and finds the way out', async () => {
    const response = await t.ask(`/${lang}${DANGER_PATH}`)
    const page = await response.text()
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('etag')).toBeNull()
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(`${titleOf(page)} ${DANGER_PATH}`).not.toMatch(/danger|traffick|police|опасн|полици|хатар|полис/i)
    expect(page).toContain('href="tel:112"')
    const [exit] = hrefsOf(page.slice(page.indexOf('<main')))
    expect((await t.ask(exit!)).status).toBe(200)
    expect(exit).not.toContain('help')
  })
})

test('the chooser guesses nothing and is the same for everybody', async () => {
  const answers = await Promise.all(
    ['tg', 'ru-RU,ru;q=0.9', 'en', ''].map((preferred) => t.ask('/', { headers: { 'accept-language': preferred } })),
  )
  const pages = await Promise.all(answers.map((answer) => answer.text()))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(new Set(pages).size).toBe(1)
  for (const lang of LANGUAGES) {
    expect(hrefsOf(pages[0]!)).toContain(`/${lang}`)
    expect(pages[0]).toContain(`<b>${LANGUAGE_NAMES[lang]}</b>`)
  }
  expect(packed(pages[0]!)).toBeLessThan(3 * KILOBYTE)
})

test('an address of a language alone may end with a slash', async () => {
  const response = await t.ask('/ru/')
  expect([response.status, response.headers.get('location')]).toEqual([301, '/ru'])
})

test('the sitemap lists pages that exist, and never the one for people in danger', async () => {
  const response = await t.ask('/sitemap.xml')
  const xml = await response.text()
  expect(response.headers.get('content-type')).toContain('application/xml')
  const addresses = [...xml.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, url]) => url!)
  expect(addresses).toContain(`${ORIGIN}/tg`)
  expect(addresses).toContain(`${ORIGIN}/en/help`)
  expect(addresses.filter((url) => url.endsWith(DANGER_PATH))).toEqual([])
  for (const url of addresses) expect([url, (await t.ask(new URL(url).pathname)).status]).toEqual([url, 200])
})

test('robots are kept out of the workspace and shown the sitemap', async () => {
  const text = await (await t.ask('/robots.txt')).text()
  for (const lang of LANGUAGES) expect(text).toContain(`Disallow: /${lang}/work\n`)
  expect(text).toContain(`Sitemap: ${ORIGIN}/sitemap.xml`)
})
