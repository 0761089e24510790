import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ctx } from '#kernel/context.ts'
import { inTransaction } from '#kernel/db/in-transaction.ts'
import { newId, newReference } from '#kernel/ids.ts'
import { importFile } from '#kernel/imports/import-file.ts'
import { erasePersons } from '#kernel/people/erasure.ts'
import type { StatedRecord } from '#kernel/people/facts.ts'
import { type Registry, registryOf } from '#kernel/people/fixtures/registry.ts'
import { mergePersons, setApart, splitRecord, takeBack } from '#kernel/people/identity.ts'
import { numberIndex, phoneIndex } from '#kernel/people/numbers.ts'
import { openSource, receiveRecords } from '#kernel/people/receive.ts'
import { registryKeys } from '#kernel/people/registry-key.ts'
import { keptSince } from '#kernel/retention/clock.ts'
import { eraseDue } from '#kernel/retention/erase.ts'
import { type Exchange, exchange } from '../src/modules/expulsions/fixtures/exchange.ts'
import { listImport } from '../src/modules/expulsions/import.ts'
import { NOW, type TestDatabase, testDatabase } from './database.ts'

let database: TestDatabase
let registry: Registry
let x: Exchange
beforeAll(async () => {
  database = await testDatabase()
  registry = await registryOf(database)
  x = await exchange(database)
})
afterAll(() => database.drop())

const AFTER = { months: 120 }
const later = (years: number) => NOW.add({ hours: 24 * 366 * years })
const system = (now = NOW): Ctx => registry.system(now)

/** One night of this clock alone, to its end. */
async function night(now: Temporal.Instant): Promise<number> {
  let erased = 0
  for (let more = true; more; ) {
    const step = await inTransaction(system(now), (ctx) => erasePersons(ctx, keptSince(now, AFTER)))
    erased += step.rows
    more = step.more
  }
  return erased
}

let number = 0
/** Somebody of whom nothing else is known, who looks like nobody else. */
const anybody = (): Partial<StatedRecord> => {
  number++
  const letters = String(number).replace(/\d/g, (digit) => 'абвгдежзик'[Number(digit)]!)
  return { names: [{ family: `Фамилия${letters}`, given: `Ном${letters}` }], birth: 19000101 + number * 10_000 }
}
const receive = async (now: Temporal.Instant, row: Partial<StatedRecord>, label = `List ${number}`) =>
  inTransaction(system(now), async (ctx) => {
    const source = await openSource(ctx, { custodian: registry.national, kind: 'desk', label })
    const stated = { names: [], birth: null, sex: null, documents: [], adverse: false, ...row }
    return (await receiveRecords(ctx, source, [stated]))[0]!
  })
const isErased = async (person: string) =>
  (
    await database.owner
      .selectFrom('people.person')
      .select('erased_at')
      .where('id', '=', person)
      .executeTakeFirstOrThrow()
  ).erased_at !== null

const tablesOf = async (schemas = "n.nspname !~ '^(pg_|information_schema|graphile)'") =>
  (
    await sql<{ name: string }>`
      select format('%I.%I', n.nspname, c.relname) as name
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and ${sql.raw(schemas)}
      order by 1`.execute(database.owner)
  ).rows.map(({ name }) => name)

/** In which tables one of these texts stands, in whatever column. */
async function tablesWith(texts: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const table of await tablesOf()) {
    const { rows } = await sql`
      select from ${sql.raw(table)} t where t::text ilike any (${texts.map((text) => `%${text}%`)}::text[]) limit 1`.execute(
      database.owner,
    )
    if (rows.length > 0) found.push(table)
  }
  return found
}

/**
 * Every column that points at a person or a record, and what becomes of it: `gone` with them (erased here, or by a clock, for which
 * the need waits), or `bare`: the line stays and says nothing about anybody.
 */
