import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { LANGUAGES, type Lang } from '#kernel/i18n/languages.ts'
import { translator } from '#kernel/i18n/translate.ts'
import { importFile } from '#kernel/imports/import-file.ts'
import type { RoleName } from '#kernel/module.ts'
import { createOrganisation } from '#kernel/organisations/organisations.ts'
import { perform, proofOf, TRAVELLERS, type Traveller, work } from '../../src/modules/entry-check/fixtures/desk.ts'
import { listImport } from '../../src/modules/expulsions/import.ts'
import { launchBrowser } from '../browser.ts'
import { NOW } from '../database.ts'
import { bringNotices } from '../notices.ts'
import { type TestSite, testSite } from '../site.ts'

// Seconds where nothing else runs; a busy machine takes its time.
const PATIENCE = 180_000

let site: TestSite
let browser: Browser
let contexts: BrowserContext[] = []
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  site = await testSite()
}, PATIENCE)
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
  await site?.stop()
})

const words = (lang: Lang) => translator(site.platform.catalogue, lang)

/** A browser of its own; with a role, signed in. Errors of its scripts fail the test at once. */
async function open(role: RoleName | null, lang: Lang, path: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: role ? 1280 : 360, height: 800 } })
  contexts.push(context)
  if (role) await context.addCookies([{ name: 'hamsafar', value: await site.session(role), url: site.origin }])
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE / 3)
  page.on('pageerror', (error) => {
    throw error
  })
  await page.goto(`${site.origin}/${lang}${path}`)
  return page
}

async function fillTraveller(page: Page, { document, born: [year, month, day], family, given }: Traveller) {
  await page.fill('[name=document]', document)
  for (const [part, value] of Object.entries({ day, month, year })) await page.fill(`[name=birth_${part}]`, `${value}`)
  await page.fill('[name=family]', family)
  await page.fill('[name=given]', given)
}

/** Asks at the desk, as the adviser does, and waits for the answer. */
async function askAtDesk(lang: Lang, traveller: Traveller): Promise<Page> {
  const t = words(lang)
  const page = await open('adviser', lang, '/work/entry-checks/new')
  await fillTraveller(page, traveller)
  await page.check('[name=purpose][value=request]')
  await page.check('[name=face]')
  await page.check('[name=wish]')
  await page.getByRole('button', { name: t('entry_check.desk.check') }).click()
  await page.getByText(t('entry_check.desk.waiting')).waitFor()
  await work(site)
  await page.reload()
  return page
}

test('a pending proceeding comes in; the consul acts before the deadline, and it waits no more', {
  timeout: PATIENCE,
}, async () => {
  const t = words('tg')
  await bringNotices(site)
  const page = await open('consul', 'tg', '/work/proceedings/new')
  await page.fill('[name=family]', 'Санҷишзода')
  await page.fill('[name=given]', 'Фаридун')
  await page.fill('[name=place]', 'RU-MOW')
  await page.fill('[name=detained_at]', 'ЦВСИГ')
  const today = NOW.toZonedDateTimeISO('Europe/Moscow').toPlainDate()
  const day = async (name: string, date: Temporal.PlainDate) => {
    for (const part of ['day', 'month', 'year'] as const) await page.fill(`[name=${name}_${part}]`, `${date[part]}`)
  }
  // Nobody states the last day: it is reckoned, ten days from service, to the end of the day in Moscow.
  const served = today.subtract({ days: 7 })
  const until = served.add({ days: 10 }).toZonedDateTime({ timeZone: 'Europe/Moscow', plainTime: '23:59' })
  await day('served_on', served)
  await page.getByRole('button', { name: t('expulsions.proceeding.enter') }).click()
  await page.waitForURL(/\/work\/proceedings\/[A-Z0-9-]{9,}/)
  const reference = new URL(page.url()).pathname.split('/').at(-1)!
  const kept = () =>
    site.owner
      .selectFrom('expulsions.proceeding')
      .select(['status', 'appeal_until', 'appealed_on', 'changed_at'])
      .where('reference', '=', reference)
      .executeTakeFirstOrThrow()
  expect(String((await kept()).appeal_until)).toBe(String(until.toInstant()))
  // What the page shows is that day, by the clock of the place, and how long it is until then.
  const shown = site.ctx({ lang: 'tg' }).format.date(until.toPlainDate())
  const clock = page
    .locator('main dt', { hasText: t('expulsions.proceeding.appeal_on') })
    .locator('xpath=following-sibling::dd[1]')
  expect(await clock.innerText()).toContain(shown)
  expect(await clock.innerText()).toContain('23:59')
  const title = t('expulsions.work.appeal', { reference })
  await work(site)
  // It stands among what must be done; the Migration Service is told too.
  const officer = await open('notice_officer', 'tg', '/work/notifications')
  await officer.getByText(reference).first().waitFor()
  await page.goto(`${site.origin}/tg/work`)
  await page.getByRole('link', { name: title, exact: true }).click()
  await page.getByText(t('expulsions.proceeding.change')).click()
  await page.selectOption('[name=lawyer]', 'asked')
  await page.selectOption('[name=interpreter]', 'has')
  await day('visited_on', today)
  await day('appealed_on', today)
  await page.check('[name=status][value=appealed]')
  await page.getByRole('button', { name: t('expulsions.proceeding.save') }).click()
  await page.waitForLoadState()
  expect(await page.locator('main').innerText()).toContain(t('expulsions.code.help.asked'))
  // The act lies before the last day, and the last day is still the same.
  const acted = await kept()
  expect([acted.status, String(acted.appeal_until)]).toEqual(['appealed', String(until.toInstant())])
  expect(Temporal.Instant.compare(acted.changed_at, acted.appeal_until!)).toBe(-1)
  expect(Temporal.PlainDate.compare(acted.appealed_on!, until.toPlainDate())).toBe(-1)
  await page.goto(`${site.origin}/tg/work`)
  expect(await page.getByRole('link', { name: title, exact: true }).count()).toBe(0)
})

