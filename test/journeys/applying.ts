import type { Page } from 'playwright-core'
import type { Translate } from '#kernel/i18n/translate.ts'

/** Who somebody is and how they are safely reached: the first step of applying, and the top of the adviser's form. */
export async function fillWho(page: Page, t: Translate): Promise<void> {
  await page.getByLabel(t('applications.form.name')).fill('Далер Намунаев')
  await page.getByLabel(t('applications.form.phone'), { exact: true }).fill('90 123 45 67')
  await page.locator('[name=own][value=yes]').check()
  await page.locator('[name=reach][value=none]').check()
}

/** What they can do. */
export async function fillSkills(page: Page, t: Translate): Promise<void> {
  await page.getByLabel(t('applications.form.trade')).fill('кафшергар')
  await page.locator('[name=lang_ru]').selectOption('talk')
  // At a desk the papers are folded.
  const folded = page.locator('details:not([open]) > summary', { hasText: t('applications.form.licences') })
  if ((await folded.count()) > 0) await folded.click()
  await page.locator('[name=licences][value=welder]').check()
}

/** All three steps of applying, from the page of the advert; answers reference and PIN of the receipt. */
export async function apply(page: Page, t: Translate): Promise<[reference: string, pin: string]> {
  await page.getByRole('link', { name: t('vacancies.apply.here') }).click()
  await fillWho(page, t)
  await page.getByRole('button', { name: t('applications.apply.next') }).click()
  await fillSkills(page, t)
  await page.getByRole('button', { name: t('applications.apply.next') }).click()
  await page.getByRole('button', { name: t('applications.apply.send') }).click()
  await page.getByRole('heading', { level: 1, name: t('applications.sent.title') }).waitFor()
  const [reference, pin] = await page.locator('.code').allInnerTexts()
  return [reference!, pin!]
}

/** The employer decides about the application that the page shows. */
export async function decide(page: Page, t: Translate, act: 'invite' | 'hire'): Promise<void> {
  const card = page.locator('aside details', { has: page.locator(`input[name=act][value=${act}]`) })
  if ((await card.getAttribute('open')) === null) await card.locator('summary').click()
  await card.getByRole('button', { name: t(`applications.received.${act}_do`) }).click()
  await page
    .getByText(t(`applications.event.${act}`), { exact: true })
    .first()
    .waitFor()
}

/** *My case*, opened with what the receipt says. */
export async function openMyCase(page: Page, t: Translate, address: string, [reference, pin]: [string, string]) {
  await page.goto(address)
  await page.getByLabel(t('my_case.form.reference')).fill(reference)
  await page.getByLabel(t('my_case.form.pin')).fill(pin)
  await page.getByRole('button', { name: t('my_case.form.open') }).click()
}