const POINTING: Record<string, 'gone' | 'bare'> = {
  ...{ 'people.document.record_id': 'gone', 'people.contact.record_id': 'gone', 'people.link.record_id': 'gone' },
  ...{ 'people.link.person_id': 'gone', 'people.finding.record_id': 'gone', 'people.finding.person_id': 'gone' },
  ...{ 'people.apart.left_id': 'gone', 'people.apart.right_id': 'gone', 'people.entry.record_id': 'gone' },
  ...{ 'people.entry.same_as': 'gone', 'people.protection.person_id': 'gone' },
  ...{ 'people.person.merged_into': 'bare', 'people.person.root': 'bare', 'people.look.person_id': 'bare' },
  ...{ 'people.event.person_id': 'bare', 'people.event.other_id': 'bare', 'people.event.record_id': 'bare' },
  ...{ 'people.review.person_id': 'bare', 'people.review.other_id': 'bare' },
  ...{ 'people.review.record_id': 'bare', 'people.review.other_record_id': 'bare' },
  ...{ 'expulsions.statement.record_id': 'bare', 'expulsions.proceeding.record_id': 'gone' },
  ...{ 'expulsions.border_refusal.record_id': 'gone', 'expulsions.refusal_before.record_id': 'gone' },
  ...{ 'expulsions.home_help.person_id': 'gone', 'removals.about.record_id': 'gone' },
  'entry_check.about.record_id': 'gone',
}
/** What could hold words or facts in the lines that stay, and what is left there. */
const LEFT: Record<string, Record<string, string>> = {
  'people.person': { reference: 'a number of chance' },
  'people.record': {
    ...{ row_hash: 'bytes of the id', names: 'empty', sex: 'null', citizenship: 'null', home_district: 'null' },
  },
  'people.look': { what: 'a code' },
  'people.event': {
    kind: 'a code',
    reason: 'a code',
    explanation: 'empty',
    weights_version: 'a version',
    left_with: 'ids of records',
  },
  'people.review': { state: 'a code', explanation: 'empty', weights_version: 'a version' },
  'expulsions.statement': {
    ...{ document_hint: 'null', issuer: 'null', ground: 'null', border_point: 'null' },
    ...{ kind: 'a code', term: 'a code', lasts: 'a length', status: 'a code', received_status: 'a code' },
    decision_no: 'so that a stale list brings nothing back',
  },
}

test('every column that points at a person or a record, and every text beside it, is known here', async () => {
  const { rows } = await sql<{ name: string }>`
    select distinct format('%I.%I.%I', n.nspname, c.relname, a.attname) as name
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
    join pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^(pg_|information_schema|graphile)'
    where a.attnum > 0
      and not a.attisdropped
      and (
        a.attname ~ '(^|_)(person|record)_id$'
        or exists (
          select
          from pg_constraint f
          where f.contype = 'f' and f.conrelid = c.oid and a.attnum = any (f.conkey)
            and f.confrelid in ('people.person'::regclass, 'people.record'::regclass)
        )
      )`.execute(database.owner)
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(POINTING).sort())
  const bare = new Set(
    Object.keys(POINTING)
      .filter((column) => POINTING[column] === 'bare')
      .map((column) => column.replace(/\.\w+$/, '')),
  )
  expect(Object.keys(LEFT).sort()).toEqual([...bare, 'people.record'].sort())
  for (const [table, columns] of Object.entries(LEFT)) {
    const [schema, name] = table.split('.')
    const { rows: texts } = await sql<{ column: string }>`
      select c.column_name::text as column
      from information_schema.columns c
      where c.table_schema = ${schema} and c.table_name = ${name}
        and c.data_type in ('text', 'jsonb', 'json', 'bytea', 'ARRAY', 'character varying')
        and c.column_name <> 'custodians'`.execute(database.owner)
    expect([table, ...texts.map(({ column }) => column).sort()]).toEqual([table, ...Object.keys(columns).sort()])
  }
})

