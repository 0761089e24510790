import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Translate } from '#kernel/i18n/translate.ts'
import { bringAdvert } from '../adverts.ts'
import { type Journey, signIn, startJourney } from './journey.ts'

let journey: Journey
let t: Translate
beforeAll(async () => {
  journey = await startJourney('tg', 'vacancy_officer', 'Зарина Намунавӣ')
  t = journey.t
})
afterAll(() => journey?.stop())

test('somebody reports an advert, an officer removes it, and who reported learns what became of it', async () => {
  const bad = await bringAdvert(journey.platform, 'bad', { source: 'sample', title: 'Кафшергар', country: 'TJ' })
  const kept = await bringAdvert(journey.platform, 'kept', { source: 'sample', title: 'Нонвой', country: 'TJ' })
  const phone = await tab({ viewport: { width: 360, height: 640 }, javaScriptEnabled: false })
  const code = await report(phone, bad)
  const other = await report(phone, kept)
  // Before anybody looked: it waits, and says until when.
  await askOutcome(phone, code)
  await phone.getByText(t('vacancies.outcome.waits')).waitFor()

  const desk = await tab({ viewport: { width: 1280, height: 800 } })
  await signIn(desk, journey, journey.officer)
  await decide(desk, 'Кафшергар', 'vacancies.review.withdraw')
  await decide(desk, 'Нонвой', 'vacancies.review.keep')
  // Who reported asked for the outcome by a code: officers read the story, and learn of nobody.
  expect(await desk.locator('main').textContent()).not.toContain(code)

  expect((await fetch(`${journey.at}/vacancies/${bad}`)).status).toBe(410)
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
  await journey.open(page, `/vacancies/${reference}`)
  await page.getByRole('link', { name: t('vacancies.show.report') }).click()
  await page.getByLabel(t('vacancies.code.report_reason.fee')).check()
  await page.getByLabel(t('vacancies.report.story')).fill('Пеш аз сафар пул талаб мекунанд.')
  await page.locator('[name=wants_outcome]').check()
  await journey.press(page, t('vacancies.report.send'))
  await page.getByRole('heading', { level: 1, name: t('vacancies.report.thanks') }).waitFor()
  return page.locator('.card .code').innerText()
}

async function askOutcome(page: Page, code: string): Promise<void> {
  await journey.open(page, '/report-outcome')
  await page.getByLabel(t('vacancies.outcome.code')).fill(code)
  await journey.press(page, t('vacancies.outcome.ask'))
}

async function decide(page: Page, title: string, button: string): Promise<void> {
  await journey.open(page, '/work')
  await page
    .getByRole('listitem')
    .filter({ hasText: t('vacancies.review.work_title', { title }) })
    .getByRole('link')
    .first()
    .click()
  await page.getByText(t('vacancies.code.report_reason.fee')).waitFor()
  await journey.press(page, t(button))
  await page.waitForURL('**?decided=*')
}

async function tab(options: Parameters<Browser['newContext']>[0]): Promise<Page> {
  return (await journey.browser.newContext(options)).newPage()
}
