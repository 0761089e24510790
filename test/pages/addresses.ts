import { issueLink } from '#kernel/access/links.ts'
import type { Ctx } from '#kernel/context.ts'
import { LANGUAGES, type Lang } from '#kernel/i18n/languages.ts'
import { newId } from '#kernel/ids.ts'
import { importFile } from '#kernel/imports/import-file.ts'
import type { RoleName } from '#kernel/module.ts'
import { makeEmployer } from '../../src/modules/employers/fixtures/office.ts'
import { vacanciesImport } from '../../src/modules/vacancies/import.ts'
import { bringPosting } from '../../src/modules/vacancies/posting/fixtures/offer.ts'
import { type AdvertName, bringAdverts } from '../adverts.ts'
import { bringAgreement } from '../agreements.ts'
import type { TestApp } from '../app.ts'
import { bringHiring, type HiringName } from '../hiring.ts'
import { bringNotices, type NoticeName } from '../notices.ts'
import { bringPeople, type RegistryName } from '../people.ts'
import { bringRemovals, type RemovalName } from '../removals.ts'
import { bringWebhook } from '../webhooks.ts'

/** What stands behind `:names` in addresses. */
export type Known = Record<
  | AdvertName
  | 'mapping'
  | 'preview'
  | 'imported'
  | 'waiting'
  | 'exporting'
  | 'exported'
  | 'stopped'
  | 'person'
  | 'token'
  | 'employer'
  | 'posting'
  | NoticeName
  | RemovalName
  | HiringName
  | 'office'
  | 'webhook'
  | 'agreement'
  | 'letter'
  | RegistryName,
  string
>

/**
 * A page, its address below the language; `as` for staff, `status` where it is not 200, `script` for a public page with one
 * of its own, which adds to it and says so where it does not run. `form`: the page is what its form answers, filled like this.
 */
export type Address = { path: string; as?: RoleName; status?: number; script?: true; form?: Record<string, string> }

const ASKED_BY_TELEPHONE = {
  ...{ document: 'A12345678', birth_day: '14', birth_month: '2', birth_year: '1990', phone: '+992 90 123 4567' },
}

/** Every public page, in every state that looks different. */
export const PUBLIC: Address[] = [
  { path: '' },
  { path: '/help' },
  { path: '/help/now' },
  { path: '/about' },
  { path: '/accessibility' },
  { path: '/privacy' },
  { path: '/days', script: true },
  { path: '/labour-market' },
  { path: '/my-case' },
  { path: '/alert-me?q=сварщик' },
  { path: '/alert-me/sent' },
  { path: '/alerts/:alert' },
  { path: '/vacancies/:offer/apply' },
  { path: '/entry-check' },
  { path: '/entry-check/asked' },
  { path: '/entry-check/telephone' },
  { path: '/entry-check/telephone', form: ASKED_BY_TELEPHONE },
  { path: '/entry-check/slip' },
  { path: '/entry-check/pin' },
  { path: '/entry-check/verify', script: true },
  { path: '/appeal-letter' },
  { path: '/letters/verify' },
  { path: '/letters/verify?n=K7QF-92MX-4RTB&c=2222-2222' },
  { path: '/patent' },
  { path: '/patent?region=RU-VOR&work=%D0%BA%D1%83%D1%80%D1%8C%D0%B5%D1%80' },
  { path: '/patent?region=RU-ALT&on_day=31&on_month=2&on_year=2026' },
  { path: '/agencies' },
  { path: '/agencies?q=nobody+knows+them' },
  { path: '/work-offices' },
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
  { path: '/vacancies/:full/reported?code=2222-2222-2222' },
  { path: '/report-outcome' },
  { path: '/vacancies/:withdrawn', status: 410 },
  { path: '/vacancies/:expired', status: 410 },
  { path: '/nowhere', status: 404 },
  { path: '/employers/register' },
  { path: '/employers/registered' },
  { path: '/employers/confirm/unknown', status: 410 },
  { path: '/employers/join/unknown', status: 410 },
  { path: '/sign-in' },
  { path: '/design' },
]

