import { expect, test } from 'vitest'
import { launchBrowser } from './browser.ts'

// Where no browser is installed all others depend on it, which nobody who has one would notice.
test('the browser that npm brings draws Cyrillic letters with a font of its own', async () => {
  const browser = await launchBrowser(true)
  try {
    const page = await browser.newPage()
    await page.setContent('<p style="font: 20px sans-serif"><b>і</b><i>ш</i> Ҷумъа</p>')
    const [narrow, wide] = await Promise.all(['b', 'i'].map((letter) => page.locator(letter).boundingBox()))
    expect(wide!.width).toBeGreaterThan(narrow!.width)
    expect((await page.screenshot()).length).toBeGreaterThan(1_000)
  } finally {
    await browser.close()
  }
})
