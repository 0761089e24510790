import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Validator from '@adobe/structured-data-validator'
import { SaxesParser } from 'saxes'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { type AdvertName, bringAdvert, bringAdverts, FULL } from './adverts.ts'
import { ORIGIN, type TestApp, testApp } from './app.ts'
import { strangers } from './strangers.ts'

const SCHEMA = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/schema-org/job-posting.jsonld'), 'utf8'))

let site: TestApp
let known: Record<AdvertName, string>
let stranger: () => Record<string, string>
beforeAll(async () => {
  site = await testApp()
  known = await bringAdverts(site, { more: 5 })
  stranger = strangers(site)
})
afterAll(() => site?.drop())

const ask = (path: string) => site.ask(path, { headers: stranger() })
const text = async (path: string) => (await ask(path)).text()

type Posting = Record<string, unknown> & { '@type': string }

async function postingsOf(path: string): Promise<Posting[]> {
  const page = await text(path)
  return [...page.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)].map(([, json]) =>
    JSON.parse(json!),
  )
}

/** What the validator finds wrong: by schema.org's vocabulary, and by what search engines require. */
async function complaints(posting: Posting) {
  const found = await new Validator(SCHEMA).validate({
    jsonld: { [posting['@type']]: [structuredClone(posting)] },
    microdata: {},
    rdfa: {},
  })
  return found
    .filter(({ severity, errorType }) => severity === 'ERROR' || errorType === 'schemaOrg')
    .map(({ issueMessage }) => issueMessage)
}

describe('a job posting for search engines', () => {
  test.each(LANGUAGES)('in %s: valid, and says what the advert says', async (lang) => {
    const postings = await postingsOf(`/${lang}/vacancies/${known.full}`)
    expect(postings).toHaveLength(1)
    const [posting] = postings as [Posting]
    expect(await complaints(posting)).toEqual([])
    expect(posting).toMatchObject({
      '@context': 'https://schema.org',
      '@type': 'JobPosting',
      title: 'Монтажник стальных конструкций',
      datePosted: '2026-11-16',
      validThrough: expect.stringMatching(/^2027-01-31T/),
      employmentType: 'TEMPORARY',
      totalJobOpenings: 12,
      identifier: { value: known.full },
      hiringOrganization: { name: 'ООО «Мост & Башня»' },
      jobLocation: { address: { addressCountry: 'RU', streetAddress: 'Тульская область, г Тула, ул. Заводская, 7' } },
      baseSalary: { currency: 'RUB', value: { minValue: 70_000, maxValue: 95_000, unitText: 'MONTH' } },
    })
    expect(Date.parse(posting.validThrough as string)).toBeGreaterThan(Date.parse('2027-01-31T00:00:00Z'))
  })

  test('words of an advert cannot end it or become markup', async () => {
    const [posting] = await postingsOf(`/en/vacancies/${known.hostile}`)
    expect(await complaints(posting!)).toEqual([])
    expect(posting!.title).toContain('<script>alert(1)</script>')
    expect(posting!.description).not.toMatch(/<(?!\/?p>)/)
  })

  // What one of these keeps back, search engines would have to invent.
  test.each([
    ['employer', { employer: null }],
    ['workplace', { workplace_text: null, region_text: null, region_code: null, country: 'KZ' }],
    ['day of publication', { published_on: null }],
    ['end, and not confirmed of late', { expires_on: null, published_on: Temporal.PlainDate.from('2024-05-02') }],
    ['reality: it was invented for the demonstration', { source: 'sample' as const }],
    ['word about the work', { duties: null, requirements: null, conditions: null }],
  ])('none where an advert has no %s', async (name, stated) => {
    // In words of its own: otherwise it were the full one, offered once more.
    const duties = Array.from({ length: 80 }, (_, at) => `${name.split(':')[0]}${at}`).join(' ')
    const path = `/ru/vacancies/${await bringAdvert(site, name, { ...FULL, duties, ...stated })}`
    expect((await ask(path)).status).toBe(200)
    expect(await postingsOf(path)).toEqual([])
  })

  test('none on lists, print views and closed pages', async () => {
    for (const path of [
      '',
      '/vacancies',
      `/vacancies/${known.full}/print`,
      `/vacancies/${known.expired}`,
      `/vacancies/${known.withdrawn}`,
    ])
      expect(await postingsOf(`/tg${path}`)).toEqual([])
  })

  test('the validator would notice', async () => {
    const [posting] = (await postingsOf(`/en/vacancies/${known.full}`)) as [Posting]
    const { hiringOrganization: _, ...headless } = posting
    expect(await complaints(headless as Posting)).toEqual([expect.stringContaining('hiringOrganization')])
    expect(await complaints({ ...posting, salary: 5 })).toEqual([expect.stringContaining('"salary"')])
    expect(await complaints({ ...posting, datePosted: 'soon' })).toEqual([expect.stringContaining('datePosted')])
    expect(
      await complaints({ ...posting, jobLocation: { '@type': 'Place', address: { '@type': 'PostalAddress' } } }),
    ).toEqual([expect.stringContaining('addressCountry')])
  })
})

type Element = { name: string; attributes: Record<string, string>; children: Element[]; text: string }

