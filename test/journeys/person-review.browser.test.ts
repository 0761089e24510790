import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { translator } from '#kernel/i18n/translate.ts'
import type { StatedRecord } from '#kernel/people/facts.ts'
import { openSource, receiveRecords } from '#kernel/people/receive.ts'
import { systemContext } from '#kernel/system.ts'
import { launchBrowser } from '../browser.ts'
import { silentLog } from '../database.ts'
import { type Person, type RunningPlatform, runningPlatform } from './platform.ts'

let platform: RunningPlatform
let browser: Browser
let officer: Person
/** The officer's browser, signed in from the first test on. */
let context: BrowserContext
beforeAll(async () => {
  ;[platform, browser] = await Promise.all([runningPlatform(), launchBrowser()])
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  context.setDefaultTimeout(15_000)
  officer = await platform.person('registry_officer', 'Шаҳло Намунавӣ', 'tg')
})
afterAll(async () => {
  await browser?.close()
  await platform?.stop()
})

const row = (family: string, given: string, birth: number, adverse: boolean): StatedRecord => ({
  names: [{ family, given, patronymic: 'Каримович' }],
  birth,
  sex: 'male',
  documents: [{ kind: 'passport', number: `A${birth}` }],
  adverse,
})

/** Two pairs that wait, by rule: a ban with the document of somebody whose birth date is another. */
async function bringPairs() {
  const ctx = systemContext(platform.platform, platform.owner, silentLog, 'test')
  const { id: custodian } = await platform.owner
    .selectFrom('organisations.organisation')
    .select('id')
    .executeTakeFirstOrThrow()
  await platform.owner.transaction().execute(async (db) => {
    const inside = { ...ctx, db }
    const source = await openSource(inside, { custodian, kind: 'file', label: 'П-2026-0411' })
    for (const [person, ban] of [
      [row('Сафарзода', 'Бахтиёр', 19910412, false), row('Сафаров', 'Бахтиёр', 19910412, true)],
      [row('Маликзода', 'Ориф', 19621130, false), row('Маликов', 'Ориф', 19621130, true)],
    ] as const)
      await receiveRecords(inside, source, [person, { ...ban, birth: ban.birth! + 10_000 }])
  })
}

const reviews = () =>
  platform.owner.selectFrom('people.review').select(['id', 'state']).orderBy('due_at').orderBy('id').execute()

test('an officer finds the queue, skips, decides and takes back by the keyboard alone', async () => {
  await bringPairs()
  const [first, second] = await reviews()
  expect([first?.state, second?.state]).toEqual(['open', 'open'])
  const t = translator(platform.platform.catalogue, 'tg')
  const page = await context.newPage()
  await signIn(page)

  await tabTo(page, t('people.nav.review'))
  await page.keyboard.press('Enter')
  await page.waitForURL('**/work/people/review')
  await tabTo(page, t('people.review.compare'))
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/review/${first!.id}`)
  // Both names, and what differs marked.
  expect(await page.locator('mark').allTextContents()).toEqual(expect.arrayContaining(['зода', 'ов']))
  await page.keyboard.press('ArrowRight')
  await page.waitForURL(`**/review/${second!.id}`)
  await page.keyboard.press('2')
  await page.waitForURL(`**/review/${second!.id}?decided=different`)
  expect((await reviews()).map(({ state }) => state)).toEqual(['open', 'different'])
  // The page opens at what was done, and a key takes it back.
  expect(await focused(page)).toContain(t('people.code.review_state.different'))
  await page.keyboard.press('0')
  await page.waitForURL('**?decided=undone')
  expect(await focused(page)).toContain(t('people.review.undone'))
  expect((await reviews()).map(({ state }) => state)).toEqual(['open', 'open'])
  await page.keyboard.press('1')
  await page.waitForURL('**?decided=proposed')
  await page.keyboard.press('ArrowRight')
  await page.waitForURL(`**/review/${first!.id}`)
  await page.keyboard.press('3')
  await page.waitForURL('**?decided=unclear')
  expect((await reviews()).map(({ state }) => state).sort()).toEqual(['proposed', 'unclear'])
  await page.close()
}, 240_000)

test('keys do nothing while somebody types', async () => {
  const page = await context.newPage()
  const [one] = (await reviews()).filter(({ state }) => state === 'unclear')
  await page.goto(`${platform.origin}/tg/work/people/review/${one!.id}`)
  await page.keyboard.press('/')
  await page.keyboard.type('123')
  expect(await page.locator('#find').inputValue()).toBe('123')
  expect((await reviews()).find(({ id }) => id === one!.id)?.state).toBe('unclear')
  await page.close()
}, 240_000)

async function signIn(page: Page) {
  await page.goto(`${platform.origin}/tg/sign-in`)
  await page.locator('[name=email]').focus()
  await page.keyboard.type(officer.email)
  await page.keyboard.press('Tab')
  await page.keyboard.type(officer.password)
  await page.keyboard.press('Tab')
  await page.keyboard.type(officer.code())
  await page.keyboard.press('Enter')
  await page.waitForURL('**/tg/work')
}

/** Presses Tab until something whose name begins so has the focus. */
async function tabTo(page: Page, name: string) {
  for (let steps = 0; steps < 60; steps++) {
    await page.keyboard.press('Tab')
    if ((await focused(page)).startsWith(name)) return
  }
  throw new Error(`“${name}” is not reached by the keyboard`)
}

const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement
    return (element === document.body ? '' : element?.textContent?.replace(/\s+/g, ' ').trim()) ?? ''
  })
