import { describe, expect, test } from 'vitest'
import type { Actor, Ctx } from '../context.ts'
import { documentOf } from '../http/render.ts'
import { formatOf } from '../i18n/format.ts'
import { LANGUAGE_NAMES, LANGUAGES, type Lang } from '../i18n/languages.ts'
import { translator } from '../i18n/translate.ts'
import { defineModule, type Platform } from '../module.ts'
import { placesPart } from '../places/module.ts'
import { createPlatform } from '../platform.ts'
import { PublicPage } from './layout.tsx'
import { uiPart } from './module.ts'
import { DANGER_PATH } from './navigation.ts'
import { WorkPage } from './work-layout.tsx'

const ORIGIN = 'https://hamsafar.example'
const words = { jobs: 'Work', review: 'Review', secret: 'Secret', audit: 'Audit', news: 'News' }
const sample = defineModule({
  name: 'sample',
  pages: [{ path: '/help', access: 'public', get: () => null }],
  publicNavigation: [{ label: 'sample.jobs', icon: 'work', href: '/vacancies' }],
  navigation: [
    { label: 'sample.review', icon: 'work', href: '/work/review', permission: 'vacancy.review', count: async () => 27 },
    {
      label: 'sample.secret',
      icon: 'lock',
      href: '/work/secret',
      permission: 'secret.read',
      count: () => Promise.reject(new Error('counted')),
    },
    { label: 'sample.audit', icon: 'clock', href: '/work/audit', section: 'records' },
    { label: 'sample.news', icon: 'bell', href: '/work/news', section: 'bar', count: async () => 0 },
  ],
  messages: { tg: words, ru: words, en: words },
})
const platform = createPlatform([uiPart, placesPart, sample], { origin: ORIGIN } as Platform['config'], false)
const staff: Actor = {
  kind: 'staff',
  user_id: '1',
  name: 'Zarina <N.>',
  organisation_id: '1',
  organisation_name: 'Service',
  permissions: new Set(['vacancy.review']),
  session_id: '1',
}
const ctx = (lang: Lang = 'en', actor: Actor = { kind: 'visitor' }) =>
  ({
    actor,
    lang,
    platform,
    t: translator(platform.catalogue, lang),
    format: formatOf(lang),
    now: Temporal.Instant.from('2026-11-21T09:00:00Z'),
  }) as Ctx

const render = (path: string, props: { robots?: string; current?: string } = {}) =>
  documentOf(
    <PublicPage ctx={ctx()} title="Work & pay" path={path} {...props}>
      <h1>Work</h1>
    </PublicPage>,
  )

describe('a public page', () => {
  test('links only to pages that exist, and always to help in danger', async () => {
    const html = await render('/vacancies')
    expect(html).toContain('href="/en/help"')
    expect(html).toContain('href="/en/vacancies" aria-current="page"')
    expect(html).not.toContain('href="/en/privacy"')
    expect(html.split(`href="/en${DANGER_PATH}"`)).toHaveLength(3)
  })

  test('offers itself in every language, each named in itself, with what was asked', async () => {
    const html = await render('/vacancies?q=bricks')
    for (const lang of LANGUAGES)
      expect(html).toContain(`<a href="/${lang}/vacancies?q=bricks" lang="${lang}" hreflang="${lang}"`)
    for (const name of Object.values(LANGUAGE_NAMES)) expect(html).toContain(`>${name}</a>`)
  })

  test('tells search engines its one address', async () => {
    const html = await render('/vacancies?q=bricks')
    expect(html).toContain(`<link rel="canonical" href="${ORIGIN}/en/vacancies"/>`)
    expect(html).toContain(`hreflang="x-default" href="${ORIGIN}/tg/vacancies"`)
    expect(await render('/')).toContain(`hreflang="x-default" href="${ORIGIN}/"`)
    expect(await render('/x', { robots: 'noindex' })).not.toContain('canonical')
  })

  test('needs no script, escapes its title and carries its icons once', async () => {
    const html = await render('/')
    expect(html).toMatch(/^<!doctype html><html lang="en">/)
    expect(html).toContain('<title>Work &amp; pay · Hamsafar</title>')
    expect(html).not.toContain('<script')
    expect(html.match(/<symbol id="i-globe"/g)).toHaveLength(1)
  })
})

describe('a staff page', () => {
  const page = documentOf(
    <WorkPage ctx={ctx('ru', staff)} title="Review" current="/work/review" path="/work/review/7">
      <h1>Review</h1>
    </WorkPage>,
  )

  test('shows the sections one may enter with what waits there, and asks nothing about the others', async () => {
    const html = await page
    expect(html).toMatch(
      /<a href="\/ru\/work\/review" aria-current="page">.*?Review<b data-count="\/work\/review">27<\/b>/,
    )
    expect(html).toContain('Учёт')
    expect(html).not.toContain('Secret')
    // Nothing waits: the badge is there for what may come.
    expect(html).toMatch(/<a class="bell" href="\/ru\/work\/news">.*?News<b data-count="\/work\/news" hidden=""><\/b>/)
    // No page of this platform searches.
    expect(html).not.toContain('type="search"')
  })

  test('names the clock by which its times are told, abroad the one of the office', async () => {
    expect(await page).toContain('Здесь время Душанбе, если не названо другое.')
    const home = ctx('ru', staff)
    const abroad = <WorkPage ctx={{ ...home, format: home.format.in('Europe/Moscow') }} title="Review" current="/" />
    expect(await documentOf(abroad)).toContain('Здесь московское время, если не названо другое.')
  })

  test('says who acts for whom, and lets them leave', async () => {
    const html = await page
    expect(html).toContain('<b>Zarina &lt;N.&gt;</b>')
    expect(html).toContain('<form method="post" action="/ru/sign-out">')
    expect(html).toContain('href="/en/work/review/7"')
  })
})

describe('the design pages', () => {
  const pages = uiPart.pages!.flatMap((page) => LANGUAGES.map((lang) => [page.path, lang, page] as const))

  test.each(pages)('%s in %s: every text is there, one heading, no id twice', async (_path, lang, page) => {
    const html = await documentOf((await page.get!(ctx(lang), null as never)) as never)
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
    expect(ids.length).toBeGreaterThan(5)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    expect(html.match(/<h1/g)).toHaveLength(1)
    for (const [, target] of html.matchAll(/(?:href="#|for=")([^"]+)"/g)) expect(ids).toContain(target)
    for (const [, list] of html.matchAll(/aria-describedby="([^"]+)"/g))
      for (const id of list!.split(' ')) expect(ids).toContain(id)
  })

  test('the languages have the same texts', () => {
    const keys = (lang: Lang) => Object.keys(uiPart.messages![lang]).sort()
    expect(keys('ru')).toEqual(keys('en'))
    expect(keys('tg')).toEqual(keys('en'))
  })
})