test('a person of whom nothing is open, ten years on, is erased wholly; the neighbour of a review and a merge is not touched', async () => {
  const ctx = system()
  const MARK = 'Маркерзода'
  const document = 'M7654321'
  const phone = '+992900112233'
  const passport = { kind: 'passport', country: 'TJ', number: document } as const
  const list = `№;ФИО;Д.р.;Паспорт;Мера;Основание;Орган;Номер решения;Дата решения;Срок запрета
1;${MARK} Фаррух;14.02.1990;${document};неразрешение въезда;ст. 26 ${MARK};ОВД ${MARK};Н-1;01.06.2024;01.06.2027
`
  const imported = await importFile(
    database.ctx({ actor: x.embassy.officer, db: database.owner }),
    listImport,
    { name: `${MARK}.csv`, bytes: Buffer.from(list) },
    { source: `letter about ${MARK}` },
  )
  expect(imported).toMatchObject({ created: 1, errors: 0 })
  const mine = { names: [{ family: MARK, given: 'Фаррух' }], birth: 19900214, documents: [passport] }
  const contact = { phone, only_theirs: true, reach: `шаб, ${MARK}` }
  const second = await receive(NOW, { ...mine, home_district: MARK, contact }, `паспорти ${MARK}`)
  const third = await receive(NOW, { ...anybody(), names: [{ family: MARK, given: 'Мерган' }] }, `корти ${MARK}`)
  await mergePersons(ctx, third.person_id, second.person_id, {
    ...{ reason: 'officer', probability: 0.9, explanation: [{ field: MARK }] },
  })
  const { root: me } = await database.owner
    .selectFrom('people.person')
    .select('root')
    .where('id', '=', second.person_id)
    .executeTakeFirstOrThrow()
  const records = (
    await sql<{ id: string }>`
      select l.record_id as id from people.link l join people.person p on p.id = l.person_id where p.root = ${me}`.execute(
      database.owner,
    )
  ).rows.map(({ id }) => id)
  expect(records.length).toBeGreaterThan(1)

  // A neighbour who was merged with them by mistake, then found different; who knows yet another one; and is needed.
  const [neighbour, other] = [await receive(NOW, anybody()), await receive(NOW, anybody())]
  const wrong = await mergePersons(ctx, neighbour.person_id, me, {
    ...{ reason: 'officer', explanation: [{ field: MARK }] },
  })
  await takeBack(ctx, wrong)
  const different = await setApart(ctx, me, neighbour.person_id, 'review')
  await setApart(ctx, neighbour.person_id, other.person_id, 'officer')
  const kept = await mergePersons(ctx, other.person_id, (await receive(NOW, anybody())).person_id, {
    reason: 'officer',
  })
  const officer = await registry.officer(registry.national)
  const review = newId()
  await database.owner
    .insertInto('people.review')
    .values({
      ...{ id: review, record_id: second.record_id, person_id: me, other_id: neighbour.person_id },
      ...{ other_record_id: neighbour.record_id, adverse: true, probability: 0.9 },
      ...{ explanation: JSON.stringify([{ field: MARK }]), weights_version: '1', custodians: [registry.national] },
      ...{ state: 'different', opened_at: NOW, due_at: NOW, settled_at: NOW, event_id: different },
    })
    .execute()
  await database.owner
    .insertInto('people.protection')
    .values(
      [neighbour, other].map(({ person_id }) => ({ id: newId(), person_id, flag: 'victim' as const, since: NOW })),
    )
    .execute()
  const lookup = newId()
  await database.owner
    .insertInto('people.lookup')
    .values({
      ...{ id: lookup, at: NOW, actor_id: officer.user_id, organisation_id: registry.national, purpose: 'other' },
      ...{ words: MARK, asked: ['name'] },
    })
    .execute()
  await database.owner
    .insertInto('people.look')
    .values({ id: newId(), at: NOW, person_id: me, lookup_id: lookup, what: 'opened' })
    .execute()
  const entry = (record_id: string, same_as: string) => ({
    ...{ id: newId(), custodian: registry.national, entered_by: officer.user_id, entered_at: NOW, label: `аз ${MARK}` },
    ...{ record_id, same_as },
  })
  await database.owner
    .insertInto('people.entry')
    .values([entry(second.record_id, neighbour.person_id), { ...entry(neighbour.record_id, me), label: 'form' }])
    .execute()

  const keys = await registryKeys(ctx)
  const hex = (bytes: Buffer) => bytes.toString('hex')
  const traces = [MARK, hex(numberIndex(keys, document)), hex(phoneIndex(keys, phone)), '•••• 4321']
  const before = await tablesWith(traces)
  for (const table of ['record', 'document', 'contact', 'finding', 'source', 'event', 'review', 'lookup', 'entry'])
    expect(before).toContain(`people.${table}`)
  expect(before).toContain('expulsions.statement')
  const bystanders = [neighbour.person_id, other.person_id]
  const untouched = () =>
    sql`
      select f.*, r.*, l.*
      from people.finding f
      join people.record r on r.id = f.record_id
      join people.link l on l.record_id = f.record_id
      where l.person_id = any (${bystanders}::uuid[])
      order by l.person_id`
      .execute(database.owner)
      .then(({ rows }) => rows)
  const theirs = await untouched()

  // Not a day too early, though all else is over long since.
  await eraseDue(system(later(5)))
  await eraseDue(system(NOW.toZonedDateTimeISO('UTC').add(AFTER).toInstant()))
  expect(await isErased(me)).toBe(false)
  await eraseDue(system(later(11)))
  await eraseDue(system(later(12)))
  expect([await isErased(me), await isErased(third.person_id)]).toEqual([true, true])
  expect(await tablesWith(traces)).toEqual([])
  for (const [column, state] of Object.entries(POINTING)) {
    const [schema, table, name] = column.split('.') as [string, string, string]
    const { rows } = await sql`
      select from ${sql.table(`${schema}.${table}`)} t
      where t.${sql.ref(name)} = any (${[me, second.person_id, third.person_id, ...records]}::uuid[])`.execute(
      database.owner,
    )
    if (state === 'gone') expect([column, rows.length]).toEqual([column, 0])
  }
  // What was decided, and by whom, stays.
  const events = await database.owner
    .selectFrom('people.event')
    .select(['kind', 'explanation', 'probability'])
    .where((e) => e.or([e('person_id', '=', me), e('other_id', '=', me)]))
    .execute()
  expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['merge', 'unmerge', 'apart']))
  for (const event of events) expect(event).toMatchObject({ explanation: [], probability: null })

  expect(await untouched()).toEqual(theirs)
  expect([await isErased(neighbour.person_id), await isErased(other.person_id)]).toEqual([false, false])
  const apart = await sql<{
    apart: boolean
  }>`select people.is_apart(${neighbour.person_id}, ${other.person_id}) as apart`.execute(database.owner)
  expect(apart.rows).toEqual([{ apart: true }])
  await takeBack(ctx, kept)
  // There is no way back to somebody who is erased, and nothing of it is half done.
  await expect(takeBack(ctx, different)).rejects.toMatchObject({ kind: 'conflict' })
  await expect(mergePersons(ctx, neighbour.person_id, me, { reason: 'officer' })).rejects.toMatchObject({
    kind: 'conflict',
  })
  const pages = await registry.as(officer, (ctx) =>
    ctx.db.selectFrom('people.person').select('id').where('id', '=', me).execute(),
  )
  expect(pages).toEqual([])

  // The same file once more: the person is new to the registry, and of the measure nothing is doubled.
  const measures = () => database.owner.selectFrom('expulsions.measure').select('id').execute()
  const known = await measures()
  const again = await importFile(
    database.ctx({ actor: x.embassy.officer, db: database.owner, now: later(12) }),
    listImport,
    { name: 'list.csv', bytes: Buffer.from(list) },
    { source: 'another letter' },
  )
  expect(again).toMatchObject({ created: 0, same: 1 })
  expect(await measures()).toEqual(known)
})

