import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { withActor } from '../access/transaction.ts'
import type { StaffActor } from '../context.ts'
import { allPages } from '../http/pages.ts'
import { newId } from '../ids.ts'
import { ROLES, type RoleName } from '../module.ts'
import { receiveEntryJob } from './entries.ts'
import { type Registry, registryOf } from './fixtures/registry.ts'
import { findPerson } from './persons.ts'
import { findByReference, searchPeople } from './search.ts'

// Somebody in the custody of another office than that of every role here. Whatever is asked, nothing of them comes.
const SECRET = {
  family: 'Нурзамирзода',
  given: 'Хуршедабону',
  patronymic: 'Шарифхоҷа',
  number: 'A64209173',
  phone: '+992000077123',
}
// The last four digits count where they stand alone: the group of an identifier may happen to be the same.
const TRACES = /Нурзамир|Хуршедабону|Шарифхо|64209173|0077123|(?<![\w-])(?:9173|7123)(?![\w-])|Nurzamir/i

let app: TestApp
let registry: Registry
let person: string
let reference: string
let review: string
let record: string
let event: string
beforeAll(async () => {
  app = await testApp()
  registry = await registryOf(app)
  const row = {
    names: [{ family: SECRET.family, given: SECRET.given, patronymic: SECRET.patronymic }],
    birth: 19930817,
    sex: 'female' as const,
    home_district: 'Шаҳраки Ниҳон',
    documents: [{ kind: 'passport' as const, number: SECRET.number }],
    contact: { phone: SECRET.phone, only_theirs: true, reach: null },
  }
  const [first] = await registry.receive(registry.other, row)
  const [second] = await registry.receive(registry.other, { ...row, documents: [], contact: null, adverse: true })
  ;({ person_id: person, record_id: record } = first!)
  ;({ reference } = await app.owner
    .selectFrom('people.person')
    .select('reference')
    .where('id', '=', person)
    .executeTakeFirstOrThrow())
  ;({ id: review } = await app.owner
    .selectFrom('people.review')
    .select('id')
    .where('record_id', '=', second!.record_id)
    .executeTakeFirstOrThrow())
  ;({ id: event } = await app.owner
    .selectFrom('people.event')
    .select('id')
    .where('person_id', '=', person)
    .executeTakeFirstOrThrow())
  // Every role also has something of its own to see, so that "nothing" is not what it always gets.
  for (const role of ROLES) {
    const { organisation_id } = await app.actor(role)
    await registry.receive(organisation_id, { names: [{ whole: `Худӣ Аз Они ${role}` }], birth: 19930817 })
  }
})
afterAll(() => app?.drop())

const NOBODY = '00000000-0000-7000-8000-000000000000'

describe.each(['visitor', ...ROLES] as const)('%s', (who) => {
  const as = who === 'visitor' ? {} : { as: who as RoleName }

  test('no page with her id or reference says more than with one that nobody has', async () => {
    const pages = allPages(app.platform.parts).filter(({ path }) => path.startsWith('/work/people'))
    expect(pages.length).toBeGreaterThan(7)
    for (const page of pages) {
      const at = (id: string, code: string) => `/en${page.path.replace(':id', id).replace(':reference', code)}`
      for (const form of [
        page.get && undefined,
        page.post && { act: 'merge', other: reference, purpose: 'request', decision: 'same' },
      ]) {
        const asked = await app.ask(at(review, reference), { ...as, ...(form && { form }) })
        const none = await app.ask(at(NOBODY, 'K7QF-92MX-2222'), { ...as, ...(form && { form }) })
        const [text, other] = [await asked.text(), await none.text()]
        expect(text).not.toMatch(TRACES)
        if (!page.path.includes(':')) continue
        expect([page.path, asked.status]).toEqual([page.path, none.status])
        if (asked.status === 404)
          expect(text.replaceAll(reference, '').replaceAll(review, '').length).toBe(
            other.replaceAll('K7QF-92MX-2222', '').replaceAll(NOBODY, '').length,
          )
      }
    }
  })

  test('no search finds her, by whatever is known of her', async () => {
    const QUESTIONS: Record<string, string>[] = [
      { name: `${SECRET.family} ${SECRET.given}`, purpose: 'request' },
      { name: 'Nurzamirzoda', birth_year: '1993', birth_month: '8', birth_day: '17', purpose: 'help' },
      { document: SECRET.number, purpose: 'notice' },
      { birth_year: '1993', birth_month: '8', birth_day: '17', purpose: 'other' },
    ]
    for (const form of QUESTIONS) {
      const response = await app.ask('/en/work/people', { ...as, form })
      expect(await response.text()).not.toMatch(TRACES)
      if (who !== 'registry_officer') continue
      expect(response.status).toBe(303)
      const found = await (await app.ask(response.headers.get('location')!, as)).text()
      expect(found).not.toMatch(TRACES)
      expect(found).not.toContain(reference)
    }
    for (const q of [reference, SECRET.family, SECRET.number, '17.08.1993'])
      expect(
        (await (await app.ask(`/en/work/find?q=${encodeURIComponent(q)}`, as)).text()).replaceAll(q, ''),
      ).not.toMatch(TRACES)
  })

  test('no list, count, log or other page of the workspace knows of her', async () => {
    for (const { path, get } of allPages(app.platform.parts)) {
      if (!get || path.includes(':') || !path.startsWith('/work')) continue
      const text = await (await app.ask(`/en${path}`, as)).text()
      expect([path, TRACES.exec(text)?.[0]]).toEqual([path, undefined])
      expect([path, text.includes(reference), text.includes(person), text.includes(review)]).toEqual([
        path,
        false,
        false,
        false,
      ])
    }
  })
})

