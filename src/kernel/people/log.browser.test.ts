import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../../../test/browser.ts'
import { bringPeople } from '../../../test/people.ts'
import { type TestSite, testSite } from '../../../test/site.ts'

let site: TestSite
let browser: Browser
beforeAll(async () => {
  ;[site, browser] = await Promise.all([testSite(), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
})

test('the log as printed says whose it is and from which office, and holds nothing of the workspace around it', async () => {
  const { found } = await bringPeople(site)
  const context = await browser.newContext()
  await context.addCookies([{ name: 'hamsafar', value: await site.session('registry_officer'), url: site.origin }])
  const page = await context.newPage()
  await page.goto(`${site.origin}/en/work/people/${found}/log`)
  await page.emulateMedia({ media: 'print' })
  const text = (await page.innerText('body')).replace(/\s+/g, ' ')
  for (const part of ['Сафарзода Бахтиёр Карим', found, 'Issued', 'Office of registry_officer', 'stood in a list'])
    expect(text).toContain(part)
  // No officer is named, and what can only be pressed is not there.
  for (const part of ['Test registry_officer', 'Notifications', 'My work']) expect(text).not.toContain(part)
  for (const part of ['.find', '.bell', '.me', '.rail', '.crumb'])
    expect([part, await page.isVisible(part)]).toEqual([part, false])
})
