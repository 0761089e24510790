import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allPages } from '#kernel/http/pages.ts'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { ROLES, type RoleName } from '#kernel/module.ts'
import { NOW } from './database.ts'
import { furnish, type Known, PUBLIC, resolved, STAFF } from './pages/addresses.ts'
import { type TestSite, testSite } from './site.ts'
import { strangers } from './strangers.ts'

let site: TestSite
let known: Known
let stranger: () => Record<string, string>
beforeAll(async () => {
  site = await testSite()
  known = await furnish(site)
  stranger = strangers(site)
})
afterAll(() => site?.stop())

type Asked = {
  as?: RoleName | undefined
  form?: Record<string, string>
  headers?: Record<string, string>
  method?: string
}
const ask = (path: string, { headers, ...asked }: Asked = {}) =>
  site.ask(path, { ...asked, headers: { ...stranger(), ...headers } } as never)
const at = (path: string) => encodeURI(`/en${resolved(path, known)}`)

describe('headers', () => {
  const OTHERS = [
    '/',
    '/robots.txt',
    '/sitemap.xml',
    '/api/v1/vacancies',
    '/api/v1/vacancies/nothing',
    '/api/openapi.json',
    '/healthz',
    '/assets/nothing.css',
  ]
  test.each([...PUBLIC, ...STAFF, ...OTHERS.map((path) => ({ path: `=${path}`, as: undefined }))])(
    '$path, $as',
    async ({ path, as }) => {
      const { headers } = await ask(path.startsWith('=') ? path.slice(1) : at(path), { as })
      const policy = new Map(
        headers
          .get('content-security-policy')!
          .split(/;\s*/)
          .map((part) => [part.split(' ')[0]!, part.split(' ').slice(1)]),
      )
      expect(policy.get('default-src')).toEqual(["'none'"])
      expect(policy.get('script-src')).toEqual(["'self'"])
      expect(policy.get('style-src')).toEqual(["'self'"])
      for (const name of ['frame-ancestors', 'base-uri']) expect(policy.get(name)).toEqual(["'none'"])
      expect(policy.get('form-action')).toEqual(["'self'"])
      expect([...policy.values()].flat().filter((source) => /unsafe|\*|http/.test(source))).toEqual([])
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('same-origin')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('strict-transport-security')).toBe('max-age=15552000')
      expect(headers.get('permissions-policy')).toMatch(/camera=\(\).*geolocation=\(\)|geolocation=\(\).*camera=\(\)/)
      expect(headers.get('server') ?? headers.get('x-powered-by')).toBeNull()
    },
  )
})