/** The workspace; `/design/work` shows its parts to everybody. */
export const STAFF: Address[] = [
  { path: '/design/work' },
  { path: '/outbox' },
  { path: '/sign-in/passkey' },
  { path: '/sign-in/set-up/:token' },
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
  { path: '/work/exports', as: 'auditor' },
  { path: '/work/exports', as: 'vacancy_officer' },
  { path: '/work/exports/:waiting', as: 'auditor' },
  { path: '/work/exports/:exporting', as: 'auditor' },
  { path: '/work/exports/:exported', as: 'auditor' },
  { path: '/work/exports/:stopped', as: 'auditor' },
  { path: '/work/audit', as: 'adviser', status: 403 },
  { path: '/work/account', as: 'vacancy_officer' },
  { path: '/work/account/rights', as: 'vacancy_officer' },
  { path: '/work/account/password', as: 'vacancy_officer' },
  { path: '/work/account/recovery-codes', as: 'vacancy_officer' },
  { path: '/work/account/passkeys/new', as: 'vacancy_officer' },
  { path: '/work/step-up', as: 'vacancy_officer' },
  { path: '/work/users', as: 'platform_administrator' },
  { path: '/work/users?q=nobody', as: 'administrator' },
  { path: '/work/users/new', as: 'platform_administrator' },
  { path: '/work/users/:person', as: 'platform_administrator' },
  { path: '/work/users/:person/edit', as: 'platform_administrator' },
  { path: '/work/users/:person/rights', as: 'platform_administrator' },
  { path: '/work/users/:person/roles', as: 'platform_administrator' },
  { path: '/work/roles', as: 'administrator' },
  { path: '/work/organisations', as: 'platform_administrator' },
  { path: '/work/organisations/new', as: 'platform_administrator' },
  { path: '/work/organisations/:office', as: 'platform_administrator' },
  { path: '/work/carrier-check', as: 'carrier_agent' },
  { path: '/work/carriers', as: 'platform_administrator' },
  { path: '/work/carriers/:agreement', as: 'platform_administrator' },
  { path: '/work/expulsions/new', as: 'consul' },
  { path: '/work/programs', as: 'administrator' },
  { path: '/work/programs/new', as: 'administrator' },
  { path: '/work/programs/new', as: 'administrator', form: { label: 'Orchard', permissions: 'expulsion.import' } },
  { path: '/work/programs', as: 'employer' },
  { path: '/work/webhooks', as: 'administrator' },
  { path: '/work/webhooks/new', as: 'administrator' },
  { path: '/work/webhooks/:webhook', as: 'administrator' },
  { path: '/work/find?q=сварщик', as: 'vacancy_officer' },
  { path: '/work/find?q=Атлантида', as: 'vacancy_officer' },
  { path: '/work/find?q=Атлантида', as: 'registry_officer' },
  { path: '/work/people', as: 'registry_officer' },
  { path: '/work/people?lookup=:lookup', as: 'registry_officer' },
  { path: '/work/people/new', as: 'registry_officer' },
  { path: '/work/people/new', as: 'adviser' },
  { path: '/work/people/new?person=:found', as: 'registry_officer' },
  { path: '/work/people/:unasked', as: 'registry_officer' },
  { path: '/work/people/:found', as: 'registry_officer' },
  { path: '/work/people/:found/log', as: 'registry_officer' },
  { path: '/work/people/review', as: 'registry_officer' },
  { path: '/work/people/review/:pair', as: 'registry_officer' },
  { path: '/work', as: 'registry_officer' },
  { path: '/work/expulsions', as: 'consul' },
  { path: '/work/expulsions', as: 'notice_officer' },
  { path: '/work/expulsions?show=late', as: 'notice_recipient' },
  { path: '/work/expulsions/:batch', as: 'consul' },
  { path: '/work/expulsions/:batch', as: 'notice_officer' },
  { path: '/work/expulsions/:batch', as: 'notice_recipient' },
  { path: '/work/expulsions/measures/:measure', as: 'notice_officer' },
  { path: '/work/expulsions/measures/:measure/appeal', as: 'consul' },
  { path: '/work/proceedings/:proceeding/appeal', as: 'consul' },
  { path: '/work/expulsions/measures/:measure/home-help', as: 'consul' },
  { path: '/work/home-help', as: 'employment_officer' },
  { path: '/work/home-help/new', as: 'adviser' },
  { path: '/work/home-help/offices', as: 'platform_administrator' },
  { path: '/work/expulsions/measures/:measure/person', as: 'consul' },
  { path: '/work/expulsions/questions/:question', as: 'consul' },
  { path: '/work/expulsions/routes', as: 'platform_administrator' },
  { path: '/work/letters/:letter', as: 'consul' },
  { path: '/work/proceedings', as: 'consul' },
  { path: '/work/proceedings/new', as: 'consul' },
  { path: '/work/proceedings/:proceeding', as: 'consul' },
  { path: '/work', as: 'consul' },
  { path: '/work/removals', as: 'carrier_desk' },
  { path: '/work/removals', as: 'notice_officer' },
  { path: '/work/removals/new', as: 'carrier_desk' },
  { path: '/work/removals/new', as: 'notice_officer' },
  { path: '/work/removals/totals', as: 'notice_officer' },
  { path: '/work/removals/:removal', as: 'carrier_desk' },
  { path: '/work/removals/:removal', as: 'notice_officer' },
  { path: '/work/removal-claims', as: 'notice_officer' },
  { path: '/work/removal-claims/:removal_claim', as: 'carrier_desk' },
  { path: '/work', as: 'carrier_desk' },
  { path: '/work/applications', as: 'employer' },
  { path: '/work/applications?state=hired', as: 'employer' },
  { path: '/work/applications/:application', as: 'employer' },
  { path: '/work/candidates', as: 'employer' },
  { path: '/work/assisted-applications/new', as: 'adviser' },
  { path: '/work/employer', as: 'employer' },
  { path: '/work/employer/colleagues', as: 'employer_administrator' },
  { path: '/work/postings', as: 'employer' },
  { path: '/work/postings?q=Атлантида', as: 'employer' },
  { path: '/work/postings/new', as: 'employer' },
  { path: '/work/postings/:posting', as: 'employer' },
  { path: '/work/employers', as: 'employment_officer' },
  { path: '/work/labour-market', as: 'employment_officer' },
  { path: '/work/employers?q=Атлантида', as: 'employment_officer' },
  { path: '/work/employers/:employer', as: 'employment_officer' },
  { path: '/work/employers/:employer', as: 'ministry_representative' },
  { path: '/work', as: 'employment_officer' },
  { path: '/work/entry-checks/new', as: 'adviser' },
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
  const exported = await exportsOf(site)
  const notices = await bringNotices(site)
  // Whoever applies here comes from an address of their own, as behind a proxy; the pages are looked at without one.
  const { HAMSAFAR_PROXY } = site.platform.config
  await makeEmployer(site, 'verified', { role: 'employer_administrator' })
  const known = {
    ...adverts,
    ...exported,
    ...notices,
    letter: await letterAbout(site, notices.measure),
    ...(await bringRemovals(site)),
    ...(await bringHiring(site)),
    ...(await bringPeople(site)),
    person: (await site.actor('adviser')).user_id,
    token: await setUpToken(site),
    office: (await site.actor('adviser')).organisation_id,
    employer: await makeEmployer(site, 'verified'),
    posting: await bringPosting(site),
    ...(await bringWebhook(site)),
    ...(await bringAgreement(site)),
    // No column for the country: it waits until somebody maps one.
    mapping: await take('title;Номаълум\nСварщик;?\n', false),
    preview: await take(
      'title;country;salary;currency;published\nСварщик;RU;70000-90000;RUB;2026-11-01\nПовар;;много;;позавчера\n',
      true,
    ),
    imported: await take('title;country\nШвея;RU\nПовар;\n', false),
  }
  Object.assign(site.platform.config, { HAMSAFAR_PROXY })
  return known
}

