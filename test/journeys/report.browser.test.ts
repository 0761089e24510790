import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Translate, translator } from '#kernel/i18n/translate.ts'
import { bringAdvert } from '../adverts.ts'
import { launchBrowser } from '../browser.ts'
import { type Person, type RunningPlatform, runningPlatform } from './platform.ts'

const LANG = 'tg'

let browser: Browser
let platform: RunningPlatform
let officer: Person
let t: Translate
beforeAll(async () => {
  browser = await launchBrowser()
  platform = await runningPlatform()
  t = translator(platform.platform.catalogue, LANG)
  officer = await platform.person('vacancy_officer', 'Зарина Намунавӣ', LANG)
})
afterAll(async () => {
  await browser?.close()
  await platform?.stop()
})

const open = (page: Page, path: string) => page.goto(`${platform.origin}/${LANG}${path}`)
const press = (page: Page, words: string) => page.locator('main').getByRole('button', { name: words }).click()

test('somebody reports an advert, an officer removes it, and who reported learns what became of it', async () => {
  const bad = await bringAdvert(platform, 'bad', { source: 'sample', title: 'Кафшергар', country: 'TJ' })
  const kept = await bringAdvert(platform, 'kept', { source: 'sample', title: 'Нонвой', country: 'TJ' })
  const phone = await tab({ viewport: { width: 360, height: 640 }, javaScriptEnabled: false })
  const code = await report(phone, bad)
  const other = await report(phone, kept)
  // Before anybody looked: it waits, and says until when.
  await askOutcome(phone, code)
  await phone.getByText(t('vacancies.outcome.waits')).waitFor()

  const desk = await tab({ viewport: { width: 1280, height: 800 } })
  await open(desk, '/sign-in')
  await desk.getByLabel(t('access.sign_in.email')).fill(officer.email)
  await desk.getByLabel(t('access.sign_in.password')).fill(officer.password)
  await desk.getByLabel(t('access.sign_in.code')).fill(officer.code())
  await press(desk, t('access.sign_in.submit'))
  await desk.waitForURL(`**/${LANG}/work`)
  await decide(desk, 'Кафшергар', 'vacancies.review.withdraw')
  await decide(desk, 'Нонвой', 'vacancies.review.keep')
  // Who reported asked for the outcome by a code: officers read the story, and learn of nobody.
  expect(await desk.locator('main').textContent()).not.toContain(code)

  expect((await fetch(`${platform.origin}/${LANG}/vacancies/${bad}`)).status).toBe(410)
  await askOutcome(phone, code)
  const away = await phone.locator('main .note').first().innerText()
  expect(away).toContain(t('vacancies.outcome.reject_text'))
  await askOutcome(phone, other)
  expect(await phone.locator('main .note').first().innerText()).toContain(t('vacancies.outcome.publish_text'))
  // A slip of the hand is no outcome.
  await askOutcome(phone, 'K7QF92MXAAAA')
  await phone.getByText(t('vacancies.outcome.unknown')).first().waitFor()
}, 240_000)

async function report(page: Page, reference: string): Promise<string> {
  await open(page, `/vacancies/${reference}`)
  await page.getByRole('link', { name: t('vacancies.show.report') }).click()
  await page.getByLabel(t('vacancies.code.report_reason.fee')).check()
  await page.getByLabel(t('vacancies.report.story')).fill('Пеш аз сафар пул талаб мекунанд.')
  await page.locator('[name=wants_outcome]').check()
  await press(page, t('vacancies.report.send'))
  await page.getByRole('heading', { level: 1, name: t('vacancies.report.thanks') }).waitFor()
  return page.locator('.card .code').innerText()
}

async function askOutcome(page: Page, code: string): Promise<void> {
  await open(page, '/report-outcome')
  await page.getByLabel(t('vacancies.outcome.code')).fill(code)
  await press(page, t('vacancies.outcome.ask'))
}

async function decide(page: Page, title: string, button: string): Promise<void> {
  await open(page, '/work')
  await page
    .getByRole('listitem')
    .filter({ hasText: t('vacancies.review.work_title', { title }) })
    .getByRole('link')
    .first()
    .click()
  await page.getByText(t('vacancies.code.report_reason.fee')).waitFor()
  await press(page, t(button))
  await page.waitForURL('**?decided=*')
}

async function tab(options: Parameters<Browser['newContext']>[0]): Promise<Page> {
  return (await browser.newContext(options)).newPage()
}