describe('whoever is needed stays', () => {
  const at = later(11)
  type Somebody = { person_id: string; record_id: string }
  const measureOf = async ({ record_id }: Somebody, facts: object = {}) => {
    const [id, batch_id, reference] = [newId(), newId(), newReference()]
    const custodian = registry.national
    await database.owner
      .insertInto('expulsions.batch')
      .values({ id: batch_id, reference, kind: 'decision', custodian, received_at: NOW })
      .execute()
    await database.owner
      .insertInto('expulsions.measure')
      .values({ id, reference, custodian, latest: 1, content: Buffer.alloc(32) })
      .execute()
    await database.owner
      .insertInto('expulsions.statement')
      .values({
        ...{ measure_id: id, version: 1, batch_id, custodian, record_id, kind: 'entry_ban', term: 'unknown' },
        ...{ status: 'lifted', stated_at: NOW, ...facts },
      })
      .execute()
    return { id, batch_id, reference }
  }
  const user_id = newId()
  const NEEDS: Record<string, (some: () => Promise<Somebody>) => Promise<void>> = {
    protection: async (some) => {
      const { person_id } = await some()
      await database.owner
        .insertInto('people.protection')
        .values({ id: newId(), person_id, flag: 'child', since: NOW })
        .execute()
    },
    pairs: async (some) => {
      const [one, two] = [await some(), await some()]
      await database.owner
        .insertInto('people.review')
        .values({
          ...{ id: newId(), record_id: one.record_id, person_id: one.person_id, other_id: two.person_id },
          ...{ other_record_id: two.record_id, adverse: false, probability: 0.9, explanation: '[]' },
          ...{ weights_version: '1', custodians: [registry.national], opened_at: NOW, due_at: NOW },
        })
        .execute()
    },
    entered: async (some) => {
      const { person_id } = await some()
      const { user_id: entered_by } = await registry.officer(registry.national)
      await database.owner
        .insertInto('people.entry')
        .values({
          ...{ id: newId(), custodian: registry.national, entered_by, entered_at: at, label: 'form' },
          ...{ same_as: person_id, stated_sealed: Buffer.alloc(3) },
        })
        .execute()
    },
    telephones: async (some) => {
      const { record_id } = await some()
      await database.owner
        .insertInto('people.contact')
        .values({
          ...{ id: newId(), record_id, custodian: registry.national, phone_sealed: Buffer.alloc(3) },
          ...{ phone_index: Buffer.alloc(3), received_at: at },
        })
        .execute()
    },
    measures: async (some) => {
      const on = (text: string) => Temporal.PlainDate.from(text)
      await measureOf(await some(), { status: 'in_force' })
      await measureOf(await some(), { status: 'in_force', term: 'indefinite' })
      await measureOf(await some(), { status: 'appealed', term: 'until', ends_on: on('2050-01-01') })
      await measureOf(await some(), { status: 'served', kind: 'expulsion' })
      await measureOf(await some(), { status: 'in_force', term: 'until', ends_on: on('2034-01-01') })
      await measureOf(await some(), { status: 'lifted', stated_at: later(8) })
      // What an earlier row stated of a measure that is in force is needed with it.
      const [earlier, now] = [await some(), await some()]
      const { id } = await measureOf(earlier, { status: 'lifted' })
      const { batch_id } = await measureOf(now)
      await database.owner
        .insertInto('expulsions.statement')
        .values({
          ...{ measure_id: id, version: 2, batch_id, custodian: registry.national, record_id: now.record_id },
          ...{ kind: 'entry_ban', term: 'unknown', status: 'in_force', stated_at: NOW },
        })
        .execute()
      await database.owner.updateTable('expulsions.measure').set({ latest: 2 }).where('id', '=', id).execute()
    },
    corrections: async (some) => {
      const opened = await measureOf(await some())
      const correction = {
        ...{ wanted: 'in_force', proposed_by: user_id, proposed_for: registry.national },
        ...{ proposed_at: NOW, due_at: NOW, reason: 'A letter' },
      }
      const decided = await measureOf(await some())
      const outcome = { outcome: 'refused', decided_by: newId(), decided_at: at }
      await database.owner
        .insertInto('expulsions.correction')
        .values({ ...correction, id: newId(), measure_id: opened.id })
        .execute()
      await database.owner
        .insertInto('expulsions.correction')
        .values({ ...correction, ...outcome, id: newId(), measure_id: decided.id })
        .execute()
      const asked = await measureOf(await some())
      await database.owner
        .insertInto('expulsions.question')
        .values({
          ...{ id: newId(), measure_id: asked.id, batch_id: asked.batch_id, about: 'other', words: 'Who?' },
          ...{ from_organisation: registry.national, to_organisation: registry.other, asked_at: NOW, due_at: NOW },
        })
        .execute()
    },
    proceedings: async (some) => {
      const [detained, helped, told, appealed] = [await some(), await some(), await some(), await some()]
      const [refused, corrected] = [await some(), await some()]
      const custodian = registry.national
      await database.owner
        .insertInto('expulsions.proceeding')
        .values({
          ...{ id: newId(), reference: newReference(), custodian, place_code: 'RU-MOW', record_id: detained.record_id },
          ...{ entered_by: user_id, entered_at: at, changed_at: at },
        })
        .execute()
      await database.owner
        .insertInto('expulsions.home_help')
        .values({
          ...{ id: newId(), reference: newReference(), person_id: helped.person_id, custodian, place_code: 'TJ' },
          ...{ measure_id: (await measureOf(helped)).id, to_organisation: registry.other, agreed_at: at },
          ...{ agreed_way: 'desk', recorded_by: user_id },
        })
        .execute()
      await database.owner
        .insertInto('expulsions.informing')
        .values({
          ...{ id: newId(), measure_id: (await measureOf(told)).id, organisation_id: custodian, way: 'desk', at },
          by_user: user_id,
        })
        .execute()
      await database.owner
        .insertInto('expulsions.appeal')
        .values({
          ...{ measure_id: (await measureOf(appealed)).id, organisation_id: custodian, appeal_until: at },
          ...{ served_on: Temporal.PlainDate.from('2036-01-01'), appeal_rule: 'appeal_court', entered_by: user_id },
          changed_at: at,
        })
        .execute()
      const refusal = newId()
      await database.owner
        .insertInto('expulsions.border_refusal')
        .values({ id: refusal, custodian, record_id: refused.record_id, stated_at: at })
        .execute()
      await database.owner
        .insertInto('expulsions.refusal_before')
        .values({ refusal_id: refusal, record_id: corrected.record_id, stated_at: NOW })
        .execute()
    },
    letters: async (some) => {
      const letter = (subject_type: string, subject_id: string) => ({
        ...{ id: newId(), reference: newReference(12), code: 'A', kind: 'a', keeper: registry.national, lang: 'ru' },
        ...{ issuer: registry.national, permission: 'expulsion.help', subject_type, subject_id },
        ...{ content: Buffer.alloc(3), issued_at: at, issued_by: user_id },
      })
      const [handed, listed] = [await measureOf(await some()), await measureOf(await some())]
      await database.owner
        .insertInto('letters.letter')
        .values([letter('measure', handed.reference), letter('batch', listed.reference)])
        .execute()
    },
    removal: async (some) => {
      const { record_id } = await some()
      const removal_id = newId()
      const officer = await registry.officer(registry.national)
      await database.owner
        .insertInto('removals.removal')
        .values({
          ...{ id: removal_id, reference: newReference(), custodian: registry.national, carrier: registry.national },
          ...{ mode: 'air', category: 'deportee', people: 1, left_on: Temporal.PlainDate.from('2026-10-05') },
          ...{ origin: 'A', destination: 'B', country: 'RU', entered_by: officer.user_id, entered_at: at },
        })
        .execute()
      await database.owner
        .insertInto('removals.about')
        .values({ removal_id, custodian: registry.national, record_id })
        .execute()
    },
    checks: async (some) => {
      const { record_id } = await some()
      const [holder, inquiry] = [newId(), newId()]
      await database.owner
        .insertInto('entry_check.holder')
        .values({ id: holder, reference: newReference(12), subject: Buffer.alloc(3), created_at: at, ends_at: at })
        .execute()
      await database.owner
        .insertInto('entry_check.inquiry')
        .values({ id: inquiry, holder_id: holder, at, way: 'own', purpose: 'own', open_until: at })
        .execute()
      await database.owner
        .insertInto('entry_check.about')
        .values({ inquiry_id: inquiry, record_id, agrees: 'wholly' })
        .execute()
    },
  }

  test('for each need that a part declares', async () => {
    const declared = database.platform.parts.flatMap(({ personNeeds = [] }) => personNeeds.map(({ what }) => what))
    expect(declared.map((what) => Object.keys(NEEDS).filter((word) => what.includes(word))[0]).sort()).toEqual(
      Object.keys(NEEDS).sort(),
    )
    const needed = new Map<string, Somebody>()
    for (const [what, bring] of Object.entries(NEEDS)) {
      let of = 0
      await bring(async () => {
        const { person_id, record_id } = await receive(NOW, anybody())
        needed.set(`${what} ${++of}`, { person_id, record_id })
        return { person_id, record_id }
      })
    }
    // Merged with somebody who is needed; old, with one record that is not; and for comparison two who are not needed.
    const [joined, partly, free] = [anybody(), anybody(), anybody()]
    const one = await receive(NOW, joined)
    await mergePersons(system(), one.person_id, needed.get('protection 1')!.person_id, { reason: 'officer' })
    needed.set('merged', one)
    const documents = [{ kind: 'passport', country: 'TJ', number: 'P5550001' }] as const
    const old = await receive(NOW, { ...partly, documents: [...documents] })
    const fresh = await receive(later(3), { ...partly, documents: [...documents] })
    expect(fresh.person_id).toBe(old.person_id)
    needed.set('a newer record', old)
    const nobody = await receive(NOW, free)
    const over = await receive(NOW, anybody())
    await measureOf(over)

    await night(at)
    expect([await isErased(nobody.person_id), await isErased(over.person_id)]).toEqual([true, true])
    for (const [what, { person_id }] of needed) expect([what, await isErased(person_id)]).toEqual([what, false])
    await night(later(14))
    expect(await isErased(old.person_id)).toBe(true)
  })
})

