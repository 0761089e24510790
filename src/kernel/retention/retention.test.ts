import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NOW, type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import { newId, newReference } from '../ids.ts'
import { createOrganisation } from '../organisations/organisations.ts'
import { keptSince, type RetentionClock } from './clock.ts'
import { clocksOf, eraseDue } from './erase.ts'

let database: TestDatabase
let organisation_id: string
let user_id: string
beforeAll(async () => {
  database = await testDatabase()
  organisation_id = await createOrganisation(system(NOW), { kind: 'authority', country: 'TJ', names: { en: 'Office' } })
  user_id = newId()
  await database.owner
    .insertInto('access.user_account')
    .values({ id: user_id, email: 'a@test.tj', name: 'A', locale: 'en', created_at: NOW })
    .execute()
})
afterAll(() => database.drop())

const system = (now: Temporal.Instant): Ctx =>
  database.ctx({ db: database.owner, now, actor: { kind: 'system', task: 'test' } })
const hash = () => randomBytes(32)
const LATER = { hours: 24 * 400 }

/**
 * For each clock, by its table (the second of a table as `table 2`): what came to its moment at `at`, and beside it what has not come to it yet. Answers both
 * as conditions.
 */
type Records = (db: Kysely<DB>, at: Temporal.Instant) => Promise<{ goes: string; stays: string }>
const removalOf = async (db: Kysely<DB>, entered_at: Temporal.Instant) => {
  const id = newId()
  await db
    .insertInto('removals.removal')
    .values({
      ...{ id, reference: newReference(), custodian: organisation_id, carrier: organisation_id, mode: 'air' },
      ...{
        category: 'deportee',
        people: 1,
        left_on: Temporal.PlainDate.from('2026-10-05'),
        origin: 'A',
        destination: 'B',
      },
      ...{ country: 'RU', entered_by: user_id, entered_at },
    })
    .execute()
  return id
}
const byId = (goes: string, stays: string) => ({ goes: `id = '${goes}'`, stays: `id = '${stays}'` })
const RECORDS: Record<string, Records> = {
  'access.session': async (db, at) => {
    const [ended, open] = [newId(), newId()]
    const session = (id: string, ended_at: Temporal.Instant | null, until: Temporal.Instant) => ({
      ...{ id, token_hash: hash(), user_id, organisation_id, created_at: at, last_seen_at: at, ended_at },
      ...{ idle_until: until, expires_at: until.add({ hours: 1 }) },
    })
    const rows = [session(ended, at, at.add({ hours: 1 })), session(open, null, at.add(LATER))]
    await db.insertInto('access.session').values(rows).execute()
    return byId(ended, open)
  },
  'access.set_up_link': async (db, at) => {
    const [used, open] = [newId(), newId()]
    const link = (id: string, used_at: Temporal.Instant | null, expires_at: Temporal.Instant) => ({
      ...{ id, token_hash: hash(), user_id, created_at: at, expires_at, used_at },
    })
    const rows = [link(used, at, at.add({ hours: 24 })), link(open, null, at.add(LATER))]
    await db.insertInto('access.set_up_link').values(rows).execute()
    return byId(used, open)
  },
  'access.recovery_code': async (db, at) => {
    const [used, fresh] = [hash(), hash()]
    const rows = [
      { user_id, code_hash: used, created_at: at, used_at: at },
      { user_id, code_hash: fresh, created_at: at },
    ]
    await db.insertInto('access.recovery_code').values(rows).execute()
    const code = (of: Buffer) => `code_hash = '\\x${of.toString('hex')}'`
    return { goes: code(used), stays: code(fresh) }
  },
  'access.passkey': async (db, at) => {
    const [removed, used] = [newId(), newId()]
    const passkey = (id: string, removed_at: Temporal.Instant | null) => ({
      ...{ id, user_id, credential_id: hash(), public_key: hash(), counter: 0n, transports: [] },
      ...{ name: 'Key', created_at: at, removed_at },
    })
    await db
      .insertInto('access.passkey')
      .values([passkey(removed, at), passkey(used, null)])
      .execute()
    return byId(removed, used)
  },
  'access.sign_in_throttle': async (db, at) => {
    const [over, blocked] = [hash(), hash()]
    const rows = [
      { key: over, attempts: 1, window_start: at },
      { key: blocked, attempts: 6, window_start: at, blocked_until: at.add(LATER) },
    ]
    await db.insertInto('access.sign_in_throttle').values(rows).execute()
    const key = (of: Buffer) => `key = '\\x${of.toString('hex')}'`
    return { goes: key(over), stays: key(blocked) }
  },
  'access.spent_challenge': async (db, at) => {
    const [over, valid] = [hash(), hash()]
    const rows = [
      { hash: over, expires_at: at },
      { hash: valid, expires_at: at.add(LATER) },
    ]
    await db.insertInto('access.spent_challenge').values(rows).execute()
    const of = (one: Buffer) => `hash = '\\x${one.toString('hex')}'`
    return { goes: of(over), stays: of(valid) }
  },
  'access.api_call': async (db, at) => {
    const client = { id: newId(), organisation_id, label: 'Orchard', permissions: ['fruit.send'] }
    await db
      .insertInto('access.api_client')
      .values({ ...client, key_hash: hash(), created_by: user_id, created_at: NOW })
      .execute()
    const call = (idempotency_key: string, at: Temporal.Instant) => ({
      ...{ client_id: client.id, idempotency_key, request: hash(), at },
    })
    await db
      .insertInto('access.api_call')
      .values([call('old', at), call('fresh', at.add(LATER))])
      .execute()
    const of = (key: string) => `idempotency_key = '${key}'`
    return { goes: of('old'), stays: of('fresh') }
  },
  'expulsions.home_help': async (db, at) => {
    const [person, measure_id, old, fresh] = [newId(), await measureOf(db, NOW), newId(), newId()]
    const place = await db.selectFrom('places.place').select('code').limit(1).executeTakeFirstOrThrow()
    await db
      .insertInto('people.person')
      .values({ id: person, root: person, reference: newReference(12), created_at: NOW })
      .execute()
    const agreed = (id: string, agreed_at: Temporal.Instant) => ({
      ...{ id, reference: newReference(12), person_id: person, measure_id, custodian: organisation_id },
      ...{ to_organisation: organisation_id, place_code: place.code, agreed_at, agreed_way: 'desk' },
      ...{ recorded_by: user_id, withdrawn_at: NOW },
    })
    await db
      .insertInto('expulsions.home_help')
      .values([agreed(old, at), agreed(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'expulsions.appeal': async (db, at) => {
    const [old, fresh] = [await measureOf(db, NOW), await measureOf(db, NOW)]
    const clock = (measure_id: string, appeal_until: Temporal.Instant) => ({
      ...{ measure_id, organisation_id, served_on: Temporal.PlainDate.from('2026-10-05'), appeal_until },
      ...{ appeal_rule: 'appeal_court', entered_by: user_id, changed_at: NOW },
    })
    await db
      .insertInto('expulsions.appeal')
      .values([clock(old, at), clock(fresh, at.add(LATER))])
      .execute()
    return { goes: `measure_id = '${old}'`, stays: `measure_id = '${fresh}'` }
  },
  'expulsions.informing': async (db, at) => {
    const [measure_id, old, fresh] = [await measureOf(db, NOW), newId(), newId()]
    const told = (id: string, moment: Temporal.Instant) => ({
      ...{ id, measure_id, organisation_id, way: 'desk', at: moment, by_user: user_id },
    })
    await db
      .insertInto('expulsions.informing')
      .values([told(old, at), told(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'expulsions.proceeding': async (db, at) => {
    const [old, told] = [newId(), newId()]
    const proceeding = (id: string) => ({
      ...{ id, reference: newReference(), custodian: organisation_id, place_code: 'RU-MOW' },
      ...{ entered_by: user_id, entered_at: at, changed_at: at },
    })
    await db
      .insertInto('expulsions.proceeding')
      .values([proceeding(old), proceeding(told)])
      .execute()
    // The person was told of it later.
    await db
      .insertInto('expulsions.informing')
      .values({
        ...{ id: newId(), proceeding_id: told, organisation_id, way: 'desk', at: at.add(LATER), by_user: user_id },
      })
      .execute()
    return byId(old, told)
  },
  'expulsions.border_refusal': async (db, at) => {
    const [old, fresh] = [newId(), newId()]
    const refused = async (id: string, stated_at: Temporal.Instant) => ({
      ...{ id, custodian: organisation_id, record_id: (await recordOf(db, at)).record_id, stated_at },
    })
    await db
      .insertInto('expulsions.border_refusal')
      .values([await refused(old, at), await refused(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'expulsions.statement': async (db, at) => {
    const lifted = await measureOf(db, at, { status: 'lifted' })
    const banned = await measureOf(db, at, { kind: 'entry_ban' })
    const with_ground = (measure: string) => `measure_id = '${measure}' and ground is not null`
    return { goes: with_ground(lifted), stays: with_ground(banned) }
  },
  'expulsions.question': async (db, at) => {
    const [old, open] = [newId(), newId()]
    const asked = async (id: string, answer: string | null) => {
      const measure_id = await measureOf(db, NOW)
      const { batch_id } = await db
        .selectFrom('expulsions.statement')
        .select('batch_id')
        .where('measure_id', '=', measure_id)
        .executeTakeFirstOrThrow()
      return {
        ...{ id, measure_id, batch_id, about: 'term', from_organisation: organisation_id },
        ...{ to_organisation: organisation_id, words: 'Until when?', asked_at: at, due_at: at },
        ...{ answer, answered_at: answer === null ? null : at },
      }
    }
    await db
      .insertInto('expulsions.question')
      .values([await asked(old, 'For good.'), await asked(open, null)])
      .execute()
    return { goes: `id = '${old}' and answer is not null`, stays: `id = '${open}' and words is not null` }
  },
  'expulsions.correction': async (db, at) => {
    const [decided, open] = [newId(), newId()]
    const proposed = async (id: string, outcome: string | null) => ({
      ...{ id, measure_id: await measureOf(db, NOW), wanted: 'not_me', reason: 'Another father’s name' },
      ...{ proposed_by: user_id, proposed_for: organisation_id, proposed_at: at, due_at: at, outcome },
      ...{ decided_at: outcome === null ? null : at, decided_by: outcome === null ? null : newId() },
    })
    await db
      .insertInto('expulsions.correction')
      .values([await proposed(decided, 'refused'), await proposed(open, null)])
      .execute()
    return { goes: `id = '${decided}' and reason is not null`, stays: `id = '${open}' and reason is not null` }
  },
  'letters.letter': async (db, at) => {
    const [old, fresh] = [newId(), newId()]
    const letter = (id: string, issued_at: Temporal.Instant) => ({
      ...{ id, reference: newReference(12), code: '2222-2222', kind: 'k', lang: 'tg', permission: 'person.read' },
      ...{ keeper: organisation_id, issuer: organisation_id, subject_type: 'measure', subject_id: 'K7QF-92MX' },
      ...{ content: hash(), issued_at, issued_by: user_id },
    })
    await db
      .insertInto('letters.letter')
      .values([letter(old, at), letter(fresh, at.add(LATER))])
      .execute()
    // Number and code stay, for whoever verifies it.
    return { goes: `id = '${old}' and subject_id = 'K7QF-92MX'`, stays: `id = '${fresh}' and subject_type = 'measure'` }
  },
  'imports.import': async (db, at) => {
    const [left, finished] = [newId(), newId()]
    await db
      .insertInto('imports.import')
      .values([importOf(left, at, null), importOf(finished, at, at)])
      .execute()
    // Not erased: it has ended, and its content is gone.
    return { goes: `id = '${left}' and content is not null`, stays: `id = '${finished}' and state = 'done'` }
  },
  'imports.row': async (db, at) => {
    const [past, present] = [newId(), newId()]
    await db
      .insertInto('imports.import')
      .values([importOf(past, at, at), importOf(present, at, at.add(LATER))])
      .execute()
    const row = (import_id: string) => ({ import_id, number: 2, raw: '["Ann"]' })
    await db
      .insertInto('imports.row')
      .values([row(past), row(present)])
      .execute()
    return { goes: `import_id = '${past}'`, stays: `import_id = '${present}'` }
  },
  'exports.export': async (db, at) => {
    const [old, fresh] = [newId(), newId()]
    const asked = (id: string, created_at: Temporal.Instant) => ({
      ...{ id, kind: 'users', permission: 'user.administer', query: '', format: 'csv', lang: 'en' },
      ...{ organisation_id, created_by: user_id, created_at, expires_at: created_at.add({ hours: 24 }) },
    })
    await db
      .insertInto('exports.export')
      .values([asked(old, at), asked(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'jobs.run': async (db, at) => {
    const [done, running] = [newId(), newId()]
    const rows = [
      { id: done, task: 'a', state: 'done', finished_at: at },
      { id: running, task: 'a', state: 'running', created_at: at },
    ]
    await db.insertInto('jobs.run').values(rows).execute()
    // What it worked for stays.
    await db
      .insertInto('imports.import')
      .values({ ...importOf(newId(), at, at), run_id: done })
      .execute()
    return byId(done, running)
  },
  'notifications.notification': async (db, at) => {
    const [old, fresh] = [newId(), newId()]
    const notice = (id: string, last_at: Temporal.Instant) => ({
      ...{ id, user_id, kind: 'k', message_key: 'm', href: '/work', created_at: at, last_at },
    })
    await db
      .insertInto('notifications.notification')
      .values([notice(old, at), notice(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'notifications.delivery': async (db, at) => {
    const [old, fresh] = [newId(), newId()]
    const mail = (id: string, created_at: Temporal.Instant) => ({
      ...{ id, user_id, channel: 'email', lang: 'en', subject: 's', body: 'b', state: 'sent' },
      ...{ idempotency_key: id, created_at },
    })
    await db
      .insertInto('notifications.delivery')
      .values([mail(old, at), mail(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'people.lookup': async (db, at) => {
    const [old, fresh] = [newId(), newId()]
    const lookup = (id: string, at: Temporal.Instant) => ({
      ...{ id, at, actor_id: user_id, organisation_id, purpose: 'other', words: 'Letter 7', asked: ['name'] },
    })
    await db
      .insertInto('people.lookup')
      .values([lookup(old, at), lookup(fresh, at.add(LATER))])
      .execute()
    return { goes: `id = '${old}' and words is not null`, stays: `id = '${fresh}' and words is not null` }
  },
  'people.look': async (db, at) => {
    const [person_id, lookup_id, old, fresh] = [await personIn(db), newId(), newId(), newId()]
    await db
      .insertInto('people.lookup')
      .values({ id: lookup_id, at, actor_id: user_id, organisation_id, purpose: 'other', asked: ['name'] })
      .execute()
    const look = (id: string, at: Temporal.Instant) => ({ id, at, person_id, lookup_id, what: 'found' })
    await db
      .insertInto('people.look')
      .values([look(old, at), look(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'people.protection': async (db, at) => {
    const [person_id, old, fresh] = [await personIn(db), newId(), newId()]
    const protection = (id: string, until: Temporal.Instant | null) => ({
      ...{ id, person_id, flag: 'victim', since: at.subtract({ hours: 24 }), until, set_by: user_id, organisation_id },
    })
    await db
      .insertInto('people.protection')
      .values([protection(old, at), protection(fresh, null)])
      .execute()
    return byId(old, fresh)
  },
  'people.contact': async (db, at) => {
    const [{ record_id }, old, fresh] = [await recordOf(db, at), newId(), newId()]
    const custodian = organisation_id
    const contact = (id: string, received_at: Temporal.Instant) => ({
      ...{ id, record_id, custodian, phone_sealed: hash(), phone_index: hash(), received_at },
    })
    await db
      .insertInto('people.contact')
      .values([contact(old, at), contact(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'notifications.sms': async (db, at) => {
    const [old, fresh] = [newId(), newId()]
    const sms = (id: string, created_at: Temporal.Instant) => ({
      ...{ id, text_key: 'answer_ready', lang: 'tg', number_key: hash(), act_key: hash(), state: 'sent' },
      ...{ not_after: created_at, created_at },
    })
    await db
      .insertInto('notifications.sms')
      .values([sms(old, at), sms(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'webhooks.message': async (db, at) => {
    const [old, fresh] = [newId(), newId()]
    const message = (id: string, moment: Temporal.Instant) => ({
      ...{ id, organisation_id, event: 'webhook.test', key: id, data: '{}', at: moment },
    })
    await db
      .insertInto('webhooks.message')
      .values([message(old, at), message(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'webhooks.subscription': async (db, at) => {
    const [off, on] = [newId(), newId()]
    const subscription = (id: string, off_at: Temporal.Instant | null) => ({
      ...{ id, organisation_id, url: 'https://hooks.example.tj/', events: ['sms.failed'], secret: hash() },
      ...{ created_by: user_id, created_at: at, off_at, off_why: off_at && 'asked' },
    })
    await db
      .insertInto('webhooks.subscription')
      .values([subscription(off, at), subscription(on, null)])
      .execute()
    return byId(off, on)
  },
  'employers.registration': async (db, at) => {
    const [old, fresh] = [newId(), newId()]
    const registration = (id: string, expires_at: Temporal.Instant) => ({
      ...{ id, token_hash: hash(), answers: '{}', lang: 'tg', asked_at: at, expires_at },
    })
    await db
      .insertInto('employers.registration')
      .values([registration(old, at), registration(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'employers.invitation': async (db, at) => {
    await db
      .insertInto('employers.employer')
      .values({
        ...{ organisation_id, reference: newReference(), kind: 'employer', state: 'asked', country: 'TJ', lang: 'tg' },
        ...{ legal_name: 'Office', phone: '+992000000009', contact_name: 'X', contact_email: 'x@test.example' },
        ...{ asked_at: at, due_at: at },
      })
      .execute()
    const [old, fresh] = [newId(), newId()]
    const invitation = (id: string, expires_at: Temporal.Instant) => ({
      ...{ id, organisation_id, token_hash: hash(), email: `${id}@test.example`, name: 'X', lang: 'tg' },
      ...{ administers: false, invited_by: user_id, invited_at: at, expires_at },
    })
    await db
      .insertInto('employers.invitation')
      .values([invitation(old, at), invitation(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'vacancies.report': async (db, at) => {
    const vacancy_id = await vacancyOf(db, at, 'reported', 'x')
    const [old, fresh] = [newId(), newId()]
    const report = (id: string, reported_at: Temporal.Instant) => ({
      ...{ id, vacancy_id, reason: 'fee', story: 'They want money.', lang: 'en', reported_at },
    })
    await db
      .insertInto('vacancies.report')
      .values([report(old, at), report(fresh, at.add(LATER))])
      .execute()
    return { goes: `id = '${old}' and story is not null`, stays: `id = '${fresh}' and story is not null` }
  },
  'entry_check.inquiry': async (db, at) => {
    const holder_id = await holderOf(db, at.add(LATER))
    const [old, fresh] = [newId(), newId()]
    const inquiry = (id: string, open_until: Temporal.Instant) => ({
      ...{ id, holder_id, at, way: 'own', purpose: 'request', answer_sealed: hash(), open_until },
    })
    await db
      .insertInto('entry_check.inquiry')
      .values([inquiry(old, at), inquiry(fresh, at.add(LATER))])
      .execute()
    return {
      goes: `id = '${old}' and answer_sealed is not null`,
      stays: `id = '${fresh}' and answer_sealed is not null`,
    }
  },
  'entry_check.holder': async (db, at) => {
    const [old, fresh] = [await holderOf(db, at), await holderOf(db, at.add(LATER))]
    return { goes: `id = '${old}' and facts_sealed is not null`, stays: `id = '${fresh}' and facts_sealed is not null` }
  },
  'entry_check.holder 2': async (db, at) => {
    const [old, fresh] = [await holderOf(db, at), await holderOf(db, at.add(LATER))]
    return { goes: `id = '${old}' and subject is not null`, stays: `id = '${fresh}' and subject is not null` }
  },
  'entry_check.about': async (db, at) => {
    const { record_id } = await recordOf(db, at)
    const aboutOf = async (ends_at: Temporal.Instant) => {
      const [inquiry_id, holder_id] = [newId(), await holderOf(db, ends_at)]
      await db
        .insertInto('entry_check.inquiry')
        .values({ id: inquiry_id, holder_id, at, way: 'own', purpose: 'request', open_until: at })
        .execute()
      await db.insertInto('entry_check.about').values({ inquiry_id, record_id, agrees: 'wholly' }).execute()
      return inquiry_id
    }
    const [old, fresh] = [await aboutOf(at), await aboutOf(at.add(LATER))]
    return { goes: `inquiry_id = '${old}'`, stays: `inquiry_id = '${fresh}'` }
  },
  'entry_check.slip': async (db, at) => {
    const inquiry_id = newId()
    const [old, fresh] = [newId(), newId()]
    const holder_id = await holderOf(db, at.add(LATER))
    await db
      .insertInto('entry_check.inquiry')
      .values({ id: inquiry_id, holder_id, at, way: 'own', purpose: 'request', open_until: at.add(LATER) })
      .execute()
    const slip = (id: string, until: Temporal.Instant) => ({ id, inquiry_id, state: hash(), issued_at: at, until })
    await db
      .insertInto('entry_check.slip')
      .values([slip(old, at), slip(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'applications.seeker': async (db, at) => {
    const [old, fresh] = [await seekerOf(db, at), await seekerOf(db, at.add(LATER))]
    return { goes: `id = '${old}' and facts_sealed is not null`, stays: `id = '${fresh}' and facts_sealed is not null` }
  },
  'applications.candidate': async (db, at) => {
    const [old, fresh] = [newId(), newId()]
    const candidate = async (id: string, since: Temporal.Instant) => ({
      ...{ id, seeker_id: await seekerOf(db, at.add(LATER)), isco: ['7212'], since },
    })
    await db
      .insertInto('applications.candidate')
      .values([await candidate(old, at), await candidate(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'applications.event': async (db, at) => {
    const application_id = await applicationOf(db, at.add(LATER))
    const [old, fresh] = [newId(), newId()]
    const event = (id: string, at: Temporal.Instant) => ({ id, application_id, at, act: 'note', words: 'Calls late.' })
    await db
      .insertInto('applications.event')
      .values([event(old, at), event(fresh, at.add(LATER))])
      .execute()
    return { goes: `id = '${old}' and words is not null`, stays: `id = '${fresh}' and words is not null` }
  },
  'applications.application': async (db, at) => {
    const [old, fresh] = [await applicationOf(db, at), await applicationOf(db, at.add(LATER))]
    return {
      goes: `id = '${old}' and shared_sealed is not null`,
      stays: `id = '${fresh}' and shared_sealed is not null`,
    }
  },
  'entry_check.code': async (db, at) => {
    const [old, fresh] = [newId(), newId()]
    const code = (id: string, until: Temporal.Instant) => ({ id, facts_sealed: hash(), code_sealed: hash(), until })
    await db
      .insertInto('entry_check.code')
      .values([code(old, at), code(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'applications.contract': async (db, at) => {
    const application_id = await applicationOf(db, at.add(LATER))
    const [old, fresh] = [newId(), newId()]
    const contract = (id: string, made_at: Temporal.Instant) => ({ id, application_id, said: '{}', made_at })
    await db
      .insertInto('applications.contract')
      .values([contract(old, at), contract(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'applications.help_request': async (db, at) => {
    const seeker_id = await seekerOf(db, at.add(LATER))
    const [old, fresh] = [newId(), newId()]
    const request = (id: string, due_at: Temporal.Instant) => ({
      ...{ id, reference: newReference(), seeker_id, about: 'check_in', what: ['not_paid'], contact_sealed: hash() },
      ...{ asked_at: at, due_at },
    })
    await db
      .insertInto('applications.help_request')
      .values([request(old, at), request(fresh, at.add(LATER))])
      .execute()
    return {
      goes: `id = '${old}' and contact_sealed is not null`,
      stays: `id = '${fresh}' and contact_sealed is not null`,
    }
  },
  'applications.saved_search': async (db, at) => byId(await searchOf(db, at), await searchOf(db, at.add(LATER))),
  'applications.hit': async (db, at) => {
    const search_id = await searchOf(db, at.add(LATER))
    const [old, fresh] = [newId(), newId()]
    const hit = (vacancy_id: string, at: Temporal.Instant) => ({
      search_id,
      vacancy_id,
      reference: 'a',
      title: 'b',
      at,
    })
    await db
      .insertInto('applications.hit')
      .values([hit(old, at), hit(fresh, at.add(LATER))])
      .execute()
    return { goes: `vacancy_id = '${old}'`, stays: `vacancy_id = '${fresh}'` }
  },
  'applications.looked_at': async (db, at) => {
    const [old, fresh] = [newId(), newId()]
    await db
      .insertInto('applications.looked_at')
      .values([
        { vacancy_id: old, at },
        { vacancy_id: fresh, at: at.add(LATER) },
      ])
      .execute()
    return { goes: `vacancy_id = '${old}'`, stays: `vacancy_id = '${fresh}'` }
  },
  'people.person': async (db, at) => {
    const person = async (received_at: Temporal.Instant) => {
      const { record_id } = await recordOf(db, received_at)
      const [id, event_id] = [newId(), newId()]
      await db
        .insertInto('people.person')
        .values({ id, root: id, reference: newReference(12), created_at: NOW })
        .execute()
      await db
        .insertInto('people.event')
        .values({ id: event_id, at: NOW, kind: 'create', person_id: id, record_id, reason: 'new' })
        .execute()
      await db.insertInto('people.link').values({ record_id, person_id: id, event_id }).execute()
      return `id = '${id}' and erased_at is null`
    }
    return { goes: await person(at), stays: await person(at.add(LATER)) }
  },
  'expulsions.batch': async (db, at) => {
    const [gone, here] = await listsOf(db, at)
    const named = ({ batch }: { batch: string }) => `id = '${batch}' and letter is not null`
    return { goes: named(gone), stays: named(here) }
  },
  'imports.import 2': async (db, at) => {
    const [past, present] = [newId(), newId()]
    const headings = JSON.stringify([
      { column: 0, heading: 'Name', samples: ['Ann', 'Bob'] },
      { column: 1, heading: 'Seen', samples: [] },
    ])
    await db
      .insertInto('imports.import')
      .values([
        { ...importOf(past, at, at), headings },
        { ...importOf(present, at, at.add(LATER)), headings },
      ])
      .execute()
    const [goes, stays] = [past, present].map((id) => `id = '${id}' and headings #>> '{0,samples,1}' = 'Bob'`)
    return { goes: goes!, stays: stays! }
  },
  'imports.import 3': async (db, at) => {
    const [gone, here] = await listsOf(db, at)
    const named = ({ import_id }: { import_id: string }) => `id = '${import_id}' and source is not null`
    return { goes: named(gone), stays: named(here) }
  },
  'removals.about': async (db, at) => {
    const [old, fresh] = [await removalOf(db, at), await removalOf(db, at.add(LATER))]
    const about = (removal_id: string) => ({ removal_id, custodian: organisation_id, ground: 'Decision 7' })
    await db
      .insertInto('removals.about')
      .values([about(old), about(fresh)])
      .execute()
    return { goes: `removal_id = '${old}'`, stays: `removal_id = '${fresh}'` }
  },
  'removals.joined': async (db, at) => {
    const [old, fresh] = [newId(), newId()]
    const joined = async (id: string, joined_at: Temporal.Instant) => ({
      ...{ id, removal_id: await removalOf(db, joined_at), notice_id: newId(), organisation_id },
      ...{ joined_by: user_id, joined_at },
    })
    await db
      .insertInto('removals.joined')
      .values([await joined(old, at), await joined(fresh, at.add(LATER))])
      .execute()
    return byId(old, fresh)
  },
  'entry_check.carrier_query': async (db, at) => {
    const agreement_id = newId()
    await db
      .insertInto('entry_check.agreement')
      .values({
        ...{ id: agreement_id, organisation_id, act: 'No 7', per_day: 9 },
        ...{ act_on: Temporal.PlainDate.from('2026-11-01') },
        ...{ recorded_by: user_id, recorded_at: NOW },
      })
      .execute()
    const [old, fresh] = [newId(), newId()]
    await db
      .insertInto('entry_check.carrier_query')
      .values([
        { id: old, agreement_id, at },
        { id: fresh, agreement_id, at: at.add(LATER) },
      ])
      .execute()
    return byId(old, fresh)
  },
  'my_case.holder': async (db, at) => {
    const [old, fresh] = [newId(), newId()]
    const holder = (id: string, ends_at: Temporal.Instant) => ({
      ...{ id, reference: newReference(12), pin_sealed: hash(), form_key: randomBytes(32), created_at: NOW, ends_at },
    })
    await db
      .insertInto('my_case.holder')
      .values([holder(old, at), holder(fresh, at.add(LATER))])
      .execute()
    return { goes: `id = '${old}' and pin_sealed is not null`, stays: `id = '${fresh}' and pin_sealed is not null` }
  },
  'my_case.attempt': async (db, at) => {
    const [old, fresh] = [randomBytes(32), randomBytes(32)]
    await db
      .insertInto('my_case.attempt')
      .values([
        { key: old, at },
        { key: fresh, at: at.add(LATER) },
      ])
      .execute()
    const of = (key: Buffer) => `key = decode('${key.toString('hex')}', 'hex')`
    return { goes: of(old), stays: of(fresh) }
  },
  'vacancies.source_record': async (db, at) => {
    const source_id = newId()
    await vacancyOf(db, at, source_id, 'now')
    const record = (content_hash: string, received_at: Temporal.Instant) => ({
      ...{ id: newId(), source: 'test', source_id, content_hash, received_at, raw: '{}' },
    })
    const rows = [record('before', at.subtract({ hours: 24 * 700 })), record('now', at)]
    await db.insertInto('vacancies.source_record').values(rows).execute()
    return byId(rows[0]!.id, rows[1]!.id)
  },
}

// A list whose source was erased at a moment, and one whose was not; answers what `table` holds of them.
async function listsOf(db: Kysely<DB>, at: Temporal.Instant) {
  const lists: { batch: string; import_id: string }[] = []
  for (const erased_at of [at, at.add(LATER)]) {
    const [source_id, batch, import_id] = [newId(), newId(), newId()]
    const custodian = organisation_id
    await db
      .insertInto('people.source')
      .values({ id: source_id, custodian, kind: 'file', label: '–', received_at: NOW, erased_at })
      .execute()
    await db
      .insertInto('imports.import')
      .values({ ...importOf(import_id, NOW, NOW), kind: 'expulsions', source: 'letter' })
      .execute()
    await db
      .insertInto('expulsions.batch')
      .values({
        ...{ id: batch, reference: newReference(), kind: 'list', custodian, source_id, received_at: NOW },
        ...{ letter: 'letter', import_id },
      })
      .execute()
    lists.push({ batch, import_id })
  }
  return lists as [(typeof lists)[0], (typeof lists)[0]]
}

async function recordOf(db: Kysely<DB>, received_at: Temporal.Instant) {
  const [source_id, record_id, custodian] = [newId(), newId(), organisation_id]
  await db
    .insertInto('people.source')
    .values({ id: source_id, custodian, kind: 'file', label: 'List', received_at })
    .execute()
  await db
    .insertInto('people.record')
    .values({ id: record_id, source_id, custodian, row_hash: hash(), adverse: false, names: '[]', received_at })
    .execute()
  return { source_id, record_id }
}

async function personIn(db: Kysely<DB>): Promise<string> {
  const id = newId()
  await db
    .insertInto('people.person')
    .values({ id, root: id, reference: newReference(12), created_at: NOW })
    .execute()
  return id
}

type Stated = {
  kind: string
  status: string
  term: string
  ends_on: Temporal.PlainDate | null
  stated_at: Temporal.Instant
}

/** A measure with one statement; a deportation in force without an end, unless told otherwise. */
async function measureOf(db: Kysely<DB>, stated_at: Temporal.Instant, change: Partial<Stated> = {}): Promise<string> {
  const [id, batch_id] = [newId(), newId()]
  const { source_id, record_id } = await recordOf(db, stated_at)
  const custodian = organisation_id
  await db
    .insertInto('expulsions.batch')
    .values({ id: batch_id, reference: newReference(), kind: 'list', custodian, source_id, received_at: stated_at })
    .execute()
  await db
    .insertInto('expulsions.measure')
    .values({ id, reference: newReference(), custodian, latest: 1, content: hash() })
    .execute()
  await db
    .insertInto('expulsions.statement')
    .values({
      ...{ measure_id: id, version: 1, batch_id, custodian, record_id, kind: 'deportation', issuer: 'Court' },
      ...{ ground: 'Art. 25.10', term: 'indefinite', status: 'in_force', stated_at, ...change },
    })
    .execute()
  return id
}

async function holderOf(db: Kysely<DB>, ends_at: Temporal.Instant): Promise<string> {
  const id = newId()
  const reference = newReference(12)
  await db
    .insertInto('entry_check.holder')
    .values({
      ...{ id, reference, subject: hash(), facts_sealed: hash(), organisation_id, created_by: user_id },
      ...{ created_at: NOW, ends_at },
    })
    .execute()
  return id
}

async function seekerOf(db: Kysely<DB>, changed_at: Temporal.Instant): Promise<string> {
  const id = newId()
  await db
    .insertInto('my_case.holder')
    .values({ id, reference: newReference(12), form_key: hash(), created_at: NOW, ends_at: changed_at.add(LATER) })
    .execute()
  await db
    .insertInto('applications.seeker')
    .values({ id, lang: 'en', facts_sealed: hash(), trade: 'welder', isco: ['7212'], created_at: NOW, changed_at })
    .execute()
  return id
}

async function searchOf(db: Kysely<DB>, created_at: Temporal.Instant): Promise<string> {
  const id = newId()
  await db
    .insertInto('applications.saved_search')
    .values({
      ...{ id, channel: 'email', address_sealed: hash(), address_key: hash(), token_hash: hash(), lang: 'en' },
      ...{ mode: 'daily', label: 'welder', query: id, keys: ['t:7212'], trades: ['7212'], beside: ['7212'], isco: [] },
      ...{ named_places: [], places: [], countries: [], accommodation: false, contracts: [], pay: '[]' },
      ...{ state: 'waiting', created_at },
    })
    .execute()
  return id
}

async function applicationOf(db: Kysely<DB>, changed_at: Temporal.Instant): Promise<string> {
  const id = newId()
  await db
    .insertInto('applications.application')
    .values({
      ...{ id, reference: newReference(), seeker_id: await seekerOf(db, changed_at), vacancy_id: newId() },
      ...{ vacancy_reference: 'K7QF-92MX', organisation_id, snapshot: '{}', shared_sealed: hash(), state: 'received' },
      ...{ applied_at: NOW, changed_at },
    })
    .execute()
  return id
}

const importOf = (id: string, created_at: Temporal.Instant, finished_at: Temporal.Instant | null) => ({
  ...{ id, kind: 'vacancies', permission: 'import.use', organisation_id, created_by: user_id, file_name: 'a.csv' },
  ...{ file_size: 1, sha256: hash(), created_at, finished_at },
  ...(finished_at ? { state: 'done' } : { state: 'mapping', content: Buffer.from('a') }),
})

async function vacancyOf(db: Kysely<DB>, at: Temporal.Instant, source_id: string, content_hash: string) {
  const id = newId()
  const row = { id, reference: id.slice(-9), source: 'test', source_id, content_hash, lang: 'en', title: 'Welder' }
  const seen = { first_seen_at: at, last_seen_at: at }
  await db
    .insertInto('vacancies.vacancy')
    .values({ ...row, country: 'RU', state: 'held', ...seen })
    .execute()
  return id
}

const count = async (table: string, condition: string) => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from ${sql.table(table)} where ${sql.raw(condition)}`.execute(database.owner)
  return rows[0]!.count
}

// By their tables; of two clocks of one table the second is `table 2`.
const clocksByName = () =>
  new Map(
    [...Map.groupBy(clocksOf(system(NOW)), ({ table }) => table)].flatMap(([table, clocks]) =>
      clocks.map((clock, at) => [at === 0 ? table : `${table} ${at + 1}`, clock] as const),
    ),
  )

test.each(Object.keys(RECORDS))('%s: erased when its time has passed, and not before', async (name) => {
  const clock = clocksByName().get(name)!
  const { table } = clock
  const { goes, stays } = await RECORDS[name]!(database.owner, NOW)
  // Months are longer or shorter: look for the end of the time from behind.
  let end = NOW.add({ hours: 24 })
  while (Temporal.Instant.compare(keptSince(end, clock.after), NOW) <= 0) end = end.add({ hours: 1 })
  await eraseDue(system(end.subtract({ hours: 2 })))
  expect(await count(table, goes)).toBe(1)
  await eraseDue(system(end))
  expect(await count(table, goes)).toBe(0)
  expect(await count(table, stays)).toBe(1)
})

test('details of a measure stay as long as it keeps somebody out, and are forgotten five years after its end', async () => {
  const on = (text: string) => Temporal.PlainDate.from(text)
  const at = Temporal.Instant.from('2026-11-01T00:00:00Z')
  const db = database.owner
  const past = { term: 'until', ends_on: on('2027-03-01') }
  const measures = {
    // In force, or nobody stated an end; carried out, a deportation keeps its person out for years more.
    indefinite: await measureOf(db, at),
    unknown: await measureOf(db, at, { kind: 'entry_ban', term: 'unknown' }),
    deported: await measureOf(db, at, { status: 'served' }),
    appealed: await measureOf(db, at, { status: 'appealed' }),
    long: await measureOf(db, at, { kind: 'entry_ban', term: 'until', ends_on: on('2036-03-01') }),
    // Over.
    not_me: await measureOf(db, at, { status: 'not_me' }),
    served: await measureOf(db, at, { kind: 'controlled_persons', status: 'served' }),
    ended: await measureOf(db, at, past),
    // It had ended when we learned of it.
    late: await measureOf(db, Temporal.Instant.from('2028-01-01T00:00:00Z'), past),
  }
  const forgotten = async (day: string) => {
    await eraseDue(system(Temporal.Instant.from(`${day}T00:00:00Z`)))
    const rows = await db
      .selectFrom('expulsions.statement')
      .select(['measure_id', 'issuer', 'ground', 'erased_at', 'kind', 'status'])
      .where('measure_id', 'in', Object.values(measures))
      .execute()
    expect(rows.length).toBe(Object.keys(measures).length)
    for (const row of rows) expect([row.issuer, row.ground].every(Boolean)).toBe(row.erased_at === null)
    const gone = new Set(rows.filter(({ erased_at }) => erased_at).map(({ measure_id }) => measure_id))
    return Object.entries(measures)
      .filter(([, id]) => gone.has(id))
      .map(([name]) => name)
  }
  expect(await forgotten('2031-10-31')).toEqual([])
  expect(await forgotten('2031-11-02')).toEqual(['not_me', 'served'])
  expect(await forgotten('2032-03-01')).toEqual(['not_me', 'served'])
  expect(await forgotten('2032-03-03')).toEqual(['not_me', 'served', 'ended'])
  expect(await forgotten('2033-01-02')).toEqual(['not_me', 'served', 'ended', 'late'])
  // Nothing else of a statement changes, not even by the owner; and nobody can write anew what was forgotten.
  for (const change of ["status = 'lifted'", "ground = 'Art. 26'", 'ends_on = null'])
    await expect(sql`update expulsions.statement set ${sql.raw(change)}`.execute(db)).rejects.toThrow('never changed')
  await expect(sql`delete from expulsions.statement`.execute(db)).rejects.toThrow('never changed')
  await expect(sql`update expulsions.informing set way = 'visit'`.execute(db)).rejects.toThrow('never changed')
})

test('every clock is tried here, and every part of the list tells of one', () => {
  expect([...clocksByName().keys()].sort()).toEqual(Object.keys(RECORDS).sort())
})

test('docs/privacy.md tells why people stay in the registry, as the parts declare it, and nothing else', () => {
  const page = readFileSync('docs/privacy.md', 'utf8')
  const told = /<!-- needs -->\n\n([\s\S]*?)\n\n<!-- end -->/.exec(page)?.[1]
  const needs = database.platform.parts.flatMap(({ personNeeds = [] }) => personNeeds.map(({ what }) => `- ${what}`))
  expect(told).toBe(needs.join('\n'))
})

test('docs/privacy.md tells every clock as it is, and no other', () => {
  const page = readFileSync('docs/privacy.md', 'utf8')
  const told = /<!-- clocks -->\n\n([\s\S]*?)\n\n<!-- end -->/.exec(page)?.[1]
  expect(told).toBe(
    [
      '| what | erased after | counted from | why |',
      '| --- | --- | --- | --- |',
      ...clocksOf(system(NOW)).map(line),
    ].join('\n'),
  )
})

const line = ({ what, after, from, reason }: RetentionClock) => {
  const [[unit, many]] = Object.entries(after) as [[string, number]]
  return `| ${what} | ${many} ${unit} | ${from} | ${reason} |`
}

test('the audit keeps the figures, and itself; what cannot be erased holds up nothing else', async () => {
  const later = NOW.add({ hours: 24 * 1000 })
  const id = newId()
  await database.owner.insertInto('jobs.run').values({ id, task: 'a', state: 'done', finished_at: NOW }).execute()
  const before = await count('audit.entry', 'true')
  const ctx = system(later)
  const broken: RetentionClock = {
    table: 'no.table',
    what: 'x',
    after: { days: 1 },
    from: '',
    reason: '',
    due: () => sql`true`,
  }
  const parts = [{ name: 'broken', retention: [broken] }, ...ctx.platform.parts]
  await expect(eraseDue({ ...ctx, platform: { ...ctx.platform, parts } })).rejects.toThrow('1 clocks could not erase')
  expect(await count('jobs.run', `id = '${id}'`)).toBe(0)
  expect(await count('audit.entry', 'true')).toBeGreaterThan(before)
  const told = await database.owner
    .selectFrom('audit.entry')
    .select('details')
    .where('action', '=', 'retention.erase')
    .execute()
  expect(told.map(({ details }) => details)).toContainEqual({ table: 'jobs.run', rows: 1 })
})
