import { URI } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Translate, translator } from '#kernel/i18n/translate.ts'
import { openMail } from '#kernel/notifications/send-mail.ts'
import { launchBrowser } from '../browser.ts'
import { apply, decide, openMyCase } from './applying.ts'
import { type Person, type RunningPlatform, runningPlatform } from './platform.ts'

const LANG = 'ru'
const PASSWORD = 'тихая-река-несёт-яблоки'
const EMAIL = 'rahbar@ustod.example'

let browser: Browser
let platform: RunningPlatform
let officer: Person
let t: Translate
beforeAll(async () => {
  browser = await launchBrowser()
  platform = await runningPlatform()
  t = translator(platform.platform.catalogue, LANG)
  officer = await platform.person('employment_officer', 'Манзура Намунавӣ', LANG)
})
afterAll(async () => {
  await browser?.close()
  await platform?.stop()
})

const open = (page: Page, path: string) => page.goto(`${platform.origin}/${LANG}${path}`)
const field = (page: Page, name: string) => page.locator(`[name="${name}"]`)
const press = (page: Page, words: string) => page.locator('main').getByRole('button', { name: words }).click()

async function signIn(page: Page, { email, password, code }: Pick<Person, 'email' | 'password' | 'code'>) {
  await open(page, '/sign-in')
  await field(page, 'email').fill(email)
  await field(page, 'password').fill(password)
  await field(page, 'code').fill(code())
  await press(page, t('access.sign_in.submit'))
  await page.waitForURL('**/work')
}

test('an employer registers, is verified, is kept from taking a fee, posts, hires who applied, and closes', async () => {
  const employer = await (await browser.newContext()).newPage()
  await open(employer, '/employers/register')
  await employer.getByText(t('employers.register.kind_employer')).click()
  const said = { legal_name: 'ҶДММ «Устод»', tin: '020004567', phone: '+992446001234', contact_name: 'Раҳбар' }
  for (const [name, value] of Object.entries({ ...said, email: EMAIL })) await field(employer, name).fill(value)
  await press(employer, t('employers.register.send'))
  await employer.waitForURL('**/employers/registered')

  await employer.goto(await linkInMail())
  await press(employer, t('employers.confirm.button'))
  await employer.waitForURL('**/sign-in/set-up/*')
  const address = await employer.locator('a[href^="otpauth:"]').getAttribute('href')
  const authenticator = URI.parse(address!)
  const at = Date.now()
  await field(employer, 'password').fill(PASSWORD)
  await field(employer, 'code').fill(authenticator.generate({ timestamp: at } as never))
  await press(employer, t('access.account.save'))
  await employer.waitForURL('**/sign-in?set=1')
  // A code counts once: the next one is the telephone's of half a minute later, which is taken as well.
  const code = () => authenticator.generate({ timestamp: at + 30_000 } as never)
  await signIn(employer, { email: EMAIL, password: PASSWORD, code })
  await open(employer, '/work/employer')
  await employer.getByText(t('employers.own.state.asked')).waitFor()

  const desk = await (await browser.newContext()).newPage()
  await signIn(desk, officer)
  await desk
    .getByRole('link', { name: t('employers.work.check', { name: said.legal_name }) })
    .first()
    .click()
  await desk.getByText(t('employers.code.how.call'), { exact: true }).click()
  await press(desk, t('employers.show.note_phone'))
  await press(desk, t('employers.do.verify'))
  await desk.getByText(t('employers.show.told')).waitFor()

  await open(employer, '/work/postings/new')
  const offer = {
    title: 'Кафшергар',
    region: 'Душанбе',
    duties: 'Кафшери қубурҳо.',
    pay_min: '4000',
    phone: '+992446001234',
  }
  for (const [name, value] of Object.entries(offer)) await field(employer, name).fill(value)
  for (const [name, value] of [
    ['country', 'TJ'],
    ['pay_currency', 'TJS'],
    ['pay_period', 'month'],
    ['contract', 'permanent'],
  ])
    await field(employer, name!).selectOption(value!)
  await employer.locator('[name=takes][value=deduction]').check()
  await press(employer, t('vacancies.posting.publish'))
  await employer.locator('#takes-error').getByText(t('vacancies.posting.fee_taken')).waitFor()
  await employer.locator('[name=takes][value=nothing]').check()
  await press(employer, t('vacancies.posting.publish'))
  await employer.getByText(t('vacancies.posting.said.public')).waitFor()

  // A phone without script; people type Tajik on Russian keyboards.
  const seeker = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
  await open(seeker, '/vacancies?q=кафшергар')
  await seeker.getByRole('link', { name: offer.title }).click()
  await seeker.getByText(said.legal_name).first().waitFor()
  const found = seeker.url()
  const receipt = await apply(seeker, t)

  await open(employer, '/work/applications')
  await employer.getByRole('link', { name: 'Далер Намунаев' }).click()
  await decide(employer, t, 'invite')
  await decide(employer, t, 'hire')
  await openMyCase(seeker, t, `${platform.origin}/${LANG}/my-case`, receipt)
  await seeker.getByText(t('applications.own.hired')).waitFor()

  await open(employer, '/work/postings')
  await employer.getByRole('link', { name: offer.title, exact: true }).click()
  await press(employer, t('vacancies.posting.do.close'))
  await employer.getByText(t('vacancies.posting.said.closed')).waitFor()
  // Somebody who was never here: nothing comes from a cache.
  expect((await fetch(found)).status).toBe(410)
}, 300_000)

async function linkInMail(): Promise<string> {
  const { id, sealed } = await platform.owner
    .selectFrom('notifications.delivery')
    .select(['id', 'sealed'])
    .where('sealed', 'is not', null)
    .executeTakeFirstOrThrow()
  return /http\S+/.exec(openMail(platform, id, sealed!).body)![0]
}
