import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { translator } from '#kernel/i18n/translate.ts'
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
  officer = await platform.person('vacancy_officer', 'Зарина Намунавӣ', 'tg')
  const ctx = systemContext(platform.platform, platform.owner, silentLog, 'test')
  const file = { name: 'adverts.csv', bytes: Buffer.from('id;title;country\n1;Швея;RU\n') }
  await importFile(ctx, vacanciesImport, file, { source: 'test' })
})
afterAll(async () => {
  await browser?.close()
  await platform?.stop()
})

test('an officer signs in, decides and takes it back without a mouse, and always sees where the keyboard is', async () => {
  const t = translator(platform.platform.catalogue, 'tg')
  const advert = () =>
    platform.owner.selectFrom('vacancies.vacancy').select(['reference', 'state']).executeTakeFirstOrThrow()
  const { reference } = await advert()
  const told = await fetch(`${platform.origin}/tg/vacancies/${reference}/report`, {
    method: 'POST',
    headers: { origin: platform.origin },
    body: new URLSearchParams({ reason: 'fee' }),
  })
  expect(new URL(told.url).pathname).toBe(`/tg/vacancies/${reference}/reported`)

  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(15_000)
  await page.goto(`${platform.origin}/tg/sign-in`)
  await page.keyboard.press('Tab')
  expect((await focused(page)).name).toBe(t('ui.skip'))
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await type(page, t('access.sign_in.email'), officer.email)
  await page.keyboard.press('Tab')
  await type(page, t('access.sign_in.password'), officer.password)
  await page.keyboard.press('Tab')
  await type(page, t('access.sign_in.code'), officer.code())
  await page.keyboard.press('Enter')
  await page.waitForURL('**/tg/work')

  await tabTo(page, `${t('vacancies.review.check')}: ${t('vacancies.review.work_title', { title: 'Швея' })}`)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/review/${reference}`)
  await tabTo(page, t('vacancies.review.note'))
  await page.keyboard.type('Пул мепурсанд.')
  await tabTo(page, t('vacancies.review.withdraw'))
  await page.keyboard.press('Space')
  await page.waitForURL('**?decided=reject')
  expect(await advert()).toMatchObject({ state: 'withdrawn' })
  await tabTo(page, t('ui.undo'))
  await page.keyboard.press('Enter')
  await page.waitForURL('**?undone=yes')
  expect(await advert()).toMatchObject({ state: 'published' })

  // Searching is one key away.
  await page.keyboard.press('/')
  expect((await focused(page)).type).toBe('search')
  await tabTo(page, t('vacancies.review.search'))
  await page.keyboard.type('шве')
  await page.keyboard.press('Enter')
  await page.waitForURL('**?q=**')
  await tabTo(page, 'Швея')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/review/${reference}`)
  await page.getByText('Пул мепурсанд.').waitFor({ state: 'attached' })
}, 40_000)

async function type(page: Page, label: string, text: string) {
  expect((await focused(page)).name).toBe(label)
  await page.keyboard.type(text)
}

/** Presses Tab until something with this name has the focus; each step on the way must be seen. */
async function tabTo(page: Page, name: string) {
  const passed = [(await focused(page)).name]
  while (passed.at(-1) !== name) {
    if (passed.length > 60) throw new Error(`“${name}” is not reached by the keyboard, only ${passed.join(' | ')}`)
    await page.keyboard.press('Tab')
    const here = await focused(page)
    if (here.tag !== 'BODY') expect([here.name, here.seen]).toEqual([here.name, true])
    passed.push(here.name)
  }
}

/** What has the focus: its name as it is read out, and whether its place can be seen. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement
    const { outlineStyle, boxShadow } = getComputedStyle(element)
    const label = element.labels?.[0] ?? element
    return {
      tag: element.tagName,
      type: element.type,
      name: label.textContent.replace(/\s+/g, ' ').trim(),
      seen: outlineStyle !== 'none' || boxShadow !== 'none',
    }
  })