test('the tables let go of nothing else, not even for the owner; nobody who is erased comes back', async () => {
  const [gone, here] = [
    await receive(NOW, anybody()),
    await receive(NOW, { ...anybody(), documents: [{ kind: 'other', number: 'Q777777' }] }),
  ]
  await database.owner
    .insertInto('people.protection')
    .values({ id: newId(), person_id: here.person_id, flag: 'victim', since: NOW })
    .execute()
  const [moved] = [await splitMoved()]
  await night(later(11))
  expect([await isErased(gone.person_id), await isErased(here.person_id)]).toEqual([true, false])
  const refused = [
    `update people.record set names = '[]' where id = '${here.record_id}'`,
    `update people.record set erased_at = now() where id = '${here.record_id}'`,
    `update people.record set row_number = null, row_hash = uuid_send(id), adverse = false, names = '[]', birth = null, sex = null,
      citizenship = null, home_district = null, erased_at = now() where id = '${here.record_id}'`,
    `update people.record set erased_at = null where id = '${gone.record_id}'`,
    `update people.record set names = '[{"family": "X"}]' where id = '${gone.record_id}'`,
    `delete from people.record where id = '${gone.record_id}'`,
    `delete from people.document where record_id = '${here.record_id}'`,
    `update people.document set number_index = 'x' where record_id = '${here.record_id}'`,
    `delete from people.link where record_id = '${here.record_id}'`,
    `update people.link set person_id = '${gone.person_id}' where record_id = '${here.record_id}'`,
    `update people.person set erased_at = null where id = '${gone.person_id}'`,
    `update people.person set merged_into = '${gone.person_id}', root = '${gone.person_id}' where id = '${here.person_id}'`,
    `update people.source set label = '–', sha256 = null, erased_at = now() where id = (select source_id from people.record where id = '${here.record_id}')`,
    `update people.event set explanation = '[]', probability = null where person_id = '${here.person_id}'`,
    `update people.event set actor_id = gen_random_uuid() where person_id = '${gone.person_id}'`,
    `delete from people.event where person_id = '${gone.person_id}'`,
    'truncate people.record cascade',
    'truncate people.document',
  ]
  for (const statement of refused)
    await expect([statement, sql.raw(statement).execute(database.owner)][1]).rejects.toThrow()
  // A record that was parted from somebody who is erased stays where it is.
  const officer = await registry.officer(registry.national)
  await expect(registry.as(officer, (ctx) => takeBack(ctx, moved.event_id))).rejects.toMatchObject({ kind: 'conflict' })
  for (const statement of refused)
    await expect(registry.as(officer, (ctx) => sql.raw(statement).execute(ctx.db))).rejects.toThrow(
      /permission denied|never/,
    )

  async function splitMoved() {
    const documents = [{ kind: 'other' as const, number: `S88${number}881` }]
    const who = { ...anybody(), documents }
    const [a, b] = [await receive(NOW, who), await receive(NOW, { ...who, home_district: 'Восеъ' })]
    expect(b.person_id).toBe(a.person_id)
    const officer = await registry.officer(registry.national)
    const split = await registry.as(officer, (ctx) => splitRecord(ctx, b.record_id))
    await database.owner
      .insertInto('people.protection')
      .values({ id: newId(), person_id: split.person_id, flag: 'victim', since: NOW })
      .execute()
    return split
  }
})

