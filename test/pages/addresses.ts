import { LANGUAGES, type Lang } from '#kernel/i18n/languages.ts'
import { importFile } from '#kernel/imports/import-file.ts'
import type { RoleName } from '#kernel/module.ts'
import { vacanciesImport } from '../../src/modules/vacancies/import.ts'
import { type AdvertName, bringAdverts } from '../adverts.ts'
import type { TestApp } from '../app.ts'

/** What stands behind `:names` in addresses. */
export type Known = Record<AdvertName | 'mapping' | 'preview' | 'imported', string>

/** A page, its address below the language; `as` for staff, `status` where it is not 200. */
export type Address = { path: string; as?: RoleName; status?: number }

/** Every public page, in every state that looks different. */
export const PUBLIC: Address[] = [
  { path: '' },
  { path: '/help' },
  { path: '/help/now' },
  { path: '/about' },
  { path: '/accessibility' },
  { path: '/privacy' },
  { path: '/vacancies' },
  { path: '/vacancies?q=сварщик&country=RU&only=accommodation&salary=100&currency=RUB&days=30' },
  { path: '/vacancies?place=Атлантида' },
  { path: '/vacancies/:full' },
  { path: '/vacancies/:bare' },
  { path: '/vacancies/:tajik' },
  { path: '/vacancies/:long' },
  { path: '/vacancies/:hostile' },
  { path: '/vacancies/:full/print' },
  { path: '/vacancies/:full/report' },
  { path: '/vacancies/:full/reported' },
  { path: '/vacancies/:withdrawn', status: 410 },
  { path: '/vacancies/:expired', status: 410 },
  { path: '/nowhere', status: 404 },
  { path: '/sign-in' },
  { path: '/design' },
]

/** The workspace; `/design/work` shows its parts to everybody. */
export const STAFF: Address[] = [
  { path: '/design/work' },
  { path: '/work', as: 'vacancy_officer' },
  { path: '/work', as: 'adviser' },
  { path: '/work/vacancies/review', as: 'vacancy_officer' },
  { path: '/work/vacancies/review/:full', as: 'vacancy_officer' },
  { path: '/work/vacancies/review/:held', as: 'vacancy_officer' },
  { path: '/work/vacancies/review/:long', as: 'vacancy_officer' },
  { path: '/work/imports', as: 'vacancy_officer' },
  { path: '/work/imports/:mapping', as: 'vacancy_officer' },
  { path: '/work/imports/:preview', as: 'vacancy_officer' },
  { path: '/work/imports/:imported', as: 'vacancy_officer' },
  { path: '/work/audit', as: 'auditor' },
  { path: '/work/audit', as: 'adviser', status: 403 },
  { path: '/work/account', as: 'vacancy_officer' },
  { path: '/work/find?q=сварщик', as: 'vacancy_officer' },
  { path: '/work/find?q=Атлантида', as: 'vacancy_officer' },
  { path: '/work/notifications', as: 'vacancy_officer' },
  { path: '/work/notifications', as: 'adviser' },
  { path: '/work/notifications/settings', as: 'vacancy_officer' },
]

/** The pages of a language; the chooser, which has none, stands with the first. */
export const publicPages = (lang: Lang): Address[] => (lang === LANGUAGES[0] ? [{ path: '/' }, ...PUBLIC] : PUBLIC)

/** Where a page stands in this language. */
export const addressIn = (lang: Lang, path: string, known: Known) =>
  path === '/' ? '/' : `/${lang}${resolved(path, known)}`

/** The address with what its `:names` stand for. */
export const resolved = (path: string, known: Known) => path.replace(/:(\w+)/g, (_, name: keyof Known) => known[name])

/** Adverts to look at, and an import waiting at each of its steps. */
export async function furnish(site: TestApp): Promise<Known> {
  const adverts = await bringAdverts(site, { more: 25 })
  const ctx = site.ctx({ db: site.owner, actor: await site.actor('vacancy_officer') })
  const take = async (content: string, allOrNothing: boolean) => {
    const file = { name: `${'very-long-name-of-a-file-'.repeat(4)}.csv`, bytes: Buffer.from(content) }
    await importFile(ctx, vacanciesImport, file, { source: 'test', allOrNothing }).catch(() => {})
    const { id } = await site.owner
      .selectFrom('imports.import')
      .select('id')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    return id
  }
  return {
    ...adverts,
    // No column for the country: it waits until somebody maps one.
    mapping: await take('title;Кишвари кор нест\nСварщик;?\n', false),
    preview: await take(
      'title;country;salary;currency;published\nСварщик;RU;70000-90000;RUB;2026-11-01\nПовар;;много;;позавчера\n',
      true,
    ),
    imported: await take('title;country\nШвея;RU\nПовар;\n', false),
  }
}
