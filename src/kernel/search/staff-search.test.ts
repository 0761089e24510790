import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringAdverts } from '../../../test/adverts.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { bring } from '../../modules/vacancies/fixtures/bring.ts'
import { vacanciesImport } from '../../modules/vacancies/import.ts'
import { withActor } from '../access/transaction.ts'
import { LANGUAGES } from '../i18n/languages.ts'
import { importFile } from '../imports/import-file.ts'
import type { RoleName } from '../module.ts'

let site: TestApp
let references: Awaited<ReturnType<typeof bringAdverts>>
beforeAll(async () => {
  site = await testApp()
  references = await bringAdverts(site, { more: 8 })
  const ctx = site.ctx({ db: site.owner, actor: await site.actor('vacancy_officer') })
  const file = { name: 'ноябрь 100%_сварщик.csv', bytes: Buffer.from('id;title;country\n1;Швея;RU\n') }
  await importFile(ctx, vacanciesImport, file, { source: 'письмо портала' })
})
afterAll(() => site.drop())

async function find(as: RoleName, query: Record<string, string>, lang = 'en') {
  const response = await site.ask(`/${lang}/work/find?${new URLSearchParams(query)}`, { as })
  expect(response.status).toBe(200)
  const html = (await response.text()).replace(/^.*<main/s, '')
  return {
    html,
    sources: [...html.matchAll(/<section class="group unknown" id="(\w+)"/g)].map(([, name]) => name),
    hits: [...html.matchAll(/<h3><a href="\/\w\w(\/[^"]+)"/g)].map(([, href]) => href),
  }
}

describe('an advert is found', () => {
  const review = (reference: string) => `/work/vacancies/review/${reference}`
  test.each(['held', 'withdrawn', 'full'] as const)('by its reference, whatever its state: %s', async (name) => {
    for (const typed of [references[name], references[name].toLowerCase().replace('-', ' ')]) {
      expect((await find('vacancy_officer', { q: typed })).hits[0]).toBe(review(references[name]))
    }
  })
  test('by part of its title or its employer, in any case', async () => {
    expect((await find('vacancy_officer', { q: 'КОНСТРУКЦ' })).hits).toEqual([review(references.full)])
    expect((await find('vacancy_officer', { q: 'мост & баш' })).hits).toEqual([review(references.full)])
  })
  test('five at first, more by a link, and what stands for anything stands for itself', async () => {
    const few = await find('vacancy_officer', { q: 'сварщик' })
    expect(few.sources).toEqual(['imports', 'vacancies'])
    expect(few.hits).toHaveLength(6)
    expect(few.html).toContain('/en/work/find?q=%D1%81%D0%B2%D0%B0%D1%80%D1%89%D0%B8%D0%BA&amp;in=vacancies')
    const all = await find('vacancy_officer', { q: 'сварщик', in: 'vacancies' })
    expect(all.sources).toEqual(['vacancies'])
    expect(all.hits).toHaveLength(9)
    expect((await find('vacancy_officer', { q: '%%%' })).hits).toEqual([])
    expect((await find('vacancy_officer', { q: '100%_' })).hits).toHaveLength(1)
  })
  test('by nobody who may not review, not through SQL either', async () => {
    expect((await find('adviser', { q: references.held })).hits).toEqual([])
    expect((await find('administrator', { q: 'сварщик' })).sources).not.toContain('vacancies')
    const rowsFor = async (role: RoleName) => {
      const rows = await withActor(site.db, await site.actor(role), (db) =>
        sql`select * from vacancies.find_for_staff(null, '%сварщик%', null, 50)`.execute(db),
      )
      return rows.rows.length
    }
    expect(await rowsFor('vacancy_officer')).toBe(9)
    expect(await rowsFor('adviser')).toBe(0)
  })
})

const next = (html: string) =>
  /<a[^>]* href="\/en\/work\/find\?([^"]*after=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')

/** All that one source finds, page after page, as a reader without script goes through it. */
async function walk(as: RoleName, query: Record<string, string>) {
  const pages: string[][] = []
  for (let page = await find(as, query); ; ) {
    pages.push(page.hits as string[])
    const on = next(page.html)
    if (!on) return pages
    page = await find(as, Object.fromEntries(new URLSearchParams(on)))
  }
}

