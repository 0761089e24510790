import { readFileSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LANGUAGES, type Lang } from '#kernel/i18n/languages.ts'
import { translator } from '#kernel/i18n/translate.ts'
import { launchBrowser } from '../browser.ts'
import { AXE, axeViolations, overflow, watch } from '../pages/inspect.ts'
import { type TestSite, testSite } from '../site.ts'

const TODAY = new Date('2026-11-21T12:00:00')

let site: TestSite
let browser: Browser
beforeAll(async () => {
  ;[site, browser] = await Promise.all([testSite(), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
})

/** A phone of its own at the page; `asked` are all requests of the page and of its worker. */
async function phone(lang: Lang) {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' })
  await context.addInitScript(AXE)
  const asked: string[] = []
  context.on('request', (request) => asked.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`))
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  await page.clock.setFixedTime(TODAY)
  const seen = watch(page, site.origin)
  await page.goto(`${site.origin}/${lang}/days`)
  return { context, page, asked, seen }
}

const saved = (page: Page) => page.locator('[data-if=saved]').waitFor()
const trip = (page: Page, index: number) => page.locator('#stays > fieldset').nth(index)
const said = async (page: Page, name: string) => page.locator(`#result [data-out=${name}]`).first().textContent()
const shown = (page: Page, name: string) => page.locator(`#result [data-if=${name}]`).first().isVisible()
const storage = (page: Page) => page.evaluate(() => JSON.stringify(localStorage))

async function fill(page: Page, ...trips: [entry: string, exit?: string][]) {
  for (const [index, [entry, exit = '']] of trips.entries()) {
    if (index > 0) await page.click('[data-act=add]')
    await trip(page, index).locator('[data-day=entry]').fill(entry)
    await trip(page, index).locator('[data-day=exit]').fill(exit)
  }
  await page.click('form [type=submit]')
}

async function withPhone(lang: Lang, use: (at: Awaited<ReturnType<typeof phone>>) => Promise<void>) {
  const at = await phone(lang)
  await use(at)
  expect(at.seen.faults).toEqual([])
  await at.context.close()
}

const cached = (page: Page) =>
  page.evaluate(async () => {
    const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))
    return kept.flat().map(({ url }) => new URL(url).pathname)
  })

const offline = (context: BrowserContext) => context.setOffline(true)

describe.each(LANGUAGES)('my days in %s', { timeout: 240_000 }, (lang) => {
  test('visited once, it counts without network; the calendar is saved; nothing has left the phone', async () => {
    await withPhone(lang, async ({ context, page, asked, seen }) => {
      const t = translator(site.platform.catalogue, lang)
      await saved(page)
      const kept = await cached(page)
      expect(kept.filter((path) => path === `/${lang}/days`)).toHaveLength(1)
      expect(kept.filter((path) => /^\/assets\/(public-\w+\.css|mark-\w+\.svg|days-\w+\.js)$/.test(path))).toHaveLength(
        3,
      )
      expect(kept).toHaveLength(4)

      await offline(context)
      await page.reload()
      expect(await page.locator('[data-if=offline]').isVisible()).toBe(true)
      const before = asked.length
      await fill(page, ['2026-01-10', '2026-02-28'], ['2026-11-01'])
      // 50 days, and 21 in November; forty more than those fifty end on 10 December.
      expect(await said(page, 'used')).toBe('71 / 90')
      expect(await said(page, 'unbroken')).toBe('21 / 90')
      expect(await said(page, 'left')).toBe('19')
      const { format } = site.ctx({ lang })
      const inWords = (text: string) => format.date(Temporal.PlainDate.from(text))
      expect(await said(page, 'last')).toBe(inWords('2026-12-10'))
      expect(await said(page, 'date_registration')).toBe(inWords('2026-11-15'))
      expect(await shown(page, 'passed_registration')).toBe(true)
      expect(await said(page, 'date_work')).toBe(inWords('2026-11-30'))

      const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-act=calendar]')])
      expect(download.suggestedFilename()).toBe('hamsafar.ics')
      const calendar = readFileSync((await download.path())!, 'utf8')
      expect(
        [...calendar.matchAll(/DTSTART;VALUE=DATE:(\d+)\r\nSUMMARY:(.*)\r\n/g)].map(([, day, text]) => [day, text]),
      ).toEqual([
        ['20261210', t('stay.deadline.last')],
        ['20261130', t('stay.deadline.work').replaceAll(',', '\\,')],
      ])
      // What the phone keeps already says nothing when asked for again (the browser draws the icon of a page late).
      const silent = ['GET blob:', ...kept.map((path) => `GET ${site.origin}${path} `)]
      expect(asked.slice(before).filter((request) => !silent.some((known) => request.startsWith(known)))).toEqual([])
      expect(asked.filter((request) => /\?|202\d-|POST/.test(request))).toEqual([])
      expect(await storage(page)).toBe('{}')
      // What the browser itself mourns about the network.
      seen.faults = seen.faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED/.test(fault))
    })
  })

  test('every state reads well at 320 px: days left, a fault, beyond the limit, a patent', async () => {
    await withPhone(lang, async ({ page }) => {
      const found: Record<string, string[]> = {}
      const look = async (name: string) => {
        found[name] = [...(await overflow(page)), ...(await axeViolations(page))]
      }
      await look('empty')
      await fill(page, ['2026-03-10', '2026-03-01'])
      expect(await trip(page, 0).locator('[data-if=exit_before_entry]').isVisible()).toBe(true)
      expect(await page.locator('#result').isVisible()).toBe(false)
      await look('fault')
      await fill(page, ['2026-03-01', '2026-05-29'], ['2026-11-20'])
      expect([await shown(page, 'over'), await shown(page, 'left')]).toEqual([true, false])
      expect([await said(page, 'beyond_days'), await said(page, 'used')]).toEqual(['2', '92 / 90'])
      // No day is ahead that a calendar could hold but the one by which fingerprints are due.
      expect(await shown(page, 'calendar')).toBe(true)
      await look('beyond')
      await page.click('form details summary')
      const withPatentOf = async (day: string) => {
        await page.fill('[data-day=patent]', day)
        await page.click('form [type=submit]')
        return [await shown(page, 'over'), await shown(page, 'patent')]
      }
      expect(await withPatentOf('2026-11-21')).toEqual([true, true])
      expect(await withPatentOf('2026-03-11')).toEqual([false, true])
      expect(await said(page, 'date_patent')).toMatch(/^10\D+2026, 10\D+2027, 10\D+2027$/)
      // One whose twelve months are over hides nothing, and is said to be over.
      expect(await withPatentOf('2025-05-01')).toEqual([true, false])
      expect([await shown(page, 'ended'), await said(page, 'used')]).toEqual([true, '92 / 90'])
      await look('a patent that ended')
      await page.fill('[data-day=patent_before]', '2026-05-01')
      await page.click('form [type=submit]')
      expect([await shown(page, 'over'), await shown(page, 'ended')]).toEqual([false, false])
      await page.fill('[data-day=patent_before]', '')
      await withPatentOf('2026-03-11')
      await page.emulateMedia({ forcedColors: 'active' })
      await look('patent in forced colours')
      expect(Object.entries(found).filter(([, faults]) => faults.length > 0)).toEqual([])
    })
  })
})

