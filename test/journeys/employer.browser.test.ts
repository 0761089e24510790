import { URI } from 'otpauth'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Translate } from '#kernel/i18n/translate.ts'
import { openMail } from '#kernel/notifications/send-mail.ts'
import { apply, decide, openMyCase } from './applying.ts'
import { type Journey, signIn, startJourney } from './journey.ts'

const PASSWORD = 'тихая-река-несёт-яблоки'
const EMAIL = 'rahbar@ustod.example'

let journey: Journey
let t: Translate
beforeAll(async () => {
  journey = await startJourney('ru', 'employment_officer', 'Манзура Намунавӣ')
  t = journey.t
})
afterAll(() => journey?.stop())

const field = (page: Page, name: string) => page.locator(`[name="${name}"]`)
const tab = async (options = {}) => (await journey.browser.newContext(options)).newPage()

test('an employer registers, is verified, is kept from taking a fee, posts, hires who applied, and closes', async () => {
  const employer = await tab()
  await journey.open(employer, '/employers/register')
  await employer.getByText(t('employers.register.kind_employer')).click()
  const said = { legal_name: 'ҶДММ «Устод»', tin: '020004567', phone: '+992446001234', contact_name: 'Раҳбар' }
  for (const [name, value] of Object.entries({ ...said, email: EMAIL })) await field(employer, name).fill(value)
  await journey.press(employer, t('employers.register.send'))
  await employer.waitForURL('**/employers/registered')

  await employer.goto(await linkInMail())
  await journey.press(employer, t('employers.confirm.button'))
  await employer.waitForURL('**/sign-in/set-up/*')
  const address = await employer.locator('a[href^="otpauth:"]').getAttribute('href')
  const authenticator = URI.parse(address!)
  const at = Date.now()
  await field(employer, 'password').fill(PASSWORD)
  await field(employer, 'code').fill(authenticator.generate({ timestamp: at } as never))
  await journey.press(employer, t('access.account.save'))
  await employer.waitForURL('**/sign-in?set=1')
  // A code counts once: the next one is the telephone's of half a minute later, which is taken as well.
  const code = () => authenticator.generate({ timestamp: at + 30_000 } as never)
  await signIn(employer, journey, { email: EMAIL, password: PASSWORD, code })
  await journey.open(employer, '/work/employer')
  await employer.getByText(t('employers.own.state.asked')).waitFor()

  const desk = await tab()
  await signIn(desk, journey, journey.officer)
  await desk
    .getByRole('link', { name: t('employers.work.check', { name: said.legal_name }) })
    .first()
    .click()
  await desk.getByText(t('employers.code.how.call'), { exact: true }).click()
  await journey.press(desk, t('employers.show.note_phone'))
  await journey.press(desk, t('employers.do.verify'))
  await desk.getByText(t('employers.show.told')).waitFor()

  await journey.open(employer, '/work/postings/new')
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
  await journey.press(employer, t('vacancies.posting.publish'))
  await employer.locator('#takes-error').getByText(t('vacancies.posting.fee_taken')).waitFor()
  await employer.locator('[name=takes][value=nothing]').check()
  await journey.press(employer, t('vacancies.posting.publish'))
  await employer.getByText(t('vacancies.posting.said.public')).waitFor()

  // A phone without script; people type Tajik on Russian keyboards.
  const seeker = await tab({ javaScriptEnabled: false })
  await journey.open(seeker, '/vacancies?q=кафшергар')
  await seeker.getByRole('link', { name: offer.title }).click()
  await seeker.getByText(said.legal_name).first().waitFor()
  const found = seeker.url()
  const receipt = await apply(seeker, t)

  await journey.open(employer, '/work/applications')
  await employer.getByRole('link', { name: 'Далер Намунаев' }).click()
  await decide(employer, t, 'invite')
  await decide(employer, t, 'hire')
  await openMyCase(seeker, t, `${journey.at}/my-case`, receipt)
  await seeker.getByText(t('applications.own.hired')).waitFor()

  await journey.open(employer, '/work/postings')
  await employer.getByRole('link', { name: offer.title, exact: true }).click()
  await journey.press(employer, t('vacancies.posting.do.close'))
  await employer.getByText(t('vacancies.posting.said.closed')).waitFor()
  // Somebody who was never here: nothing comes from a cache.
  expect((await fetch(found)).status).toBe(410)
}, 300_000)

async function linkInMail(): Promise<string> {
  const { id, sealed } = await journey.platform.owner
    .selectFrom('notifications.delivery')
    .select(['id', 'sealed'])
    .where('sealed', 'is not', null)
    .executeTakeFirstOrThrow()
  return /http\S+/.exec(openMail(journey.platform, id, sealed!).body)![0]
}