test('a night has its bound, and the next goes on where it stopped', async () => {
  const persons = Array.from({ length: 1_100 }, () => ({ id: newId(), reference: newReference(12) }))
  for (const { id, reference } of persons)
    await database.owner.insertInto('people.person').values({ id, root: id, reference, created_at: NOW }).execute()
  const left = async () =>
    Number(
      (
        await database.owner
          .selectFrom('people.person')
          .select((e) => e.fn.countAll().as('n'))
          .where('erased_at', 'is', null)
          .where(
            'id',
            'in',
            persons.map(({ id }) => id),
          )
          .executeTakeFirstOrThrow()
      ).n,
    )
  const step = (now: Temporal.Instant) => inTransaction(system(now), (ctx) => erasePersons(ctx, keptSince(now, AFTER)))
  const counts: number[] = []
  // Each step of a night that breaks off after it.
  for (let night = 0, more = true; more; night++) {
    more = (await step(later(20).add({ hours: 24 * night }))).more
    counts.push(await left())
  }
  expect(counts.length).toBeGreaterThan(2)
  expect([...new Set(counts)].length).toBeGreaterThan(2)
  expect(counts.at(-1)).toBe(0)
  await sql`update people.erasure set night = ${later(30)}, looked_at = ${500_000}`.execute(database.owner)
  expect((await step(later(30))).more).toBe(false)
})

