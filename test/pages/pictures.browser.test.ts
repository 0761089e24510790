import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { launchBrowser } from '../browser.ts'
import { type TestSite, testSite } from '../site.ts'
import { addressIn, furnish, type Known, publicPages, STAFF } from './addresses.ts'
import { send } from './inspect.ts'

/** The folder for pictures of every page, to be looked at; without it none are taken. */
const FOLDER = process.env.HAMSAFAR_PICTURES
const SCREENS = [
  { width: 360, height: 800 },
  { width: 1280, height: 800 },
]

describe.runIf(FOLDER)('pictures', { timeout: 240_000 }, () => {
  let site: TestSite
  let browser: Browser
  let known: Known

  beforeAll(async () => {
    ;[site, browser] = await Promise.all([testSite(), launchBrowser()])
    known = await furnish(site)
    mkdirSync(FOLDER!, { recursive: true })
  })
  afterAll(async () => {
    await browser.close()
    await site.stop()
  })

  const addresses = LANGUAGES.flatMap((lang) =>
    [...publicPages(lang), ...STAFF].map((address) => ({ lang, ...address })),
  )
  test.each(addresses)('$path in $lang, $as', async ({ lang, path, as, form, status = 200 }) => {
    const context = await browser.newContext({ reducedMotion: 'reduce' })
    if (as) await context.addCookies([{ name: 'hamsafar', value: await site.session(as), url: site.origin }])
    const page = await context.newPage()
    for (const viewport of SCREENS) {
      await page.setViewportSize(viewport)
      const response = await page.goto(site.origin + addressIn(lang, path, known))
      expect(response!.status()).toBe(status)
      if (form) await send(page, form)
      const name = `${as ?? 'visitor'}${path.replace(/[^\p{L}\d]+/gu, '-')}${form ? '-answer' : ''}-${viewport.width}-${lang}.png`
      await page.screenshot({ path: join(FOLDER!, name), fullPage: true })
    }
    await context.close()
  })
})