describe('in the database', () => {
  const asked = async <T>(actor: StaffActor, statement: string) =>
    (await withActor(app.db, actor, (db) => sql.raw<T>(statement).execute(db), app.ctx().now)).rows
  const TABLES = [
    'source',
    'record',
    'document',
    'contact',
    'person',
    'event',
    'link',
    'apart',
    'finding',
    'protection',
    'review',
    'decision',
    'lookup',
    'look',
  ]
  const key = {
    document: 'record_id',
    contact: 'record_id',
    link: 'record_id',
    finding: 'record_id',
    record: 'id',
    person: 'id',
    review: 'id',
    event: 'id',
  } as Record<string, string>

  test.each(ROLES)('%s sees no row of hers in any table', async (role) => {
    const actor = await app.actor(role)
    for (const [table, column] of Object.entries(key))
      expect([
        table,
        await asked(
          actor,
          `select 1 from people.${table} where ${column} in ('${record}', '${person}', '${review}', '${event}')`,
        ),
      ]).toEqual([table, []])
    expect(await asked(actor, `select * from people.looks_at('${person}')`)).toEqual([])
    expect(await asked(actor, `select people.sees_person('${person}') as sees`)).toEqual([{ sees: false }])
  })

  test.each(['adviser', 'vacancy_officer', 'auditor', 'administrator', 'platform_administrator'] as const)(
    '%s has no rows of people at all, and no door opens',
    async (role) => {
      const actor = await app.actor(role)
      for (const table of TABLES)
        expect([table, await asked(actor, `select 1 from people.${table}`)]).toEqual([table, []])
      for (const door of [
        `people.search('${NOBODY}', now(), 'request', null, '{}', '[]', 10)`,
        `people.merge('${NOBODY}', '${person}', '${person}', now(), null, 'officer', null, '[]', null, false)`,
        `people.set_apart('${NOBODY}', '${person}', '${person}', now(), 'officer')`,
        `people.propose('${NOBODY}', '${record}', '${record}', now(), now(), 0.5, '[]', 'none')`,
        `people.propose('${NOBODY}', '${NOBODY}', '${record}', now(), now(), 0.5, '[]', 'none')`,
        `people.take_back('${NOBODY}', '${event}', now())`,
        `people.split('${NOBODY}', '${record}', '${NOBODY}', 'K7QF-92MX-2222', now())`,
        `people.protect('${NOBODY}', '${person}', 'child', now())`,
        `people.unprotect('${person}', 'child', now())`,
      ])
        await expect(asked(actor, `select * from ${door}`)).rejects.toThrow(/not allowed/)
    },
  )

  test('what is the owner’s alone cannot be called, and nothing that a source stated can be written', async () => {
    const actor = await app.actor('registry_officer')
    for (const statement of [
      `select * from people.candidates('[]', null, 10)`,
      `select people.merge_as('${NOBODY}', '${person}', '${person}', now(), null, null, null, 'new', null, '[]', null)`,
      `select people.members('${person}')`,
      `insert into people.record select * from people.record`,
      `update people.person set root = id`,
      `delete from people.look`,
      `update people.lookup set purpose = 'other'`,
      `insert into people.protection select * from people.protection`,
    ])
      await expect(asked(actor, statement)).rejects.toThrow(/permission denied/)
  })

  test('an officer of her custodian finds her, so that the probe is no empty one; the whole of the registry only the marked office', async () => {
    const own = await registry.officer(registry.other)
    const national = await registry.officer(registry.national)
    for (const officer of [own, national]) {
      const { found } = await registry.as(officer, (ctx) =>
        searchPeople(ctx, { name: 'Nurzamirzoda Khurshedabonu', purpose: 'request', words: null }),
      )
      expect(found.map(({ person_id }) => person_id)).toContain(person)
    }
    expect((await asked<{ n: bigint }>(own, 'select count(*) as n from people.record'))[0]!.n).toBe(2n)
    expect((await asked<{ n: bigint }>(national, 'select count(*) as n from people.record'))[0]!.n).toBe(
      BigInt(2 + ROLES.length),
    )
  })

  test('her own log names offices, and a protected service not', async () => {
    await app.owner
      .insertInto('people.office')
      .values({ organisation_id: registry.other, unnamed: true })
      .onConflict((c) => c.column('organisation_id').doUpdateSet({ unnamed: true }))
      .execute()
    const national = await registry.officer(registry.national)
    const { rows } = await withActor(
      app.db,
      national,
      (db) =>
        sql<{
          organisation_id: string | null
          purpose: string | null
        }>`select organisation_id, purpose from people.looks_at(${person})`.execute(db),
      app.ctx().now,
    )
    expect(rows).toContainEqual({ organisation_id: registry.national, purpose: 'request' })
    expect(rows).toContainEqual({ organisation_id: null, purpose: null })
  })
})

