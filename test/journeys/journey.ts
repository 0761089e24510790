import type { Browser, Page } from 'playwright-core'
import type { Lang } from '#kernel/i18n/languages.ts'
import { type Translate, translator } from '#kernel/i18n/translate.ts'
import type { RoleName } from '#kernel/module.ts'
import { launchBrowser } from '../browser.ts'
import { type Person, type RunningPlatform, runningPlatform } from './platform.ts'

/** A browser before the whole platform, in one language, and an officer who works there. */
export type Journey = {
  browser: Browser
  platform: RunningPlatform
  officer: Person
  t: Translate
  /** Origin and language: every address begins with it. */
  at: string
  open(page: Page, path: string): Promise<unknown>
  press(page: Page, words: string): Promise<void>
  stop(): Promise<void>
}

export async function startJourney(lang: Lang, role: RoleName, name: string): Promise<Journey> {
  const [browser, platform] = await Promise.all([launchBrowser(), runningPlatform()])
  const at = `${platform.origin}/${lang}`
  return {
    ...{ browser, platform, at, officer: await platform.person(role, name, lang) },
    t: translator(platform.platform.catalogue, lang),
    open: (page, path) => page.goto(at + path),
    press: (page, words) => page.locator('main').getByRole('button', { name: words }).click(),
    stop: async () => {
      await browser.close()
      await platform.stop()
    },
  }
}

/** Signs somebody in, and waits for *My work*. `at`: origin and language. */
export async function signIn(
  page: Page,
  { t, at }: { t: Translate; at: string },
  { email, password, code }: Pick<Person, 'email' | 'password' | 'code'>,
): Promise<void> {
  await page.goto(`${at}/sign-in`)
  await page.getByLabel(t('access.sign_in.email')).fill(email)
  await page.getByLabel(t('access.sign_in.password')).fill(password)
  await page.getByLabel(t('access.sign_in.code')).fill(code())
  await page.getByRole('button', { name: t('access.sign_in.submit') }).click()
  await page.waitForURL(`${at}/work`)
}
