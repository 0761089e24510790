import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Translate, translator } from '#kernel/i18n/translate.ts'
import { newReference } from '#kernel/ids.ts'
import { bringAdvert } from '../adverts.ts'
import { launchBrowser } from '../browser.ts'
import { apply, decide, fillSkills, fillWho, openMyCase } from './applying.ts'
import { signIn } from './journey.ts'
import { type Person, type RunningPlatform, runningPlatform } from './platform.ts'

const LANG = 'tg'

let browser: Browser
let platform: RunningPlatform
let vacancy: string
let t: Translate
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  platform = await runningPlatform()
  t = translator(platform.platform.catalogue, LANG)
  const employer_id = await verifiedEmployer()
  vacancy = await bringAdvert(platform, 'journey', {
    ...{ source: 'employer', title: 'Кафшергар', lang: 'tg', country: 'TJ', workplace_text: 'Душанбе' },
    pay: { min: 500_000n, max: 700_000n, currency: 'TJS', period: 'month', gross: false },
  })
  await platform.owner.updateTable('vacancies.vacancy').set({ employer_id }).where('reference', '=', vacancy).execute()
})
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()))
  await platform?.stop()
})

test('somebody applies on a telephone, is invited and hired, compares the contract, and withdraws', async () => {
  const boss = await platform.person('employer', 'Устод Намунавӣ', LANG)
  const phone = await telephone(`/vacancies/${vacancy}`)
  const [reference, pin] = await apply(phone, t)

  const desk = await signedIn(boss)
  await desk.goto(`${platform.origin}/${LANG}/work/applications`)
  await desk.getByRole('link', { name: 'Далер Намунаев' }).click()
  await decide(desk, t, 'invite')
  await decide(desk, t, 'hire')
  await desk.getByText(t('applications.event.hire'), { exact: true }).first().waitFor()
  const placed = await platform.owner.selectFrom('applications.check_in').select('day').orderBy('day').execute()
  expect(placed.map(({ day }) => day)).toEqual([7, 30, 90])

  await openMyCase(phone, t, `${platform.origin}/${LANG}/my-case`, [reference, pin])
  await phone.getByText(t('applications.own.hired')).waitFor()
  await phone.getByRole('button', { name: t('applications.contract.link') }).click()
  await phone.locator('[name=amount]').fill('4500')
  await phone.locator('[name=r_place][value=same]').check()
  await phone.getByRole('button', { name: t('applications.contract.compare') }).click()
  await phone.getByText(t('applications.contract.differs', { count: 1 })).waitFor()
  await phone.getByRole('button', { name: t('my_case.title') }).click()
  await phone.getByRole('button', { name: t('applications.own.withdraw') }).click()
  await phone.getByText(t('applications.done.withdrawn'), { exact: true }).waitFor()
  await desk.goto(`${platform.origin}/${LANG}/work/applications`)
  await desk.getByText(t('applications.inbox.none'), { exact: true }).waitFor()
})

test('an adviser fills it in with the person beside them; the receipt speaks their language', async () => {
  const adviser = await platform.person('adviser', 'Беҳрӯз Намунавӣ', LANG)
  const desk = await signedIn(adviser)
  await desk.goto(`${platform.origin}/${LANG}/work/assisted-applications/new?vacancy=${vacancy}`)
  await fillWho(desk, t)
  await fillSkills(desk, t)
  await desk.locator('[name=lang][value=ru]').check()
  await desk.getByLabel(t('applications.assist.wish')).check()
  await desk.getByRole('button', { name: t('applications.assist.send') }).click()
  const ru = translator(platform.platform.catalogue, 'ru')
  await desk.getByRole('heading', { level: 1, name: ru('applications.sent.title') }).waitFor()
  expect(await desk.locator('article[lang=ru] .code').count()).toBe(2)
})

test('news of new adverts: asked for, confirmed, received, stopped', async () => {
  const phone = await telephone(`/vacancies?q=${encodeURIComponent('кафшергар')}`)
  await phone.getByRole('link', { name: t('vacancies.list.tell_me') }).click()
  await phone.locator('[name=channel][value=email]').check()
  await phone.getByLabel(t('applications.alert.to')).fill('daler@journey.example')
  await phone.locator('[name=mode][value=now]').check()
  await phone.getByRole('button', { name: t('applications.alert.send') }).click()
  await phone.getByRole('heading', { level: 1, name: t('applications.alert.sent') }).waitFor()
  const link = await inOutbox(phone, '/alerts/')
  await phone.goto(link)
  await phone.getByRole('button', { name: t('applications.alert.confirm') }).click()
  await phone.getByText(t('applications.alert.active')).waitFor()

  const fresh = await bringAdvert(platform, 'fresh', { source: 'sample', title: 'Кафшергари навкор', country: 'TJ' })
  await platform.owner
    .updateTable('vacancies.listing')
    .set({ listed_at: Temporal.Now.instant() })
    .where('reference', '=', fresh)
    .execute()
  await inOutbox(phone, `/vacancies/${fresh}`)
  await phone.goto(link)
  await phone.getByRole('button', { name: t('applications.alert.stop') }).click()
  await phone.getByText(t('applications.alert.ended_text')).waitFor()
}, 240_000)

// The mail comes with the next round of the job, within a minute.
async function inOutbox(page: Page, part: string): Promise<string> {
  for (;;) {
    await page.goto(`${platform.origin}/${LANG}/outbox`)
    const link = page.locator(`main a[href*="${part}"]`).first()
    if ((await link.count()) > 0) return (await link.getAttribute('href'))!
    await page.waitForTimeout(1_000)
  }
}

async function verifiedEmployer(): Promise<string> {
  const { id } = await platform.owner
    .selectFrom('organisations.organisation')
    .select('id')
    .orderBy('created_at')
    .executeTakeFirstOrThrow()
  const now = Temporal.Now.instant()
  await platform.owner
    .insertInto('employers.employer')
    .values({
      ...{ organisation_id: id, reference: newReference(), kind: 'employer', state: 'verified', country: 'TJ' },
      ...{ legal_name: 'Устод', phone: '+992000000009', contact_name: 'Намуна', contact_email: 'n@journey.example' },
      ...{ lang: 'tg', asked_at: now, due_at: now, verified_at: now },
    })
    .execute()
  return id
}

async function telephone(path: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 } })
  const page = await context.newPage()
  await page.goto(`${platform.origin}/${LANG}${path}`)
  return page
}

async function signedIn(person: Person): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await signIn(page, { t, at: `${platform.origin}/${LANG}` }, person)
  return page
}
