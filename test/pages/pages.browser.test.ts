import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import type { RoleName } from '#kernel/module.ts'
import { launchBrowser } from '../browser.ts'
import { type TestSite, testSite } from '../site.ts'
import { type Address, addressIn, furnish, type Known, publicPages, STAFF } from './addresses.ts'
import { AXE, axeViolations, documentFaults, overflow, send, unfold, watch } from './inspect.ts'

const NARROWEST = { width: 320, height: 640 }
const PHONE = { width: 360, height: 640 }
const DESK = { width: 1280, height: 800 }
// All screens and colours in the language with the longest words; the others differ by their texts only. What the public reads
// is tried for barriers in each.
const FULLY = 'tg'

let site: TestSite
let browser: Browser
let known: Known

beforeAll(async () => {
  ;[site, browser] = await Promise.all([testSite(), launchBrowser()])
  known = await furnish(site)
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
})

type Tab = { page: Page; seen: { faults: string[] } }
const idle: Record<'script' | 'none', Tab[]> = { script: [], none: [] }
const sessions = new Map<RoleName, Promise<string>>()

/** Lends a tab to such a reader, who finds no cookie of the one before; a new one takes longer than most pages. */
async function withTab<T>({ as, script = true }: { as?: RoleName; script?: boolean }, use: (tab: Tab) => Promise<T>) {
  const tabs = idle[script ? 'script' : 'none']
  const tab = tabs.pop() ?? (await openTab(script))
  await tab.page.context().clearCookies()
  if (as) await tab.page.context().addCookies([{ name: 'hamsafar', value: await sessionOf(as), url: site.origin }])
  const result = await use(tab)
  tabs.push(tab)
  return result
}

async function openTab(script: boolean): Promise<Tab> {
  const context = await browser.newContext({ javaScriptEnabled: script, reducedMotion: 'reduce' })
  // Not by a script element: the page's own policy forbids those.
  if (script) await context.addInitScript(AXE)
  const page = await context.newPage()
  return { page, seen: watch(page, site.origin) }
}

function sessionOf(role: RoleName): Promise<string> {
  const known = sessions.get(role) ?? site.session(role)
  sessions.set(role, known)
  return known
}

describe.each(LANGUAGES)('in %s', { timeout: 240_000 }, (lang) => {
  const open = async ({ page, seen }: Tab, { path, status = 200, form }: Address) => {
    seen.faults.length = 0
    const go = () => page.goto(site.origin + addressIn(lang, path, known))
    // The page this tab was lent for before may just have loaded itself anew, as one with progress does.
    const response = await go().catch((error: Error) => {
      if (error.message.includes('ERR_ABORTED')) return go()
      throw error
    })
    expect(response!.status()).toBe(status)
    if (form) await send(page, form)
  }

  test.concurrent.each([...publicPages(lang), ...STAFF])(
    '$path, $as, $form: fits, reads and complains of nothing',
    async (address) => {
      await withTab({ as: address.as }, async (tab) => {
        const { page, seen } = tab
        const found: Record<string, string[]> = {}
        await page.setViewportSize(NARROWEST)
        await open(tab, address)
        found.document = await documentFaults(page, lang)
        found['320 px'] = await overflow(page)
        await unfold(page)
        found['320 px, unfolded'] = await overflow(page)
        if (lang === FULLY || !address.as) found['axe at 320 px'] = await axeViolations(page)
        await page.setViewportSize(PHONE)
        found['360 px'] = await overflow(page)
        if (lang === FULLY) {
          await page.emulateMedia({ forcedColors: 'active' })
          found['axe in forced colours'] = await axeViolations(page)
          await page.emulateMedia({ forcedColors: 'none' })
          await page.setViewportSize(DESK)
          found['1280 px'] = await overflow(page)
          found['axe at 1280 px'] = await axeViolations(page)
        }
        found.browser = seen.faults
        expect(Object.fromEntries(Object.entries(found).filter(([, faults]) => faults.length > 0))).toEqual({})
      })
    },
  )

  test.concurrent.each(publicPages(lang))('$path, $form, without script', async (address) => {
    await withTab({ script: false }, async (tab) => {
      await open(tab, address)
      expect(tab.seen.faults).toEqual([])
      expect((await tab.page.locator('main').innerText()).length).toBeGreaterThan(60)
      // A public page has no script to miss: only data for search engines, or one script that it says is missing.
      const scripts = tab.page.locator('script:not([type="application/ld+json"])')
      expect(await scripts.count()).toBe(address.script ? 1 : 0)
      if (address.script) expect(await tab.page.getByText('JavaScript').count()).toBeGreaterThan(0)
    })
  })

  test.concurrent('without script one finds, narrows, opens and reports an advert', async () => {
    await withTab({ script: false }, async (tab) => {
      const { page } = tab
      await page.setViewportSize(PHONE)
      await open(tab, { path: '/vacancies' })
      await page.fill('input[name=q]', 'монтажник')
      await page.press('input[name=q]', 'Enter')
      await page.click('details.filters > summary')
      await page.check('input[name=only][value=accommodation]')
      await page.click('details.filters button')
      expect(new URL(page.url()).searchParams.get('q')).toBe('монтажник')
      await page.click('ul.jobs li a')
      expect(page.url()).toBe(`${site.origin}/${lang}/vacancies/${known.full}`)
      await page.click('a[href$="/report"]')
      await page.click('form[method=post] button')
      expect(await page.locator('[role=alert] a, .errors a').count()).toBeGreaterThan(0)
      await page.check('input[name=reason][value=fee]')
      await page.click('form[method=post] button')
      expect(page.url()).toBe(`${site.origin}/${lang}/vacancies/${known.full}/reported`)
    })
  })

  test.concurrent.each(['/vacancies', '/vacancies?q=Сварщик'])(
    '%s: the count and two offers stand on the first screen',
    async (path) => {
      await withTab({}, async (tab) => {
        const { page } = tab
        await page.setViewportSize(PHONE)
        await open(tab, { path })
        const box = async (selector: string) => (await page.locator(selector).first().boundingBox())!
        const end = (selector: string) => box(selector).then(({ y, height }) => y + height)
        const [count, first] = [await end('.listbar b'), (await box('ul.jobs > li')).y]
        const second = await end('ul.jobs > li:nth-child(2) > :last-child')
        // The bar in thumb's reach covers what is below its edge.
        const edge = (await box('nav.thumb')).y
        expect(count).toBeLessThan(first)
        expect(second).toBeLessThanOrEqual(edge)
        expect(await page.locator('details.filters input').first().isVisible()).toBe(false)
      })
    },
  )
})
