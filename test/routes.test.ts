import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allPages } from '#kernel/http/pages.ts'
import { ROLES, type RoleName } from '#kernel/module.ts'
import { type TestApp, testApp } from './app.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.drop())

// Who may open which page, written down by hand: a permission that slips shows here.
const EVERYBODY = 'everybody'
const STAFF: readonly RoleName[] = ROLES
const IMPORTERS: readonly RoleName[] = ['vacancy_officer', 'employer', 'administrator', 'consul', 'notice_officer']
const EMPLOYER: readonly RoleName[] = ['employer']
const VERIFIERS: readonly RoleName[] = ['employment_officer', 'ministry_representative']
const EXPORTERS: readonly RoleName[] = [
  'vacancy_officer',
  'employer',
  'employment_officer',
  'ministry_representative',
  'administrator',
  'auditor',
  'consul',
  'notice_officer',
  'notice_recipient',
  'employer',
]
const ALLOWED: Record<string, typeof EVERYBODY | readonly RoleName[]> = {
  '/': EVERYBODY,
  '/help': EVERYBODY,
  '/help/now': EVERYBODY,
  '/about': EVERYBODY,
  '/accessibility': EVERYBODY,
  '/privacy': EVERYBODY,
  '/days': EVERYBODY,
  '/patent': EVERYBODY,
  '/agencies': EVERYBODY,
  '/work-offices': EVERYBODY,
  '/days-worker.js': EVERYBODY,
  '/design': EVERYBODY,
  '/design/work': EVERYBODY,
  '/sign-in': EVERYBODY,
  '/outbox': EVERYBODY,
  '/sign-in/passkey': EVERYBODY,
  '/sign-in/provider': EVERYBODY,
  '/sign-in/provider/return': EVERYBODY,
  '/sign-in/set-up/:token': EVERYBODY,
  '/vacancies': EVERYBODY,
  '/vacancies.csv': EVERYBODY,
  '/labour-market': EVERYBODY,
  '/labour-market.csv': EVERYBODY,
  '/labour-market.xlsx': EVERYBODY,
  '/work/labour-market': ['employment_officer'],
  '/work/labour-market.csv': ['employment_officer'],
  '/work/labour-market.xlsx': ['employment_officer'],
  '/vacancies.xlsx': EVERYBODY,
  '/vacancies/:reference': EVERYBODY,
  '/vacancies/:reference/print': EVERYBODY,
  '/vacancies/:reference/report': EVERYBODY,
  '/vacancies/:reference/reported': EVERYBODY,
  '/report-outcome': EVERYBODY,
  '/employers/register': EVERYBODY,
  '/employers/registered': EVERYBODY,
  '/employers/confirm/:token': EVERYBODY,
  '/work/employer': EMPLOYER,
  '/work/employer/answer': EMPLOYER,
  '/work/employer/documents': EMPLOYER,
  '/work/employer/documents/:id': EMPLOYER,
  '/work/postings': EMPLOYER,
  '/work/postings.csv': EMPLOYER,
  '/work/postings.xlsx': EMPLOYER,
  '/work/postings/new': EMPLOYER,
  '/work/postings/:reference': EMPLOYER,
  '/work/postings/:reference/draft': EMPLOYER,
  '/work/postings/:reference/act': EMPLOYER,
  '/work/employers': VERIFIERS,
  '/work/employers.csv': VERIFIERS,
  '/work/employers.xlsx': VERIFIERS,
  '/work/employers/:reference': VERIFIERS,
  '/work/employers/:reference/undo': VERIFIERS,
  '/work/employers/:reference/checks': VERIFIERS,
  '/work/employers/:reference/documents': VERIFIERS,
  '/work/employers/:reference/documents/:id': VERIFIERS,
  '/alert-me': EVERYBODY,
  '/alert-me/sent': EVERYBODY,
  '/alerts/:token': EVERYBODY,
  '/my-case': EVERYBODY,
  '/my-case/applications': EVERYBODY,
  '/my-case/profile': EVERYBODY,
  '/my-case/apply': EVERYBODY,
  '/my-case/contract': EVERYBODY,
  '/my-case/check-in': EVERYBODY,
  '/vacancies/:reference/apply': EVERYBODY,
  '/vacancies/:reference/apply/known': EVERYBODY,
  '/entry-check': EVERYBODY,
  '/entry-check/asked': EVERYBODY,
  '/entry-check/answer': EVERYBODY,
  '/entry-check/telephone': EVERYBODY,
  '/entry-check/code': EVERYBODY,
  '/entry-check/slip': EVERYBODY,
  '/entry-check/verify': EVERYBODY,
  '/entry-check-worker.js': EVERYBODY,
  '/appeal-letter': EVERYBODY,
  '/work/expulsions/measures/:reference/appeal': ['consul', 'notice_officer'],
  '/work/proceedings/:reference/appeal': ['consul', 'notice_officer'],
  '/letters/verify': EVERYBODY,
  '/work/letters/:reference': STAFF,
  '/work/letters/:reference/pdf': STAFF,
  '/work/candidates': ['employer'],
  '/work/applications': ['employer'],
  '/work/applications.csv': ['employer'],
  '/work/applications.xlsx': ['employer'],
  '/work/applications/:reference': ['employer'],
  '/work/applications/:reference/notes': ['employer'],
  '/work/applications/:reference/phone': ['employer'],
  '/work/help-requests/:reference': ['employment_officer', 'adviser'],
  '/work/assisted-applications/new': ['employment_officer', 'adviser'],
  '/work/carrier-check': ['carrier_agent'],
  '/work/carriers': ['platform_administrator'],
  '/work/carriers/:id': ['platform_administrator'],
  '/work/carriers/:id/state': ['platform_administrator'],
  '/work/carriers/:id/carried': ['platform_administrator'],
  '/work/carriers/:id/honey': ['platform_administrator'],
  '/work/entry-checks/new': ['adviser'],
  '/work/entry-checks/:reference': ['adviser'],
  '/work/entry-checks/:reference/pin': ['adviser'],
  '/work/entry-checks/:reference/card': ['adviser'],
  '/work': STAFF,
  '/work/account': STAFF,
  '/work/account/sessions': STAFF,
  '/work/account/rights': STAFF,
  '/work/account/password': STAFF,
  '/work/account/recovery-codes': STAFF,
  '/work/account/passkeys/new': STAFF,
  '/work/account/passkeys/:id': STAFF,
  '/work/step-up': STAFF,
  '/work/users': ['administrator', 'platform_administrator'],
  '/work/users.csv': ['administrator', 'platform_administrator'],
  '/work/users.xlsx': ['administrator', 'platform_administrator'],
  '/work/users/new': ['administrator', 'platform_administrator'],
  '/work/users/:id': ['administrator', 'platform_administrator'],
  '/work/users/:id/edit': ['administrator', 'platform_administrator'],
  '/work/users/:id/state': ['administrator', 'platform_administrator'],
  '/work/users/:id/link': ['administrator', 'platform_administrator'],
  '/work/users/:id/sessions': ['administrator', 'platform_administrator'],
  '/work/users/:id/roles': ['administrator', 'platform_administrator'],
  '/work/users/:id/rights': ['administrator', 'platform_administrator'],
  '/work/roles': ['administrator', 'platform_administrator'],
  '/work/organisations': ['platform_administrator'],
  '/work/organisations.csv': ['platform_administrator'],
  '/work/organisations.xlsx': ['platform_administrator'],
  '/work/organisations/new': ['platform_administrator'],
  '/work/organisations/:id': ['platform_administrator'],
  '/work/organisations/:id/closing': ['platform_administrator'],
  '/work/programs': ['administrator', 'employer'],
  '/work/programs/new': ['administrator', 'employer'],
  '/work/programs/:id/revocation': ['administrator', 'employer'],
  '/work/webhooks': ['administrator'],
  '/work/webhooks/new': ['administrator'],
  '/work/webhooks/:id': ['administrator'],
  '/work/webhooks/:id/secret': ['administrator'],
  '/work/webhooks/:id/test': ['administrator'],
  '/work/webhooks/:id/state': ['administrator'],
  '/work/webhooks/:id/again': ['administrator'],
  '/work/organisation': STAFF,
  '/sign-out': STAFF,
  '/work/find': STAFF,
  '/work/notifications': STAFF,
  '/work/notifications/settings': STAFF,
  '/work/notifications/:id': STAFF,
  '/work/audit': ['auditor'],
  '/work/audit.csv': ['auditor'],
  '/work/audit.xlsx': ['auditor'],
  '/work/exports': EXPORTERS,
  '/work/exports/:id': EXPORTERS,
  '/work/exports/:id/file': EXPORTERS,
  '/work/exports/:id/cancellation': EXPORTERS,
  '/work/vacancies/review': ['vacancy_officer'],
  '/work/vacancies/review.csv': ['vacancy_officer'],
  '/work/vacancies/review.xlsx': ['vacancy_officer'],
  '/work/vacancies/review/:reference': ['vacancy_officer'],
  '/work/vacancies/review/:reference/undo': ['vacancy_officer'],
  '/work/vacancies/review/:reference/apart': ['vacancy_officer'],
  '/work/vacancies/review/:reference/together': ['vacancy_officer'],
  '/work/people': ['registry_officer'],
  '/work/people/new': ['adviser', 'registry_officer'],
  '/work/people/new/:id': ['adviser', 'registry_officer'],
  '/work/people/review': ['registry_officer'],
  '/work/people/review/:id': ['registry_officer'],
  '/work/people/review/:id/undo': ['registry_officer'],
  '/work/people/:reference': ['registry_officer'],
  '/work/people/:reference/numbers': ['registry_officer'],
  '/work/people/:reference/acts': ['registry_officer'],
  '/work/people/:reference/log': ['registry_officer'],
  '/work/expulsions': ['consul', 'notice_officer', 'notice_recipient'],
  '/work/expulsions/routes': ['platform_administrator'],
  '/work/expulsions/routes/:id/end': ['platform_administrator'],
  '/work/expulsions/rows.csv': ['consul', 'notice_officer', 'notice_recipient'],
  '/work/expulsions/rows.xlsx': ['consul', 'notice_officer', 'notice_recipient'],
  '/work/expulsions/questions/:id': ['consul', 'notice_officer', 'notice_recipient'],
  '/work/expulsions/measures/:reference': ['consul', 'notice_officer', 'notice_recipient'],
  '/work/expulsions/measures/:reference/home-help': ['consul', 'notice_officer'],
  '/work/home-help': ['employment_officer'],
  '/work/home-help/offices': ['platform_administrator'],
  '/work/expulsions/measures/:reference/person': ['consul', 'notice_officer'],
  '/work/proceedings/:reference/person': ['consul', 'notice_officer'],
  '/work/expulsions/measures/:reference/decision': ['consul', 'notice_officer'],
  '/work/expulsions/:reference': ['consul', 'notice_officer', 'notice_recipient'],
  '/work/expulsions/:reference/letters': ['consul', 'notice_officer', 'notice_recipient'],
  '/work/expulsions/:reference/acknowledgement': ['consul', 'notice_officer', 'notice_recipient'],
  '/work/expulsions/:reference/questions': ['consul', 'notice_officer', 'notice_recipient'],
  '/work/proceedings': ['consul', 'notice_officer'],
  '/work/proceedings/new': ['consul', 'notice_officer'],
  '/work/proceedings/:reference': ['consul', 'notice_officer'],
  '/work/imports': IMPORTERS,
  '/work/imports.csv': IMPORTERS,
  '/work/imports.xlsx': IMPORTERS,
  '/work/imports/:id': IMPORTERS,
  '/work/imports/:id/mapping': IMPORTERS,
  '/work/imports/:id/sheet': IMPORTERS,
  '/work/imports/:id/approval': IMPORTERS,
  '/work/imports/:id/cancellation': IMPORTERS,
  '/work/imports/:id/resumption': IMPORTERS,
  '/work/imports/:id/errors.xlsx': IMPORTERS,
  '/work/imports/:id/report.xlsx': IMPORTERS,
  '/work/imports/:id/report.csv': IMPORTERS,
}