describe('an adviser who enters somebody twice', () => {
  const NEW = '/en/work/people/new'
  /** The reference that the page gives. */
  async function enter(form: Record<string, string>) {
    const id = newId()
    expect((await app.ask(NEW, { as: 'adviser', form: { id, label: 'desk', ...form } })).status).toBe(303)
    await receiveEntryJob.run(
      {
        ...app.ctx({ db: app.owner, actor: { kind: 'system', task: 'test' } }),
        ...{ app: app.db, run_id: null, signal: new AbortController().signal, report: async () => {} },
      },
      { id },
    )
    const html = await (await app.ask(`${NEW}/${id}`, { as: 'adviser' })).text()
    return /[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(html)![0]
  }
  const seen = { birth_day: '12', birth_month: '3', birth_year: '1990', sex: 'male' }
  const banned = { ...seen, tg_family: 'Намунаев', tg_given: 'Беҳрӯз', tg_patronymic: 'Сафарович' }
  const unknown = { ...seen, tg_family: 'Мисолов', tg_given: 'Исфандиёр', tg_patronymic: 'Ғафурович' }
  const passport = (number: string) => ({ document1_kind: 'passport', document1_number: number })
  beforeAll(async () => {
    await registry.receive(registry.other, {
      names: [{ family: 'Намунаев', given: 'Беҳрӯз', patronymic: 'Сафарович' }],
      ...{ birth: 19900312, sex: 'male', adverse: true },
      documents: [{ kind: 'passport', number: 'A1234567' }],
    })
  })

  test.each([
    ['banned', 'by name', banned, banned],
    ['unknown', 'by name', unknown, unknown],
    ['banned', 'with and without a passport', { ...banned, ...passport('A1234567') }, banned],
    ['unknown', 'with and without a passport', { ...unknown, ...passport('A7654321') }, unknown],
  ])('%s, %s: gets two references, and none of a person', async (_, __, first, second) => {
    const given = [await enter(first), await enter(second)]
    expect(new Set(given).size).toBe(2)
    const persons = await app.owner.selectFrom('people.person').select('id').where('reference', 'in', given).execute()
    expect(persons).toEqual([])
    const entries = await app.owner
      .selectFrom('people.entry as e')
      .innerJoin('people.finding as f', 'f.record_id', 'e.record_id')
      .select(['e.reference', 'f.person_id'])
      .where('e.reference', 'in', given)
      .execute()
    expect(entries.length).toBe(2)
    const [national, other] = [await registry.officer(registry.national), await registry.officer(registry.other)]
    for (const { reference, person_id } of entries) {
      // Whoever sees the person finds them by it; to all others it is nobody's.
      await registry.as(national, async (ctx) => {
        expect((await findPerson(ctx, reference!))?.id).toBe(person_id)
        expect((await findByReference(ctx, reference!)).map((line) => line.person_id)).toEqual([person_id])
      })
      const sees = await registry.as(other, (ctx) =>
        ctx.db.selectFrom('people.person').select('id').where('id', '=', person_id).executeTakeFirst(),
      )
      expect((await registry.as(other, (ctx) => findPerson(ctx, reference!)))?.id).toBe(sees?.id)
      const adviser = await app.actor('adviser')
      const { rows } = await withActor(
        app.db,
        adviser,
        (db) => sql<{ id: string | null }>`select people.entered_as(${reference}) as id`.execute(db),
        app.ctx().now,
      )
      expect(rows).toEqual([{ id: null }])
    }
  })
})
