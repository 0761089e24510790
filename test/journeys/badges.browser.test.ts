import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile } from '#kernel/imports/import-file.ts'
import { systemContext } from '#kernel/system.ts'
import { vacanciesImport } from '../../src/modules/vacancies/import.ts'
import { launchBrowser } from '../browser.ts'
import { silentLog } from '../database.ts'
import { type Person, type RunningPlatform, runningPlatform } from './platform.ts'

let platform: RunningPlatform
let browser: Browser
let officer: Person
beforeAll(async () => {
  ;[platform, browser] = await Promise.all([runningPlatform(), launchBrowser()])
  officer = await platform.person('vacancy_officer', 'Зарина Намунавӣ', 'ru')
  const ctx = systemContext(platform.platform, platform.owner, silentLog, 'test')
  const file = { name: 'adverts.csv', bytes: Buffer.from('id;title;country\n1;Швея;RU\n2;Повар;RU\n') }
  await importFile(ctx, vacanciesImport, file, { source: 'test' })
})
afterAll(async () => {
  await browser?.close()
  await platform?.stop()
})

const badge = (page: Page, of: string) => page.locator(`[data-count="${of}"]`)
const [QUEUE, BELL] = ['/work/vacancies/review', '/work/notifications']

async function report(title: string) {
  const { reference } = await platform.owner
    .selectFrom('vacancies.vacancy')
    .select('reference')
    .where('title', '=', title)
    .executeTakeFirstOrThrow()
  const told = await fetch(`${platform.origin}/ru/vacancies/${reference}/report`, {
    method: 'POST',
    headers: { origin: platform.origin },
    body: new URLSearchParams({ reason: 'fee' }),
  })
  expect(told.status).toBe(200)
}

test('badges follow while a page is looked at, and the bell leads to what happened; `/` searches', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(10_000)
  await page.goto(`${platform.origin}/ru/sign-in`)
  await page.fill('[name=email]', officer.email)
  await page.fill('[name=password]', officer.password)
  await page.fill('[name=code]', officer.code())
  await page.click('main button[type=submit]')
  await page.waitForURL('**/ru/work')
  expect(await badge(page, QUEUE).isHidden()).toBe(true)
  expect(await badge(page, BELL).isHidden()).toBe(true)

  await report('Швея')
  await badge(page, QUEUE).waitFor({ timeout: 2_000 })
  expect(await badge(page, QUEUE).textContent()).toBe('1')
  expect(await badge(page, BELL).textContent()).toBe('1')

  await page.click('.bell')
  await page.waitForURL(`**/ru${BELL}`)
  await page.click('main li form button >> nth=0')
  await page.waitForURL(`**/ru${QUEUE}`)
  expect(await badge(page, BELL).isHidden()).toBe(true)

  await page.keyboard.press('/')
  await page.keyboard.type('повар')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/ru/work/find?q=*')
  await page.click('main h3 a')
  await page.waitForURL(`**${QUEUE}/*`)
  expect(await page.textContent('main')).toContain('Повар')
  await page.close()
})

test('without script the same pages say the same; they only wait to be loaded anew', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const again = await platform.person('adviser', 'Беҳрӯз Намунавӣ', 'tg')
  await page.goto(`${platform.origin}/tg/sign-in`)
  await page.fill('[name=email]', again.email)
  await page.fill('[name=password]', again.password)
  await page.fill('[name=code]', again.code())
  await page.click('main button[type=submit]')
  await page.waitForURL('**/tg/work')
  await page.fill('#find', 'повар')
  await page.press('#find', 'Enter')
  await page.waitForURL('**/tg/work/find?q=*')
  expect(await page.locator('main h3 a').count()).toBe(0)
  await page.click('.bell')
  expect(await page.locator('main .empty').count()).toBe(1)
  await context.close()
})
