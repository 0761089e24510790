import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { type Translate, translator } from '#kernel/i18n/translate.ts'
import { newId } from '#kernel/ids.ts'
import { launchBrowser } from '../browser.ts'
import { signIn } from './journey.ts'
import { type Person, type RunningPlatform, runningPlatform } from './platform.ts'

// As offices write them: a number from Excel, a row without term, one without measure.
const FILE = `№ п/п;Ф.И.О.;Д.р.;Серия номер;Мера;Основание;Срок запрета
1;Намунаев Далер Намунавич;33214;А № 1234567;неразрешение въезда;ст. 26;5 лет
2;Мисолзода Нигора;23.02.1988;A22345678;депортация;ст. 25.10;
3;Образцов Комрон;01.03.1995;A32345678;;ст. 26;бессрочно
`

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

describe.each(LANGUAGES)('notices in %s', (lang) => {
  let platform: RunningPlatform
  let consul: Person
  let officer: Person
  let t: Translate
  beforeEach(async () => {
    platform = await runningPlatform()
    t = translator(platform.platform.catalogue, lang)
    consul = await platform.person('consul', 'Парвиз Намунавӣ', lang)
    officer = await platform.person('notice_officer', 'Мадина Намунавӣ', lang)
    await apart()
  })
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    await platform?.stop()
  })

  test('a list comes in at the embassy and is confirmed by the Migration Service, who sees how long it took', async () => {
    const embassy = await desk(consul)
    await embassy.getByRole('link', { name: t('imports.list.title'), exact: true }).click()
    const kind = embassy.getByRole('radio', { name: t('expulsions.import.label') })
    if ((await kind.count()) > 0) await kind.check()
    const file = { name: 'Рӯйхат.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) }
    await embassy.locator('input[type=file]').setInputFiles(file)
    await embassy.getByRole('button', { name: t('imports.upload.send') }).click()
    await embassy.getByRole('heading', { level: 1, name: t('imports.mapping.title') }).waitFor()
    await embassy.getByRole('button', { name: t('imports.mapping.check') }).click()
    await embassy.getByRole('heading', { level: 1, name: t('imports.preview.title') }).waitFor()
    const preview = await embassy.locator('main').innerText()
    for (const key of ['excel_date', 'document_letters', 'measure_missing'])
      expect(preview).toContain(t(`expulsions.import.${key}`))
    await embassy.getByRole('button', { name: t('imports.preview.import_valid', { rows: 2 }) }).click()
    await embassy.getByRole('heading', { level: 1, name: t('imports.report.title') }).waitFor()
    const reference = await batchOf()

    const service = await desk(officer)
    await service.goto(`${platform.origin}/${lang}/work`)
    await service.getByRole('link', { name: t('expulsions.work.batch', { reference }), exact: true }).click()
    await service.getByText('Намунаев Далер Намунавич').waitFor()
    await service.getByRole('button', { name: t('expulsions.batch.acknowledge') }).click()
    await service.getByText(t('expulsions.done.acknowledged', { count: 2 })).waitFor()
    await service.goto(`${platform.origin}/${lang}/work/expulsions`)
    await service.getByText(t('expulsions.state.done'), { exact: true }).first().waitFor()

    // The embassy sees it too, and is asked for the term that is missing.
    await embassy.goto(`${platform.origin}/${lang}/work/expulsions/${reference}`)
    await embassy.getByText(t('expulsions.code.about.term')).first().waitFor()
    expect(await embassy.locator('main').textContent()).not.toContain('Образцов')
  })

  const batchOf = async () =>
    (await platform.owner.selectFrom('expulsions.batch').select('reference').executeTakeFirstOrThrow()).reference

  // The consul works for an embassy of its own, the officer for the Migration Service.
  async function apart(): Promise<void> {
    const { owner } = platform
    const id = newId()
    await owner
      .insertInto('organisations.organisation')
      .values({ id, kind: 'consulate', country: 'RU', created_at: Temporal.Now.instant() })
      .execute()
    await owner
      .insertInto('organisations.organisation_name')
      .values({ organisation_id: id, lang: 'tg', name: 'Сафорат' })
      .execute()
    const account = owner.selectFrom('access.user_account').select('id')
    await owner
      .updateTable('access.membership')
      .set({ organisation_id: id })
      .where('user_id', 'in', account.where('email', '=', consul.email))
      .execute()
    const { organisation_id } = await owner
      .selectFrom('access.membership')
      .select('organisation_id')
      .where('user_id', 'in', account.where('email', '=', officer.email))
      .executeTakeFirstOrThrow()
    await owner
      .insertInto('expulsions.body')
      .values([
        { organisation_id: id, kind: 'foreign_affairs' },
        { organisation_id, kind: 'migration' },
      ])
      .execute()
  }

  async function desk(person: Person): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    await signIn(page, { t, at: `${platform.origin}/${lang}` }, person)
    return page
  }
})
