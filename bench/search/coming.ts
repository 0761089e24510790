import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { createUser } from '#kernel/access/credentials.ts'
import { withActor } from '#kernel/access/transaction.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { newId, newReference } from '#kernel/ids.ts'
import { startWorker } from '#kernel/jobs/worker.ts'
import { createOrganisation } from '#kernel/organisations/organisations.ts'
import { matchNewAdverts } from '../../src/modules/applications/alerts/match.ts'
import { matchesFor } from '../../src/modules/applications/matching.ts'
import { needsOf } from '../../src/modules/applications/needs.ts'
import type { Profile } from '../../src/modules/applications/profile.ts'
import { questionOf } from '../../src/modules/vacancies/conditions.ts'
import { searchListings } from '../../src/modules/vacancies/listings.ts'
import { publishPosting } from '../../src/modules/vacancies/posting/acts.ts'
import { createPosting } from '../../src/modules/vacancies/posting/postings.ts'
import { all } from '../../src/modules/vacancies/tally.ts'
import { type Watch, watchOf } from '../../src/modules/vacancies/watching.ts'
import { PARTS } from '../../src/modules.ts'
import { type BenchDatabase, silentLog } from './database.ts'
import { percentiles } from './percentiles.ts'

const BATCH = 5_000
const NAIVE = 100

/**
 * Puts `number` offers out as an employer does, one after the other, under a worker that takes them in, and looks until the
 * public search finds each by a word of its own: milliseconds from the employer's act to the find.
 */
export async function measurePublishing(database: BenchDatabase, number: number) {
  const actor = await employer(database)
  const worker = await startWorker({
    connection: { connectionString: database.ownerUrl },
    tasks: Object.assign({}, ...PARTS.map((part) => part.jobs)),
    cron: [],
    context: () => database.system(),
    log: silentLog,
  })
  const times: number[] = []
  try {
    for (let at = 0; at < number; at++) {
      const word = `знак${word36(at)}`
      const began = performance.now()
      await withActor(database.app, actor, async (db) => {
        const ctx: Ctx = { ...database.visitor(), actor, db, now: Temporal.Now.instant() }
        const { reference, version } = await createPosting(ctx, {})
        const published = await publishPosting(ctx, reference, offer(at, word), version)
        if (!published.ok) throw new Error(JSON.stringify(published.errors))
      })
      while ((await searchListings(database.visitor(), { q: word, literal: true, limit: 1 })).items.length === 0)
        await sleep(5)
      times.push(performance.now() - began)
    }
  } finally {
    await worker.stop()
  }
  return percentiles(times)
}

/**
 * Keeps `searches` saved searches of what people ask and puts the adverts that came within the last hour to them: seconds, and
 * how many were told of. Beside it, each search asking for itself, reckoned from a hundred of them.
 */
export async function measureAlerts(database: BenchDatabase, addresses: readonly string[], searches: number) {
  const watches: Watch[] = []
  for (const address of addresses) {
    const watch = await watchOf(database.visitor(), new URLSearchParams(address))
    if (watch) watches.push(watch)
  }
  for (let made = 0; made < searches; made += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, searches - made) }, (_, at) => ({
      ...watches[(made + at) % watches.length]!,
      ...{ id: newId(), channel: 'email', lang: 'tg', mode: 'daily', label: 'bench', state: 'active' },
      ...{ address_sealed: '\\x00', address_key: hex(), token_hash: hex() },
      ...{ created_at: '2026-01-01T00:00:00Z', confirmed_at: '2026-01-01T00:00:00Z' },
    }))
    await sql`
      insert into applications.saved_search
      select r.* from jsonb_populate_recordset(null::applications.saved_search, ${JSON.stringify(rows)}::jsonb) r`.execute(
      database.owner,
    )
  }
  await sql`vacuum analyze applications.saved_search`.execute(database.owner)
  const began = performance.now()
  const matched = await matchNewAdverts({ ...database.system(), now: Temporal.Now.instant() })
  const seconds = (performance.now() - began) / 1000
  const naive = performance.now()
  for (const address of addresses.slice(0, NAIVE)) {
    const q = new URLSearchParams(address).get('q') ?? undefined
    const { conditions } = await questionOf(database.visitor(), { limit: 20, ...(q && { q }) })
    await sql`
      select l.vacancy_id from vacancies.listing l
      where ${all(conditions)} and l.listed_at >= now() - interval '1 hour'`.execute(database.app)
  }
  const naive_s = (((performance.now() - naive) / 1000) * searches) / Math.min(NAIVE, addresses.length)
  return { seconds, naive_s: Math.round(naive_s), kinds: watches.length, ...matched }
}

