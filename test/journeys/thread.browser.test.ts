import type { Browser, Page, Response } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { verifyAudit } from '#kernel/audit/verify.ts'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { type Translate, translator } from '#kernel/i18n/translate.ts'
import { sealAll } from '../audit.ts'
import { launchBrowser } from '../browser.ts'
import { signIn } from './journey.ts'
import { type Person, type RunningPlatform, runningPlatform } from './platform.ts'

// Headings as offices write them; where the work is, only a person can tell from this one.
const FILE = `Номер;Вакансия;Куда едем;Регион;Зарплата;Жильё;Обязанности
j-1;Швея;Россия;Тульская область;60000-75000 руб.;да;Пошив рабочей одежды.
j-2;Сварщик;Россия;Тульская область;от 80 000 руб.;нет;Сварка труб.
j-3;Стрелок;Россия;;200 000 руб.;да;Контракт с Министерством обороны, выезд в зону СВО.
j-4;Универсал на все руки;Россия;Тульская область;50 000 руб.;нет;Разные работы.
j-5;Повар;Россия;;много;да;Горячий цех.
`

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

describe.each(LANGUAGES)('the thread in %s', (lang) => {
  let platform: RunningPlatform
  let people: { officer: Person; auditor: Person }
  let t: Translate
  beforeEach(async () => {
    platform = await runningPlatform()
    t = translator(platform.platform.catalogue, lang)
    people = {
      officer: await platform.person('vacancy_officer', 'Зарина Намунавӣ', lang),
      auditor: await platform.person('auditor', 'Рустам Намунавӣ', lang),
    }
  })
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    await platform?.stop()
  })

  test('from a file of adverts to a person who finds one, a suspicion, a decision, and its line in the audit', async () => {
    const officer = await desk()
    await signIn(officer, here(), people.officer)
    await bringFile(officer)

    const sewing = await advert('Швея')
    const welding = await advert('Сварщик')
    const soldier = await advert('Стрелок')
    const odd = await advert('Универсал на все руки')

    // A phone without script; people type Tajik on Russian keyboards.
    const visitor = await phone()
    await visitor.goto(`${platform.origin}/${lang}`)
    await visitor
      .locator('main')
      .getByRole('link', { name: t('vacancies.home.label') })
      .first()
      .click()
    await find(visitor, 'дузанда')
    expect(await titles(visitor)).toEqual(['Швея'])
    await find(visitor, '')
    expect(await titles(visitor)).toEqual(expect.arrayContaining(['Швея', 'Сварщик', 'Универсал на все руки']))
    expect(await titles(visitor)).toHaveLength(3)
    await visitor.getByText(t('vacancies.filter.title')).click()
    await visitor.getByLabel(t('vacancies.filter.accommodation')).check()
    await visitor.getByLabel(t('vacancies.filter.place'), { exact: true }).fill('Тула')
    await visitor.getByRole('button', { name: t('ui.filters.show') }).click()
    expect(await titles(visitor)).toEqual(['Швея'])
    await visitor.getByRole('link', { name: 'Швея' }).click()
    expect(await visitor.locator('h1').textContent()).toContain('Швея')
    await reportSuspicion(visitor)

    // What is held is nowhere, before and after.
    await isNowhere(soldier, welding)

    await work(officer, t('vacancies.review.work_title', { title: 'Швея' }))
    await officer.getByText(t('vacancies.code.report_reason.documents')).waitFor()
    expect(await officer.locator('main').textContent()).toContain('Паспорт берут «на регистрацию» & не отдают.')
    const stale = await officer.context().newPage()
    await stale.goto(officer.url())
    // An impatient double click.
    await officer.getByRole('button', { name: t('vacancies.review.withdraw') }).dblclick()
    await officer.waitForURL('**?decided=reject')
    expect(await decisions(sewing.id)).toEqual(['reject'])
    // A colleague looked at the same page meanwhile.
    const late = await answered(stale, () => stale.getByRole('button', { name: t('vacancies.review.keep') }).click())
    expect(late.status()).toBe(409)
    expect(await stale.locator('h1').textContent()).toBe(t('http.problem.conflict.title'))
    expect(await decisions(sewing.id)).toEqual(['reject'])

    expect(await answerTo(`/${lang}/vacancies/${sewing.reference}`)).toEqual({
      status: 410,
      text: expect.stringContaining(t('vacancies.show.withdrawn')),
    })
    expect((await answerTo(`/${lang}/vacancies`)).text).not.toContain(sewing.reference)

    // The browser's way back shows nothing that could be decided again; from there on, the way to undo.
    await officer.goBack()
    expect(await officer.getByRole('button', { name: t('vacancies.review.withdraw') }).count()).toBe(0)
    await officer.goForward()
    await officer.getByRole('button', { name: t('ui.undo') }).click()
    await officer.getByText(t('vacancies.review.undone_text')).waitFor()
    expect((await answerTo(`/${lang}/vacancies/${sewing.reference}`)).status).toBe(200)
    expect((await answerTo(`/${lang}/vacancies?q=дузанда`)).text).toContain(sewing.reference)

    await work(officer, t('vacancies.review.work_title', { title: 'Стрелок' }))
    await officer.locator('q', { hasText: 'Министерством обороны' }).first().waitFor()
    await officer.getByRole('button', { name: t('vacancies.review.reject'), exact: true }).click()
    await officer.waitForURL('**?decided=reject')
    await isNowhere(soldier, welding)

    // The odd title: nobody finds it by a trade, until an officer says which.
    expect((await answerTo(`/${lang}/vacancies?q=хиштчин`)).text).not.toContain(odd.reference)
    await work(officer, t('vacancies.review.map_title', { count: 1 }))
    await officer.getByRole('link', { name: odd.title, exact: true }).click()
    await officer.getByLabel(t('vacancies.review.occupation')).fill('7112')
    await officer.getByRole('button', { name: t('vacancies.review.keep') }).click()
    await officer.waitForURL('**?decided=publish')
    await find(visitor, 'хиштчин')
    expect(await titles(visitor)).toEqual([odd.title])

    await auditTells(sewing.id, soldier.id, odd.id)
  }, 120_000)

  async function bringFile(page: Page) {
    await page.getByRole('link', { name: t('imports.list.title'), exact: true }).click()
    await page.getByRole('radio', { name: t('vacancies.import.label') }).check()
    await page.locator('input[type=file]').setInputFiles({
      name: 'Вакансияҳо.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(FILE),
    })
    await page.getByRole('button', { name: t('imports.upload.send') }).click()
    await page.getByRole('heading', { level: 1, name: t('imports.mapping.title') }).waitFor()
    // The needed column is missing: it is said, and leads to a field.
    const check = page.getByRole('button', { name: t('imports.mapping.check') })
    expect((await answered(page, () => check.click())).status()).toBe(422)
    await page.locator('.errors a').click()
    const country = page.getByLabel('Куда едем')
    await country.selectOption({ label: t('imports.mapping.required', { field: t('vacancies.column.country') }) })
    await check.click()
    await page.getByRole('heading', { level: 1, name: t('imports.preview.title') }).waitFor()
    const preview = await page.locator('main').innerText()
    expect(preview).toContain('много')
    await page.getByRole('button', { name: t('imports.preview.import_valid', { rows: 4 }) }).click()
    await page.getByRole('heading', { level: 1, name: t('imports.report.title') }).waitFor()
    const report = await page.locator('main').innerText()
    expect(report).toContain(t('imports.report.finished', { rows: 4 }))
    expect(report).toContain(t('imports.report.errors_left', { rows: 1 }))
  }

  async function reportSuspicion(page: Page) {
    await page.getByRole('link', { name: t('vacancies.show.report') }).click()
    const send = page.getByRole('button', { name: t('vacancies.report.send') })
    await page.getByLabel(t('vacancies.report.story')).fill('Паспорт берут «на регистрацию» & не отдают.')
    const refused = await answered(page, () => send.click())
    expect(refused.status()).toBe(422)
    await page.locator('.errors a', { hasText: t('vacancies.report.reason_missing') }).click()
    // What was written is kept, and the error leads to the question.
    expect(await page.locator(':focus').getAttribute('name')).toBe('reason')
    await page.getByLabel(t('vacancies.code.report_reason.documents')).check()
    await send.click()
    await page.waitForURL('**/reported**')
    expect(await page.locator('h1').textContent()).toBe(t('vacancies.report.thanks'))
  }

  /** By *My work* to the task with these words. */
  async function work(page: Page, title: string) {
    await page.goto(`${platform.origin}/${lang}/work`)
    await page.getByRole('listitem').filter({ hasText: title }).getByRole('link').first().click()
    await page.waitForURL('**/work/vacancies/review**')
  }

  async function auditTells(withdrawn: string, rejected: string, mapped: string) {
    const auditor = await desk()
    await signIn(auditor, here(), people.auditor)
    await auditor.goto(`${platform.origin}/${lang}/work/audit`)
    const lines = async (id: string) => {
      await auditor.goto(`${platform.origin}/${lang}/work/audit?subject=${encodeURIComponent(`vacancy ${id}`)}`)
      const rows = await auditor.locator('main tbody tr').all()
      return Promise.all(rows.map(async (row) => (await row.locator('td, th').allInnerTexts()).slice(1, 3)))
    }
    const act = (name: string) => [people.officer.name, t(`vacancies.audit.vacancy.${name}`)]
    const held = [t('audit.system', { task: 'imports.apply' }), t('vacancies.audit.vacancy.hold')]
    expect(await lines(withdrawn)).toEqual([act('undo'), act('reject')])
    expect(await lines(rejected)).toEqual([act('reject'), held])
    expect(await lines(mapped)).toEqual([act('publish')])
    await auditor.goto(`${platform.origin}/${lang}/work/audit`)
    const all = await auditor.locator('main tbody').innerText()
    expect(all).toContain(t('vacancies.audit.vacancy.import'))
    await sealAll(platform.owner)
    await auditor.reload()
    expect(await auditor.locator('main tbody').innerText()).not.toContain(t('audit.waits'))
    expect(await verifyAudit(platform.owner)).toMatchObject({ ok: true, fault: null })
  }

  type Advert = { reference: string; title: string }

  /** Not in the list, the search, at its address, in the API, the feeds, the table or the map of the site; `other` is. */
  async function isNowhere({ reference, title }: Advert, other: Advert) {
    const lists = [
      `/${lang}/vacancies?all=yes`,
      `/${lang}/vacancies.csv?all=yes`,
      `/api/v1/vacancies?foreigners=all&limit=100`,
      `/feeds/vacancies.${lang}.atom`,
      `/feeds/vacancies.${lang}.json`,
      '/sitemap.xml',
    ]
    for (const path of lists) {
      const { status, text } = await answerTo(path)
      expect([path, status]).toEqual([path, 200])
      expect(text, path).toContain(other.reference)
      expect(text, path).not.toContain(reference)
      expect(text, path).not.toContain(title)
    }
    for (const words of [title, reference]) {
      const found = JSON.parse((await answerTo(`/api/v1/vacancies?foreigners=all&q=${words}`)).text)
      // A reference is a word like any: it may happen to sound like one of another advert.
      expect(found.items.map((item: Advert) => item.reference)).not.toContain(reference)
    }
    for (const path of ['', '/print', '/report'])
      expect((await answerTo(`/${lang}/vacancies/${reference}${path}`)).status).toBe(404)
    expect((await answerTo(`/api/v1/vacancies/${reference}`)).status).toBe(404)
  }

  const here = () => ({ t, at: `${platform.origin}/${lang}` })

  async function find(page: Page, words: string) {
    await page.goto(`${platform.origin}/${lang}/vacancies`)
    await page.getByRole('searchbox').fill(words)
    await page.getByRole('button', { name: t('vacancies.list.seek') }).click()
  }

  const titles = (page: Page) => page.locator('.jobs h2').allTextContents()

  /** What somebody gets who was never here: nothing comes from a cache. */
  async function answerTo(path: string) {
    const response = await fetch(encodeURI(platform.origin + path))
    return { status: response.status, text: await response.text() }
  }

  const advert = (title: string) =>
    platform.owner
      .selectFrom('vacancies.vacancy')
      .select(['id', 'reference', 'title'])
      .where('title', '=', title)
      .executeTakeFirstOrThrow()

  const decisions = async (vacancy_id: string) =>
    (
      await platform.owner
        .selectFrom('vacancies.review')
        .select('decision')
        .where('vacancy_id', '=', vacancy_id)
        .where('decision', 'is not', null)
        .execute()
    ).map(({ decision }) => decision)
})

/** The answer to the form that an act sends. */
async function answered(page: Page, act: () => Promise<void>): Promise<Response> {
  const [response] = await Promise.all([
    page.waitForResponse((candidate) => candidate.request().method() === 'POST'),
    act(),
  ])
  return response
}

const desk = () => tab({ viewport: { width: 1280, height: 800 } })
const phone = () => tab({ viewport: { width: 360, height: 640 }, javaScriptEnabled: false })

async function tab(options: Parameters<Browser['newContext']>[0]): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  page.setDefaultTimeout(15_000)
  return page
}