const REFUSED = ['conflict', 'forbidden', 'not_found']
test('whatever was merged, parted and taken back: who stays is as before, and taking back still restores it', async () => {
  const officer = await registry.officer(registry.national)
  const acts = fc.array(
    fc.record({
      act: fc.constantFrom('merge', 'apart', 'split', 'take_back'),
      one: fc.nat(5),
      other: fc.nat(5),
    }),
    { maxLength: 14 },
  )
  let years = 40
  await fc.assert(
    fc.asyncProperty(acts, fc.subarray([0, 1, 2, 3, 4, 5]), async (acts, needed) => {
      const start = later(years)
      const somebody: { person_id: string; record_id: string }[] = []
      for (let i = 0; i < 6; i++) somebody.push(await receive(start, anybody()))
      const events: string[] = []
      for (const { act, one, other } of acts) {
        const [a, b] = [somebody[one]!, somebody[other]!]
        await registry
          .as(
            officer,
            async (ctx) => {
              if (act === 'merge') events.push(await mergePersons(ctx, a.person_id, b.person_id, { reason: 'officer' }))
              else if (act === 'apart') events.push(await setApart(ctx, a.person_id, b.person_id, 'officer'))
              else if (act === 'split') events.push((await splitRecord(ctx, a.record_id)).event_id)
              else if (events.length > 0) await takeBack(ctx, events[one % events.length]!)
            },
            start,
          )
          .catch((error) => expect(REFUSED).toContain(error.kind))
      }
      await database.owner
        .insertInto('people.protection')
        .values([
          ...needed.map((at) => ({ id: newId(), person_id: somebody[at]!.person_id, flag: 'victim', since: start })),
          { id: newId(), person_id: (await receive(start, anybody())).person_id, flag: 'victim', since: start },
        ])
        .execute()
      const lines = async () => {
        const all = new Map<string, string>()
        for (const table of ['record', 'document', 'link', 'finding', 'person', 'apart', 'event', 'review', 'source'])
          for (const { line } of (
            await sql<{ line: string }>`select t::text as line from ${sql.table(`people.${table}`)} t`.execute(
              database.owner,
            )
          ).rows)
            all.set(`${table} ${line}`, line)
        return all
      }
      const before = await lines()
      years += 11
      await night(later(years))
      const after = await lines()
      const { rows: gone } = await sql<{ id: string }>`
        select id from people.person where erased_at is not null
        union all
        select id from people.record where erased_at is not null
        union all
        select id from people.source where erased_at is not null`.execute(database.owner)
      const erased = new Set(gone.map(({ id }) => id))
      const about = (line: string) =>
        (line.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []).some((id) => erased.has(id))
      const others = (all: Map<string, string>) =>
        [...all]
          .filter(([, line]) => !about(line))
          .map(([key]) => key)
          .sort()
      expect(others(after)).toEqual(others(before))
      for (const at of needed) expect(await isErased(somebody[at]!.person_id)).toBe(false)
      // What is left can still be taken back, or refuses wholly.
      for (const event of events)
        await registry
          .as(officer, (ctx) => takeBack(ctx, event), start)
          .catch((error) => expect(REFUSED).toContain(error.kind))
      const { rows: torn } = await sql`
        select
        from people.finding f
        join people.link l on l.record_id = f.record_id
        join people.person p on p.id = l.person_id
        where f.person_id <> p.root or p.erased_at is not null`.execute(database.owner)
      expect(torn).toEqual([])
    }),
    { numRuns: 25 },
  )
})