/** The document as a tree. Throws where it is not well-formed XML with proper namespaces. */
function parseXml(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const path = [root]
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ local, uri, attributes }) => {
    const element = {
      name: `{${uri}}${local}`,
      attributes: Object.fromEntries(Object.values(attributes).map(({ name, value }) => [name, value])),
      children: [],
      text: '',
    }
    path.at(-1)!.children.push(element)
    path.push(element)
  })
  parser.on('text', (part) => {
    path.at(-1)!.text += part
  })
  parser.on('closetag', () => void path.pop())
  parser.write(xml).close()
  return root.children[0]!
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

describe.each(LANGUAGES)('feeds in %s', (lang) => {
  const atomOf = (element: Element, name: string) =>
    element.children.filter((child) => child.name === `{http://www.w3.org/2005/Atom}${name}`)
  const only = (element: Element, name: string) => {
    expect([name, atomOf(element, name).length]).toEqual([name, 1])
    return atomOf(element, name)[0]!
  }

  test('Atom: well-formed, with what RFC 4287 demands', async () => {
    const response = await ask(`/feeds/vacancies.${lang}.atom`)
    expect(response.headers.get('content-type')).toMatch(/^application\/atom\+xml/)
    const feed = parseXml(await response.text())
    expect(feed.name).toBe('{http://www.w3.org/2005/Atom}feed')
    expect(feed.attributes['xml:lang']).toBe(lang)
    expect(only(feed, 'id').text).toMatch(/^https?:/)
    expect(only(feed, 'title').text.length).toBeGreaterThan(3)
    expect(only(feed, 'updated').text).toMatch(RFC3339)
    expect(only(only(feed, 'author'), 'name').text.length).toBeGreaterThan(3)
    expect(
      atomOf(feed, 'link')
        .filter(({ attributes }) => attributes.rel === 'self')
        .map(({ attributes }) => attributes.href),
    ).toEqual([`${ORIGIN}/feeds/vacancies.${lang}.atom`])
    const entries = atomOf(feed, 'entry')
    expect(entries.length).toBeGreaterThan(8)
    expect(new Set(entries.map((entry) => only(entry, 'id').text)).size).toBe(entries.length)
    for (const entry of entries) {
      expect(only(entry, 'title').text.length).toBeGreaterThan(3)
      expect(only(entry, 'updated').text).toMatch(RFC3339)
      expect(only(entry, 'published').text).toMatch(RFC3339)
      const { href } = only(entry, 'link').attributes
      expect((await ask(new URL(href!).pathname)).status).toBe(200)
    }
    expect(entries.map((entry) => only(entry, 'title').text)).toContain(
      `Welder <script>alert(1)</script> "quoted" 'single' & </script>`,
    )
  })

  test('JSON Feed 1.1', async () => {
    const response = await ask(`/feeds/vacancies.${lang}.json`)
    expect(response.headers.get('content-type')).toMatch(/^application\/feed\+json/)
    const feed = (await response.json()) as Record<string, unknown> & { items: Record<string, unknown>[] }
    expect(feed).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      title: expect.any(String),
      home_page_url: `${ORIGIN}/${lang}/vacancies`,
      feed_url: `${ORIGIN}/feeds/vacancies.${lang}.json`,
      language: lang,
    })
    expect(feed.items.length).toBeGreaterThan(8)
    expect(new Set(feed.items.map(({ id }) => id)).size).toBe(feed.items.length)
    for (const item of feed.items) {
      expect(item).toMatchObject({
        id: expect.any(String),
        url: expect.stringMatching(/^https?:/),
        title: expect.any(String),
        content_text: expect.stringMatching(/./),
        language: expect.stringMatching(/^(tg|ru|en)$/),
      })
      expect(item.date_published).toMatch(RFC3339)
    }
  })

  test('held, withdrawn, expired adverts and those for citizens only are in no feed', async () => {
    for (const kind of ['atom', 'json']) {
      const feed = await text(`/feeds/vacancies.${lang}.${kind}`)
      expect(feed).toContain(known.full)
      for (const name of ['held', 'withdrawn', 'expired', 'citizens'] as const) expect(feed).not.toContain(known[name])
    }
  })
})

test('the sitemap is well-formed, and every address in it is a page to be found', async () => {
  const sitemap = parseXml(await text('/sitemap.xml'))
  expect(sitemap.name).toBe('{http://www.sitemaps.org/schemas/sitemap/0.9}urlset')
  const addresses = sitemap.children.map(({ children }) => children.find(({ name }) => name.endsWith('}loc'))!.text)
  for (const lang of LANGUAGES)
    expect(addresses).toEqual(
      expect.arrayContaining([
        `${ORIGIN}/${lang}`,
        `${ORIGIN}/${lang}/vacancies`,
        `${ORIGIN}/${lang}/vacancies/${known.full}`,
      ]),
    )
  expect(new Set(addresses).size).toBe(addresses.length)
  for (const name of ['held', 'withdrawn', 'expired', 'tajik'] as const)
    expect(addresses.join()).not.toContain(known[name])
  for (const url of sitemap.children)
    for (const { name, text } of url.children) if (name.endsWith('}lastmod')) expect(text).toMatch(/^\d{4}-\d\d-\d\d$/)
  for (const address of addresses) {
    const response = await ask(new URL(address).pathname)
    expect([address, response.status]).toEqual([address, 200])
    const page = await response.text()
    expect(page).toContain(`<link rel="canonical" href="${address}"`)
    expect(page).not.toContain('noindex')
  }
})