test('a batch is acknowledged; the person asks at a desk and gets a card; "not me" is corrected everywhere', {
  timeout: PATIENCE,
}, async () => {
  const t = words('ru')
  const { batch } = await bringNotices(site)
  await work(site)
  const officer = await open('notice_officer', 'ru', `/work/expulsions/${batch}`)
  await officer
    .getByRole('button', { name: t('expulsions.batch.acknowledge') })
    .first()
    .click()
  await officer.getByText(t('expulsions.done.acknowledged', { count: 3 })).waitFor()

  const desk = await askAtDesk('ru', TRAVELLERS.banned)
  await desk.getByText(t('entry_check.answer.listed.title')).first().waitFor()
  await desk.getByRole('link', { name: t('entry_check.card.print') }).click()
  await desk.waitForURL(/\/card$/)
  const card = await desk.locator('main').innerText()
  // In both languages, and it names nobody.
  for (const lang of ['tg', 'ru'] as const) expect(card).toContain(words(lang)('entry_check.answer.listed.title'))
  expect(card).not.toMatch(/Намунаев|A12345678/)

  // Two officers, of different offices.
  await officer
    .getByRole('link', { name: /Намунаев Далер/ })
    .first()
    .click()
  await officer.waitForURL(/\/measures\//)
  const measure = new URL(officer.url()).pathname.split('/').at(-1)!
  await officer.check('[name=wanted][value=not_me]')
  await officer.fill('[name=reason]', 'Другой человек: отпечатки не совпали')
  await officer.getByRole('button', { name: t('expulsions.correct.propose') }).click()
  await officer.getByText(t('expulsions.correct.other_officer')).waitFor()
  const consul = await open('consul', 'ru', `/work/expulsions/measures/${measure}`)
  await consul.getByRole('button', { name: t('expulsions.correct.confirm') }).click()
  await consul.getByText(t('expulsions.done.confirmed')).waitFor()

  // Whoever had the row has the correction, and the answer that is open changes.
  for (const role of ['notice_officer', 'notice_recipient'] as const) {
    const office = await open(role, 'ru', `/work/expulsions/measures/${measure}`)
    expect(await office.locator('main').innerText()).toContain(t('expulsions.code.status.not_me'))
  }
  const again = await askAtDesk('ru', TRAVELLERS.banned)
  await again.getByText(t('entry_check.answer.not_found.title')).first().waitFor()
})

/** Makes a slip on the traveller's telephone, of a check at a moment, and answers its address. */
async function makeSlip(traveller: Traveller, checked = NOW): Promise<string> {
  const t = words('tg')
  const proof = await proofOf(site, traveller, checked)
  const page = await open(null, 'tg', '/entry-check/slip')
  for (const [name, value] of Object.entries({ ...proof, from: 'Душанбе', to: 'Москва' }))
    await page.fill(`[name=${name}]`, value)
  await page.getByRole('button', { name: t('entry_check.slip.make') }).click()
  return (await page.getByRole('link', { name: t('entry_check.slip.open') }).getAttribute('href'))!
}

/** The carrier's page: fetched anew now and then, and otherwise without network. `verify` answers what it says of a slip. */
async function carrierPage(lang: Lang = 'tg') {
  const t = words(lang)
  const page = await open(null, lang, '/entry-check/verify')
  const context = page.context()
  // As the server's stands still, so does the carrier's.
  const setClock = (at: Temporal.Instant) => context.clock.setFixedTime(at.epochMilliseconds)
  await setClock(NOW)
  const without = async () => {
    await context.setOffline(true)
    await page.reload()
  }
  // Kept in every language: nobody knows in which one the next slip was made.
  const kept = () =>
    page.evaluate(async () =>
      (await navigator.serviceWorker.getRegistrations()).flatMap(({ active, scope }) => (active ? [scope] : [])),
    )
  await expect.poll(async () => (await kept()).length, { timeout: PATIENCE / 3 }).toBe(LANGUAGES.length)
  await without()
  return {
    setClock,
    async fetchAnew() {
      const kept = () =>
        page.evaluate(async (own) => (await caches.keys()).filter((name) => name.startsWith(own)), `slips-${lang}-`)
      const [before] = await kept()
      await context.setOffline(false)
      await page.reload()
      await page.evaluate(async () => {
        await (await navigator.serviceWorker.getRegistration())?.update()
      })
      // The new page lies there whole once the old one is gone.
      await expect.poll(kept, { timeout: PATIENCE / 3 }).toEqual([expect.not.stringMatching(before!)])
      await without()
    },
    /** As a telephone does that scans the code: in another language the address opens another page. */
    async scan(address: string) {
      const scanned = await page.context().newPage()
      await scanned.goto(address)
      const code = await scanned.inputValue('[name=code]')
      await scanned.close()
      return code
    },
    async verify(address: string, { document, born: [year, month, day] }: Traveller) {
      await page.fill('[name=code]', address)
      await page.fill('[name=document]', document)
      for (const [part, value] of Object.entries({ day, month, year }))
        await page.fill(`[name=birth_${part}]`, `${value}`)
      await page.getByRole('button', { name: t('entry_check.verify.check') }).click()
      const note = page.locator('[data-state]:not([hidden]):not([data-state=checking])')
      await note.waitFor()
      const state = await note.getAttribute('data-state')
      await page.reload()
      return state
    },
  }
}

/** A second list names the traveller. */
async function bringList({ document, born, family, given }: Traveller): Promise<void> {
  const birth = [born[2], born[1], born[0]].map((part) => String(part).padStart(2, '0')).join('.')
  const csv = `№;ФИО;Д.р.;Паспорт;Мера;Срок запрета\n1;${family} ${given};${birth};${document};неразрешение въезда;01.06.2029\n`
  await importFile(
    site.ctx({ db: site.owner, actor: await site.actor('consul') }),
    listImport,
    { name: 'later.csv', bytes: Buffer.from(csv) },
    { source: 'Letter 2' },
  )
}

test('a slip is verified without network, and no more once its holder is found', { timeout: PATIENCE }, async () => {
  await bringNotices(site)
  await work(site)
  const slip = await makeSlip(TRAVELLERS.free)
  const carrier = await carrierPage()
  expect(await carrier.verify(slip, TRAVELLERS.free)).toBe('valid')
  await bringList(TRAVELLERS.free)
  await perform(site, 'entry_check.revoke')
  await carrier.fetchAnew()
  expect(await carrier.verify(slip, TRAVELLERS.free)).toBe('revoked')
})

test.each(LANGUAGES)(
  'what a copy that is too old cannot know is said, and reads like no fresh one: %s',
  {
    timeout: PATIENCE,
  },
  async (lang) => {
    await bringNotices(site)
    await work(site)
    const [slip, soon, later] = [
      await makeSlip(TRAVELLERS.free),
      await makeSlip({ ...TRAVELLERS.free, document: 'A77777776' }, NOW.add({ minutes: 4 })),
      await makeSlip({ ...TRAVELLERS.free, document: 'A77777778' }, NOW.add({ minutes: 5 })),
    ]
    const carrier = await carrierPage(lang)
    expect(await carrier.verify(slip, TRAVELLERS.free)).toBe('valid')
    // The copy names the last full five minutes: it may have been made after this slip.
    expect(await carrier.verify(soon, { ...TRAVELLERS.free, document: 'A77777776' })).toBe('valid')
    // Made after the copy was: it may have been revoked since, and the copy could not say so.
    expect(await carrier.verify(later, { ...TRAVELLERS.free, document: 'A77777778' })).toBe('stale')
    await carrier.setClock(NOW.add({ hours: 23 }))
    expect(await carrier.verify(slip, TRAVELLERS.free)).toBe('valid')
    await carrier.setClock(NOW.add({ hours: 25 }))
    expect(await carrier.verify(slip, TRAVELLERS.free)).toBe('stale')
    expect(await carrier.verify(slip, { ...TRAVELLERS.free, document: 'A77777779' })).toBe('other_document')
    await carrier.setClock(NOW.add({ hours: 73 }))
    expect(await carrier.verify(slip, TRAVELLERS.free)).toBe('ended')
    // By a clock that is wrong nobody knows how old the copy is.
    await carrier.setClock(NOW.subtract({ hours: 48 }))
    expect(await carrier.verify(slip, TRAVELLERS.free)).toBe('stale')
  },
)

test('a slip made in Tajik opens without network where the page was loaded in Russian only', {
  timeout: PATIENCE,
}, async () => {
  await bringNotices(site)
  await work(site)
  const slip = await makeSlip(TRAVELLERS.free)
  expect(slip).toContain('/tg/entry-check/verify#')
  const carrier = await carrierPage('ru')
  const code = await carrier.scan(slip)
  expect(slip.endsWith(`#${code}`)).toBe(true)
  expect(await carrier.verify(code, TRAVELLERS.free)).toBe('valid')
  expect(await carrier.verify(code, { ...TRAVELLERS.free, born: [1992, 8, 7] })).toBe('other_document')
})

test('"not me" reaches everybody who had the row, and each confirms it; open slips are revoked, and new ones hold', {
  timeout: PATIENCE * 2,
}, async () => {
  const t = words('ru')
  const traveller = TRAVELLERS.free
  await bringNotices(site)
  await work(site)
  const early = await makeSlip(traveller)
  const carrier = await carrierPage()
  expect(await carrier.verify(early, traveller)).toBe('valid')

  // A list names the traveller, and whoever gets it confirms it.
  await bringList(traveller)
  await work(site)
  const newest = async () => {
    const { id, reference } = await site.owner
      .selectFrom('expulsions.batch')
      .select(['id', 'reference'])
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    const deliveries = await site.owner
      .selectFrom('expulsions.delivery')
      .select(['to_organisation', 'acknowledged_at'])
      .where('batch_id', '=', id)
      .orderBy('to_organisation')
      .execute()
    return {
      reference,
      told: deliveries.map(({ to_organisation }) => to_organisation),
      waiting: deliveries.filter(({ acknowledged_at }) => acknowledged_at === null).length,
    }
  }
  const RECIPIENTS = ['notice_officer', 'notice_recipient'] as const
  const confirm = async (batch: string) => {
    for (const role of RECIPIENTS) {
      const office = await open(role, 'ru', `/work/expulsions/${batch}`)
      await office
        .getByRole('button', { name: t('expulsions.batch.acknowledge') })
        .first()
        .click()
      await office.getByText(t('expulsions.done.acknowledged', { count: 1 })).waitFor()
    }
  }
  const list = await newest()
  await confirm(list.reference)
  expect(await newest()).toEqual({ ...list, waiting: 0 })

  // Two officers of different offices decide, before the clock has looked at the slips.
  const { reference: measure } = await site.owner
    .selectFrom('expulsions.measure')
    .select('reference')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  const officer = await open('notice_officer', 'ru', `/work/expulsions/measures/${measure}`)
  await officer.check('[name=wanted][value=not_me]')
  await officer.fill('[name=reason]', 'Другой человек: отпечатки не совпали')
  await officer.getByRole('button', { name: t('expulsions.correct.propose') }).click()
  await officer.getByText(t('expulsions.correct.other_officer')).waitFor()
  const consul = await open('consul', 'ru', `/work/expulsions/measures/${measure}`)
  await consul.getByRole('button', { name: t('expulsions.correct.confirm') }).click()
  await consul.getByText(t('expulsions.done.confirmed')).waitFor()

  // All who had the row are told, and wait for nobody to ask them: it stands in their work.
  const decision = await newest()
  expect(decision).toEqual({ reference: expect.not.stringMatching(list.reference), told: list.told, waiting: 2 })
  for (const role of RECIPIENTS) {
    const office = await open(role, 'ru', '/work')
    await office
      .getByRole('link', { name: t('expulsions.work.batch', { reference: decision.reference }), exact: true })
      .waitFor()
  }
  await confirm(decision.reference)
  expect(await newest()).toEqual({ ...decision, waiting: 0 })
  for (const role of ['consul', ...RECIPIENTS] as const) {
    const office = await open(role, 'ru', `/work/expulsions/measures/${measure}`)
    expect(await office.locator('main').innerText()).toContain(t('expulsions.code.status.not_me'))
  }

  // Until it looks again, the carrier's page knows what it knew; then it says so without network, too.
  expect(await carrier.verify(early, traveller)).toBe('valid')
  await perform(site, 'entry_check.revoke')
  await carrier.fetchAnew()
  expect(await carrier.verify(early, traveller)).toBe('revoked')

  // The answer is "not found" again, and a new slip holds; the old one does not come back to life.
  const desk = await askAtDesk('ru', traveller)
  await desk.getByText(t('entry_check.answer.not_found.title')).first().waitFor()
  const late = await makeSlip(traveller)
  await perform(site, 'entry_check.revoke')
  expect(await carrier.verify(late, traveller)).toBe('valid')
  expect(await carrier.verify(early, traveller)).toBe('revoked')
})

test('a carrier with an agreement asks in a browser: what is typed leaves it blinded only', {
  timeout: PATIENCE,
}, async () => {
  const t = words('en')
  await bringNotices(site)
  await work(site)
  const { organisation_id } = await site.actor('carrier_agent')
  const carrier = await open('carrier_agent', 'en', '/work/carrier-check')
  const sent: string[] = []
  carrier.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`))
  const ask = async (traveller: Traveller) => {
    await fillTraveller(carrier, traveller)
    await carrier.getByRole('button', { name: t('entry_check.carrier.ask') }).click()
    const note = carrier.locator('[data-state]:not([hidden]):not([data-state=asking])')
    await note.waitFor()
    const state = await note.getAttribute('data-state')
    await carrier.reload()
    return state
  }
  await carrier.getByText(t('entry_check.carrier.off')).waitFor()
  expect(await carrier.getByRole('button', { name: t('entry_check.carrier.ask') }).count()).toBe(0)

  const administrator = await open('platform_administrator', 'en', '/work/carriers')
  await createOrganisation(site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } }), {
    kind: 'carrier',
    country: 'TJ',
    names: { en: 'Another' },
  })
  await site.owner
    .updateTable('organisations.organisation')
    .set({ kind: 'carrier' })
    .where('id', '=', organisation_id)
    .execute()
  await administrator.reload()
  await administrator.selectOption('[name=carrier]', organisation_id)
  await administrator.fill('[name=act]', 'Agreement No 7')
  for (const [part, value] of Object.entries({ day: '1', month: '11', year: '2026' }))
    await administrator.fill(`[name=act_on_${part}]`, value)
  await administrator.fill('[name=per_day]', '50')
  await administrator.getByRole('button', { name: t('entry_check.carriers.record') }).click()
  await administrator.getByText(t('entry_check.carriers.active')).waitFor()
  await perform(site, 'entry_check.tags')

  await carrier.reload()
  expect(await ask(TRAVELLERS.banned)).toBe('refer')
  expect(await ask({ ...TRAVELLERS.banned, document: 'A99999999' })).toBe('refer')
  expect(await ask(TRAVELLERS.free)).toBe('nothing')
  expect(sent.some((request) => request.includes('step=ask'))).toBe(true)
  expect(decodeURIComponent(sent.join(' '))).not.toMatch(/A12345678|A77777777|Намунаев|Санҷишзода|1990|1992/)
})