describe('more than a page holds is gone through page by page, each once', () => {
  test('adverts, the newest first; the one whose number was typed once', async () => {
    for (let i = 0; i < 60; i++) await bring(site, { title: 'Резчик камня', country: 'RU' }, `stone-${i}`)
    const pages = await walk('vacancy_officer', { q: 'резчик кам', in: 'vacancies' })
    expect(pages.map(({ length }) => length)).toEqual([50, 10])
    expect(new Set(pages.flat()).size).toBe(60)
    const { html } = await find('vacancy_officer', { q: 'резчик кам', in: 'vacancies' })
    expect(html).toContain('At most 1,000 are looked through')
    const typed = references.full
    expect((await walk('vacancy_officer', { q: typed, in: 'vacancies' })).flat()).toHaveLength(1)
  })

  test('accounts, imports and organisations', async () => {
    const ctx = site.ctx({ db: site.owner, actor: await site.actor('vacancy_officer') })
    for (let i = 0; i < 53; i++) {
      const file = { name: `гурӯҳ-${i}.csv`, bytes: Buffer.from(`id;title;country\nx${i};Швея;RU\n`) }
      await importFile(ctx, vacanciesImport, file, { source: null })
    }
    await sql`
      with body as (
        insert into organisations.organisation (id, kind, country, created_at)
        select gen_random_uuid(), 'ngo', 'TJ', now() from generate_series(1, 53)
        returning id
      )
      insert into organisations.organisation_name (organisation_id, lang, name)
      select id, 'en', 'Bridge of friendship' from body`.execute(site.owner)
    const { organisation_id } = await site.actor('administrator')
    await sql`
      with person as (
        insert into access.user_account (id, email, name, locale, created_at)
        select gen_random_uuid(), 'many' || n || '@test.example', 'Same Name', 'en', now() from generate_series(1, 53) n
        returning id
      )
      insert into access.membership (id, user_id, organisation_id, since)
      select gen_random_uuid(), id, ${organisation_id}::uuid, now() from person`.execute(site.owner)
    const walks = {
      imports: await walk('vacancy_officer', { q: 'гурӯҳ', in: 'imports' }),
      organisations: await walk('platform_administrator', { q: 'bridge of', in: 'organisations' }),
      users: await walk('administrator', { q: 'same name', in: 'users' }),
    }
    for (const [source, pages] of Object.entries(walks)) {
      expect([source, ...pages.map(({ length }) => length)]).toEqual([source, 50, 3])
      expect(new Set(pages.flat()).size).toBe(53)
    }
  })

  test('a cursor of nothing finds nothing, and noise is none', async () => {
    const q = { q: 'сварщик', in: 'vacancies' }
    expect((await find('vacancy_officer', { ...q, after: crypto.randomUUID() })).hits).toEqual([])
    expect((await find('vacancy_officer', { ...q, after: "x'; --" })).hits).toHaveLength(9)
  })
})

test('imports of the own organisation only, accounts and organisations for administrators', async () => {
  expect((await find('vacancy_officer', { q: 'письмо' })).sources).toEqual(['imports'])
  expect((await find('administrator', { q: 'письмо' })).hits).toEqual([])
  expect((await find('administrator', { q: 'test admin' })).sources).toEqual(['users'])
  expect((await find('administrator', { q: 'test vacancy' })).hits).toEqual([])
  expect((await find('platform_administrator', { q: 'OFFICE of adm' })).sources).toEqual(['organisations'])
  expect((await find('vacancy_officer', { q: 'office' })).hits).toEqual([])
})

test.each(LANGUAGES)('nothing asked, too little, nothing found: said in %s', async (lang) => {
  const t = site.ctx({ lang }).t
  expect((await find('vacancy_officer', {}, lang)).html).toContain(t('vacancies.find.label'))
  expect((await find('vacancy_officer', { q: 'xq' }, lang)).html).toContain(t('search.short'))
  const none = await find('vacancy_officer', { q: 'xqz<b>' }, lang)
  expect(none.html).toContain(t('search.none', { text: 'xqz&lt;b&gt;' }))
  expect((await find('adviser', { q: 'xqz' }, lang)).html).toContain(t('search.nowhere'))
  expect((await find('vacancy_officer', { q: 'x\0'.repeat(5000), in: '../' }, lang)).hits).toEqual([])
})

test('that somebody searched, and where, stands in the audit; what they wrote stands nowhere', async () => {
  await find('vacancy_officer', { q: 'Рахимов Далер' })
  const { action, details, actor_id } = await site.owner
    .selectFrom('audit.entry')
    .select(['action', 'details', 'actor_id'])
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  expect({ action, details, actor_id }).toEqual({
    action: 'search.find',
    details: { in_imports: true, in_vacancies: true, hits: 0 },
    actor_id: (await site.actor('vacancy_officer')).user_id,
  })
})