describe('forms of other sites', () => {
  /** All that the forms of the site can bring about. */
  const consequences = async () => {
    const { rows } = await sql`
      select (select count(*) from vacancies.report) as reports,
        (select count(*) from vacancies.review where decision is not null) as decisions,
        (select count(*) from vacancies.listing) as listings,
        (select jsonb_object_agg(id, state) from imports.import) as imports,
        (select count(*) from access.session where ended_at is not null) as ended,
        (select jsonb_object_agg(id, locale) from access.user_account) as locales`.execute(site.owner)
    return rows[0]
  }
  const FORGED: Record<string, Record<string, string>> = {
    'another site': { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    'a site that hides itself': { origin: 'null', 'sec-fetch-site': 'cross-site' },
    'an old browser that says nothing': { origin: '' },
    'a host with our name in it': { origin: 'http://127.0.0.1:8080.evil.example' },
  }
  test.each(Object.entries(FORGED))(
    '%s: refused everywhere, whoever is signed in, and nothing happens',
    async (_, headers) => {
      // What the link of a mail does, whoever has the link may do.
      const posts = allPages(site.platform.parts).filter(({ post, fromAnywhere }) => post && !fromAnywhere)
      expect(posts.length).toBeGreaterThan(10)
      await Promise.all(ROLES.map((role) => site.actor(role)))
      const before = await consequences()
      for (const { path } of posts) {
        const address = at(path.replace(':reference', ':full').replace(':id', ':preview'))
        for (const as of [undefined, ...ROLES]) {
          const form = { reason: 'fee', decision: 'reject', locale: 'ru', sent: '1' }
          expect([path, as, (await ask(address, { as, form, headers })).status]).toEqual([path, as, 403])
        }
      }
      expect(await consequences()).toEqual(before)
    },
  )

  test('our own are accepted', async () => {
    expect((await ask(at('/vacancies/:full/report'), { form: { reason: 'fee' } })).status).toBe(303)
    expect((await ask(at('/sign-in'), { form: {} })).status).toBe(422)
    expect((await ask(at('/work/account'), { as: 'adviser', form: { locale: 'ru' } })).status).toBe(303)
  })

  test('other sites may read the API, and only that', async () => {
    const from = { headers: { origin: 'https://other.example' } }
    expect((await ask('/api/v1/vacancies', from)).headers.get('access-control-allow-origin')).toBe('*')
    for (const path of [at('/vacancies'), at('/sign-in')])
      expect((await ask(path, from)).headers.get('access-control-allow-origin')).toBeNull()
    expect((await ask(at('/work'), { as: 'auditor', ...from })).headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('what is kept, and for whom', () => {
  const OWN = [
    ...['/sign-in', '/help/now', '/entry-check/asked', '/my-case', '/alerts/:alert', '/vacancies/:offer/apply'],
    ...['/letters/verify?n=K7QF-92MX-4RTB&c=2222-2222', '/vacancies/:full/reported?code=2222-2222-2222'],
  ]
  test.each(PUBLIC.filter(({ path }) => !OWN.includes(path)))(
    '$path is the same for everybody',
    async ({ path, status = 200 }) => {
      const [visitor, staff] = [await ask(at(path)), await ask(at(path), { as: 'vacancy_officer' })]
      expect([visitor.status, staff.status]).toEqual([status, status])
      expect(await staff.text()).toBe(await visitor.text())
      for (const { headers } of [visitor, staff]) {
        expect(headers.get('set-cookie')).toBeNull()
        expect(headers.get('vary') ?? '').not.toMatch(/cookie|\*/i)
      }
      if (status !== 200) return expect(visitor.headers.get('cache-control')).toBe('no-store')
      expect(visitor.headers.get('cache-control')).toBe('public, max-age=60')
      const etag = visitor.headers.get('etag')!
      expect(staff.headers.get('etag')).toBe(etag)
      const again = await ask(at(path), { headers: { 'if-none-match': `"other", ${etag}` } })
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag])
      expect((await ask(at(path), { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
    },
  )

  test('a visit to public pages leaves the session as it was', async () => {
    const token = await site.session('vacancy_officer')
    // A use within a minute of the last one is not written down.
    const earlier = NOW.subtract({ minutes: 10 })
    await site.owner.updateTable('access.session').set({ last_seen_at: earlier }).execute()
    const used = () =>
      site.owner.selectFrom('access.session').select(['id', 'last_seen_at', 'idle_until']).orderBy('id').execute()
    const before = await used()
    for (const { path } of PUBLIC) await ask(at(path), { headers: { cookie: `hamsafar=${token}` } })
    expect(await used()).toEqual(before)
    await ask(at('/work'), { headers: { cookie: `hamsafar=${token}` } })
    expect(await used()).not.toEqual(before)
  })

  test.each([...STAFF.filter(({ as }) => as), ...OWN.map((path) => ({ path, as: undefined }))])(
    '$path, $as: never kept',
    async ({ path, as }) => {
      for (const who of [as, undefined]) {
        const { headers } = await ask(at(path), { as: who })
        expect(headers.get('cache-control')).toBe('no-store')
        expect(headers.get('etag')).toBeNull()
      }
    },
  )

  test('each language has a tag of its own', async () => {
    const tags = await Promise.all(LANGUAGES.map(async (lang) => (await ask(`/${lang}/vacancies`)).headers.get('etag')))
    expect(new Set(tags).size).toBe(LANGUAGES.length)
  })

  test('what the Host header says is never believed', async () => {
    for (const path of ['/vacancies', '/vacancies/:full', '/vacancies/:full/print']) {
      const page = await (
        await ask(at(path), { headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' } })
      ).text()
      expect(page).not.toContain('evil.example')
    }
  })
})

describe('bodies', () => {
  const report = () => at('/vacancies/:full/report')
  const post = (path: string, body: BodyInit, headers: Record<string, string>) =>
    fetch(site.origin + path, {
      method: 'POST',
      body,
      // The server hangs up on a body that is too large.
      headers: { origin: site.origin, connection: 'close', ...headers },
      duplex: 'half',
      redirect: 'manual',
    } as RequestInit)
  const endless = (bytes: number) =>
    new ReadableStream({
      pull(controller) {
        bytes -= 65_536
        if (bytes < 0) controller.close()
        else controller.enqueue(new Uint8Array(65_536).fill(97))
      },
    })

  test('too large: 413, whether or not the length is stated', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await post(report(), `story=${'a'.repeat(300_000)}`, form)).status).toBe(413)
    expect((await post(report(), endless(400_000), form)).status).toBe(413)
    const cookie = `hamsafar=${await site.session('vacancy_officer')}`
    const upload = await post('/en/work/imports', endless(34 * 2 ** 20), {
      'content-type': 'multipart/form-data; boundary=x',
      cookie,
    })
    expect(upload.status).toBe(413)
    expect(await upload.text()).toContain('That is too large')
  })

  test.each(['application/json', 'text/plain', 'application/octet-stream', 'multipart/mixed; boundary=x', ''])(
    'of the type "%s": 415',
    async (type) => {
      const response = await post(report(), new Blob(['{"reason":"fee"}'], { type }), {})
      expect(response.status).toBe(415)
    },
  )

  test.each([
    ['no boundary', 'multipart/form-data', '--x\r\n\r\n'],
    ['cut off', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="reason"\r\n\r\nfe'],
    ['nonsense', 'multipart/form-data; boundary=x', '\u0000\u0001--y'],
  ])('multipart with %s: 400', async (_, type, body) => {
    const response = await post(report(), body, { 'content-type': type })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('<html lang="en">')
  })
})
