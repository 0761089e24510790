import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../../../test/browser.ts'
import { type TestSite, testSite } from '../../../test/site.ts'

let site: TestSite
let browser: Browser
let home: string

beforeAll(async () => {
  ;[site, browser] = await Promise.all([testSite(), launchBrowser()])
  // A passkey belongs to a name, never to a number.
  home = site.origin.replace('127.0.0.1', 'localhost')
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
})

/** A browser with a device that makes passkeys and always recognises its owner, or never does. */
async function device({ recognises = true } = {}): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: recognises,
      automaticPresenceSimulation: true,
    },
  })
  return { context, page }
}

const signedIn = async (context: BrowserContext) =>
  context.addCookies([{ name: 'hamsafar', value: await site.session('auditor'), url: home }])
const passkeys = () => site.owner.selectFrom('access.passkey').selectAll().orderBy('created_at').orderBy('id').execute()
const acts = async () =>
  (
    await site.owner
      .selectFrom('audit.entry')
      .select('action')
      .where((w) => w.or([w('action', 'like', 'passkey.%'), w('action', 'like', 'session.%')]))
      .orderBy('id')
      .execute()
  ).map(({ action }) => action)

async function addPasskey(page: Page, name: string) {
  await page.goto(`${home}/en/work/account/passkeys/new`)
  await page.fill('form[data-passkey] [name=name]', name)
  await page.click('form[data-passkey] button')
}

test('a passkey is made, opens the account, proves again, is renamed and removed', { timeout: 240_000 }, async () => {
  const { context, page } = await device()
  await signedIn(context)
  await addPasskey(page, 'My phone')
  await page.waitForURL(`${home}/en/work/account?done=passkey`)
  expect(await page.locator('main').innerText()).toContain('My phone')
  const [made] = await passkeys()
  expect(made).toMatchObject({ name: 'My phone', transports: ['internal'], removed_at: null })
  const told = await site.owner.selectFrom('notifications.notification').select('message_key').execute()
  expect(told).toEqual([{ message_key: 'access.notice.passkey_added' }])

  // Signing in: on the account's own language, without address, password or code.
  await context.clearCookies()
  await page.goto(`${site.origin}/tg/sign-in?return=/tg/work/audit`)
  await page.click('main a[href*="/sign-in/passkey"]')
  expect(page.url()).toContain(`${home}/tg/sign-in/passkey`)
  await page.click('form[data-passkey] button')
  await page.waitForURL(`${home}/en/work/audit`)
  expect((await passkeys())[0]!.last_used_at).not.toBeNull()

  // A fresh proof by passkey, before a dangerous act.
  await site.owner.updateTable('access.session').set({ proven_at: null }).execute()
  await page.goto(`${home}/en/work/account/password`)
  expect(page.url()).toContain('/en/work/step-up?return=')
  await page.click('form[data-passkey] button')
  await page.waitForURL(`${home}/en/work/account/password`)

  await page.goto(`${home}/en/work/account/passkeys/${made!.id}`)
  await page.fill('main [name=name]', 'Old phone')
  await page.press('main [name=name]', 'Enter')
  await page.waitForURL(`${home}/en/work/account`)
  expect(await page.locator('main').innerText()).toContain('Old phone')
  await page.goto(`${home}/en/work/account/passkeys/${made!.id}`)
  await page.click('main button[value=remove]')
  await page.waitForURL(`${home}/en/work/account?done=passkey_removed`)

  // The device still has it; here it opens nothing any more.
  await context.clearCookies()
  await page.goto(`${home}/en/sign-in/passkey`)
  await page.click('form[data-passkey] button')
  await page.waitForSelector('.errors')
  expect(await page.locator('.errors').innerText()).toContain('does not open an account here')
  expect(await acts()).toEqual([
    'passkey.add',
    'session.open',
    'session.prove',
    'passkey.rename',
    'passkey.remove',
    'session.refuse',
  ])
  await context.close()
})

test('what a passkey signed counts once, and only for what it was asked', { timeout: 240_000 }, async () => {
  const { context, page } = await device()
  await signedIn(context)
  await addPasskey(page, 'Second')
  await page.waitForURL(/done=passkey/)
  await context.clearCookies()
  await page.goto(`${home}/en/sign-in/passkey`)
  // Keep what the browser sends, and send it again.
  const sent = page.waitForRequest((request) => request.method() === 'POST')
  await page.click('form[data-passkey] button')
  const response = new URLSearchParams((await sent).postData() ?? '').get('response')!
  await page.waitForURL(`${home}/en/work`)
  const again = await site.ask('/en/sign-in/passkey', { form: { response } })
  expect(again.status).toBe(422)
  expect(again.headers.get('set-cookie')).toBeNull()

  const altered = JSON.parse(response)
  altered.response.signature = altered.response.signature.replace(/^..../, 'AAAA')
  for (const bad of ['', '{}', 'no json', JSON.stringify(altered)])
    expect((await site.ask('/en/sign-in/passkey', { form: { response: bad } })).status).toBe(422)
  // An answer for signing in proves nothing inside.
  await site.owner.updateTable('access.session').set({ proven_at: null }).execute()
  const inside = await site.ask('/en/work/step-up', { as: 'auditor', form: { response, return: '/en/work' } })
  expect(inside.status).toBe(422)
  await context.close()
})

test('without recognising its owner a device signs nobody in; the page says what to do', {
  timeout: 240_000,
}, async () => {
  const { context, page } = await device({ recognises: false })
  await signedIn(context)
  const before = (await passkeys()).length
  await addPasskey(page, 'Nobody')
  await page.waitForSelector('#passkey-failed:not([hidden])')
  expect(await page.locator('#passkey-failed').innerText()).toContain('Try again')
  expect((await passkeys()).length).toBe(before)
  await context.close()
})

test('only the pages that need it load the script; without script the way by password is said', async () => {
  for (const [path, as] of [
    ['/en/sign-in', undefined],
    ['/en/work/account', 'auditor'],
  ] as const)
    expect(await (await site.ask(path, as ? { as } : {})).text()).not.toContain('passkeys-')
  const html = await (await site.ask('/en/sign-in/passkey')).text()
  expect(html).toContain('/assets/passkeys-')
  expect(html).toMatch(/<noscript><p>[^<]*Password and code work without it/)
})