const PROFILES = 200
const TRADES = [['7212'], ['8332', '8322'], ['5120'], ['7112', '7114'], ['9313'], ['8153'], ['2221'], []]
const PLACES = [[], ['RU-MOW'], ['TJ-DU'], ['RU-TUL', 'RU-MOS'], ['KZ']]

/**
 * The adverts that fit somebody best, for 200 people who look for work: milliseconds. Beside it, reading what every advert of
 * their trades asks, for a few of them.
 */
export async function measureMatching(database: BenchDatabase) {
  const profiles = Array.from(
    { length: PROFILES },
    (_, at): Profile => ({
      ...{ trade: ['сварщик', 'ронанда', 'повар', 'каменщик'][at % 4]!, isco: TRADES[at % TRADES.length]! },
      ...{
        languages: [{ lang: 'ru', level: at % 3 === 0 ? 'well' : 'talk' }],
        place_codes: PLACES[at % PLACES.length]!,
      },
      licences: at % 2 === 0 ? ['medical_book'] : ['driver_b', 'driver_c'],
    }),
  )
  const times: number[] = []
  for (const profile of profiles) {
    const began = performance.now()
    await matchesFor({ ...database.visitor(), db: database.owner }, profile, 20)
    times.push(performance.now() - began)
  }
  const naive = performance.now()
  const { rows } = await sql<Parameters<typeof needsOf>[0]>`
    select title, profession, duties, requirements, conditions, documents, medical_card
    from vacancies.vacancy
    where isco = any (${TRADES[0]!}::text[]) and state = 'published'`.execute(database.owner)
  for (const row of rows) needsOf(row)
  return { ...percentiles(times.slice(10)), naive_ms: Math.round(performance.now() - naive) }
}

const hex = () => `\\x${randomBytes(32).toString('hex')}`
const word36 = (at: number) =>
  at.toString(36).replaceAll(/[0-9a-z]/g, (sign) => 'абвгдежзиклмнопрстуфхцчшщэюяёйъьыңққ'[Number.parseInt(sign, 36)]!)

async function employer(database: BenchDatabase): Promise<StaffActor> {
  const ctx = database.system()
  const names = { tg: 'Намуна', ru: 'Образец', en: 'Sample' }
  const organisation_id = await createOrganisation(ctx, { kind: 'employer', country: 'TJ', names })
  await createUser(ctx, {
    email: 'bench@example.tj',
    name: 'Bench',
    locale: 'ru',
    organisation_id,
    roles: ['employer'],
  })
  const { id: user_id } = await database.owner
    .selectFrom('access.user_account')
    .select('id')
    .where('email', '=', 'bench@example.tj')
    .executeTakeFirstOrThrow()
  const now = Temporal.Now.instant()
  await database.owner
    .insertInto('employers.employer')
    .values({
      ...{ organisation_id, reference: newReference(), state: 'verified', legal_name: 'Bench Works', country: 'TJ' },
      ...{ kind: 'employer', tin: '000000033', phone: '+992000000008', contact_name: 'B', lang: 'ru' },
      ...{ contact_email: 'bench@example.tj', asked_at: now, due_at: now, verified_at: now },
    })
    .execute()
  const rows = await database.owner
    .selectFrom('access.role_permission')
    .select('permission')
    .where('role', '=', 'employer')
    .execute()
  return {
    ...{ kind: 'staff', user_id, organisation_id, name: 'Bench', organisation_name: 'Sample', session_id: newId() },
    permissions: new Set(rows.map(({ permission }) => permission)),
  }
}

// No two alike: the same words would be one offer.
function offer(at: number, word: string): Record<string, string> {
  const words = Array.from({ length: 30 }, (_, i) => `${word36(at * 977 + i * i * 31 + 7919)}он`)
  return {
    ...{ title: ['Сварщик', 'Швея', 'Повар', 'Каменщик', 'Водитель'][at % 5]!, country: 'TJ', region: 'Душанбе' },
    ...{ duties: `${word} ${words.join(' ')}`, pay_min: String(3000 + at), pay_max: String(4000 + at) },
    ...{ pay_currency: 'TJS', pay_period: 'month', pay_tax: 'net', contract: 'permanent' },
    ...{ phone: '+992 000 00-00-08', takes: 'nothing' },
  }
}