/** The sheet that the consul hands to the person of a measure. */
async function letterAbout(site: TestApp, measure: string): Promise<string> {
  const form = { act: 'letter', lang: 'tg' }
  const answer = await site.ask(`/tg/work/expulsions/measures/${measure}/person`, { as: 'consul', form })
  return answer.headers.get('location')!.split('/').at(-1)!
}

async function setUpToken(site: TestApp): Promise<string> {
  const ctx = site.ctx({ db: site.owner, actor: await site.actor('platform_administrator') })
  const { address } = await issueLink(ctx, (await site.actor('auditor')).user_id)
  return address.split('/').at(-1)!
}

/** A long table at each of its steps. */
async function exportsOf(site: TestApp): Promise<Record<'waiting' | 'exporting' | 'exported' | 'stopped', string>> {
  const actor = await site.actor('auditor')
  const ctx = site.ctx({ db: site.owner, actor })
  const make = async (run: { state: string; done?: number; total?: number }) => {
    const [id, run_id] = [newId(), newId()]
    const { organisation_id, user_id } = actor
    await site.owner
      .insertInto('jobs.run')
      .values({ id: run_id, task: 'exports.make', organisation_id, ...run })
      .execute()
    const file = run.state === 'done' ? await keptTable(ctx) : null
    await site.owner
      .insertInto('exports.export')
      .values({
        id,
        kind: 'audit.lines',
        permission: 'audit.read',
        query: '',
        format: 'xlsx',
        lang: 'tg',
        organisation_id,
        created_by: user_id,
        run_id,
        file_id: file,
        rows: file ? run.total! : null,
        created_at: ctx.now,
        expires_at: ctx.now.add({ hours: 24 }),
      })
      .execute()
    return id
  }
  return {
    waiting: await make({ state: 'queued' }),
    exporting: await make({ state: 'running', done: 47_000, total: 112_345 }),
    exported: await make({ state: 'done', done: 112_345, total: 112_345 }),
    stopped: await make({ state: 'cancelled' }),
  }
}

// Its row only: the pages do not open the file.
async function keptTable(ctx: Ctx): Promise<string> {
  const id = newId()
  const row = { id, permission: 'audit.read', name: 't.xlsx', type: 'text/csv', size: 1n, sha256: Buffer.alloc(32) }
  await ctx.db
    .insertInto('files.file')
    .values({ ...row, encrypted: false, state: 'stored', created_at: ctx.now })
    .execute()
  return id
}