test('nothing is kept unless it is wanted; what was kept is deleted at once', { timeout: 240_000 }, async () => {
  await withPhone('tg', async ({ page }) => {
    await fill(page, ['2026-11-01'])
    await page.reload()
    expect([await trip(page, 0).locator('[data-day=entry]').inputValue(), await storage(page)]).toEqual(['', '{}'])
    await page.check('#keep')
    await fill(page, ['2026-01-10', '2026-02-28'], ['2026-11-01'])
    await page.reload()
    expect([await said(page, 'left'), await page.locator('#result').isVisible()]).toEqual(['19', true])
    await trip(page, 0).locator('[data-act=remove]').click()
    await page.click('[data-act=clear]')
    expect([await storage(page), await page.locator('#result').isVisible()]).toEqual(['{}', false])
    await page.reload()
    expect(await trip(page, 0).locator('[data-day=entry]').inputValue()).toBe('')
  })
})

test('after the way out, the way back shows nothing of what was typed', { timeout: 240_000 }, async () => {
  await withPhone('tg', async ({ page }) => {
    await fill(page, ['2026-11-01'])
    await page.click('main a[href="/tg/vacancies"]')
    await page.waitForURL('**/tg/vacancies')
    await page.goBack()
    expect(await trip(page, 0).locator('[data-day=entry]').inputValue()).toBe('')
    expect([await page.locator('#result').isVisible(), await storage(page)]).toEqual([false, '{}'])
  })
})

test('another language is kept beside, and a new wording takes the place of the old', {
  timeout: 240_000,
}, async () => {
  await withPhone('ru', async ({ page }) => {
    await saved(page)
    await page.goto(`${site.origin}/en/days`)
    await saved(page)
    const names = () => page.evaluate(async () => (await caches.keys()).sort())
    const before = await names()
    expect(before.map((name) => name.slice(0, 8))).toEqual(['days-en-', 'days-ru-'])
    await site.owner.updateTable('law.rule').set({ confidence: 'medium' }).where('key', '=', 'stay-90-days').execute()
    await page.reload()
    await expect.poll(names, { timeout: 10_000 }).not.toEqual(before)
    await expect.poll(async () => (await names()).length, { timeout: 10_000 }).toBe(2)
    await site.owner.updateTable('law.rule').set({ confidence: 'high' }).where('key', '=', 'stay-90-days').execute()
  })
})