test('the table names every page', () => {
  const paths = allPages(app.platform.parts).map(({ path }) => path)
  expect(paths.filter((path) => !(path in ALLOWED)).sort()).toEqual([])
  expect(Object.keys(ALLOWED).filter((path) => !paths.includes(path))).toEqual([])
})

// Somebody who may enter gets the page, or 404 or 410 where this id stands for nothing; never 403, nor the way to sign in.
// Visitors' forms are limited by address, and here all come from one: 429 is past every question of rights.
const ENTERED = [200, 303, 404, 409, 410, 422, 429]
const address = (path: string) =>
  `/en${path === '/' ? '' : path}`.replaceAll(/:\w+/g, '00000000-0000-7000-8000-000000000000')
const turnedAway = (response: Response) =>
  response.status === 303 && response.headers.get('location')!.startsWith('/en/sign-in?return=')

describe.each(Object.entries(ALLOWED))('%s', (path, allowed) => {
  test.each(['visitor', ...ROLES] as const)('%s', async (who) => {
    const page = allPages(app.platform.parts).find((one) => one.path === path)!
    const as = who === 'visitor' ? {} : { as: who }
    const may = allowed === EVERYBODY || (who !== 'visitor' && allowed.includes(who))
    for (const form of [page.get && {}, page.post && { form: { nothing: 'useful' } }].filter(
      (one) => one !== undefined,
    )) {
      const response = await app.ask(address(path), { ...as, ...form })
      if (may) {
        expect(ENTERED).toContain(response.status)
        expect(turnedAway(response)).toBe(false)
      } else if (who === 'visitor') expect(turnedAway(response)).toBe(true)
      else expect(response.status).toBe(403)
      const cache = response.headers.get('cache-control')
      if (page.access !== 'public') expect(cache).toBe('no-store')
    }
  })
})
