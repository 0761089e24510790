import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { withActor } from '../access/transaction.ts'
import { newId } from '../ids.ts'
import type { RoleName } from '../module.ts'
import { type Entry, enterPerson, receiveEntryJob } from './entries.ts'
import type { StatedRecord } from './facts.ts'
import { mergePersons, takeBack } from './identity.ts'
import { mayRelay } from './protection.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app?.drop())

const NEW = '/en/work/people/new'
const plain = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const ask = async (path: string, form?: Record<string, string>, as: RoleName = 'registry_officer') => {
  const response = await app.ask(path, form ? { as, form } : { as })
  const html = await response.text()
  return { status: response.status, location: response.headers.get('location') ?? '', html, text: plain(html) }
}
const receive = (id: string) =>
  receiveEntryJob.run(
    {
      ...app.ctx({ db: app.owner, actor: { kind: 'system', task: 'test' } }),
      ...{ app: app.db, run_id: null, signal: new AbortController().signal, report: async () => {} },
    },
    { id },
  )
const count = async (table: 'people.entry' | 'people.record' | 'people.person') =>
  Number(
    (
      await app.owner
        .selectFrom(table)
        .select((e) => e.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  )

/** Enters and receives somebody in an officer's name; answers the record. */
const enter = async (stated: Partial<StatedRecord>, more: Partial<Pick<Entry, 'same_as' | 'flag'>> = {}) => {
  const [id, actor] = [newId(), await app.actor('registry_officer')]
  const nothing = { names: [], birth: null, sex: null, documents: [], adverse: false }
  const entry = { id, label: id, lookup_id: null, same_as: null, flag: null, ...more }
  await withActor(
    app.db,
    actor,
    (db) => enterPerson(app.ctx({ actor, db }), { ...entry, stated: { ...nothing, ...stated } }),
    app.ctx({}).now,
  )
  await receive(id)
  const { record_id } = await app.owner
    .selectFrom('people.entry')
    .select('record_id')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return record_id!
}
const personOf = async (record: string) =>
  (
    await app.owner
      .selectFrom('people.finding')
      .select('person_id')
      .where('record_id', '=', record)
      .executeTakeFirstOrThrow()
  ).person_id

const SHODIYEVA = {
  label: 'Passport shown at the desk',
  ...{ tg_family: 'Шодиева', tg_given: 'Мавҷуда', tg_patronymic: 'Ғайратовна' },
  ...{ ru_family: 'Шодиева', ru_given: 'Мавджуда', latin_family: 'SHODIEVA', latin_given: 'MAVJUDA' },
  ...{ birth_year: '1987', sex: 'female', citizenship: 'Тоҷикистон', home_district: 'Восеъ' },
  ...{ document1_kind: 'travel_passport', document1_number: 'А 4077 1234', document1_country: 'TJ' },
  ...{ document1_issued_day: '3', document1_issued_month: '5', document1_issued_year: '2021' },
  ...{ phone: '+992 90 000 1122', only_theirs: 'no', reach: 'Танҳо шом' },
}

test('a person entered at a desk is kept once, sealed until the registry has them, and then found on their page', async () => {
  const id = newId()
  const form = { id, ...SHODIYEVA, flag: 'victim' }
  const [first, again] = [await ask(NEW, form), await ask(NEW, form)]
  expect([first.status, first.location, again.location]).toEqual([303, `${NEW}/${id}`, `${NEW}/${id}`])
  expect(await count('people.entry')).toBe(1)
  const waiting = await app.owner.selectFrom('people.entry').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  expect(waiting.stated_sealed!.toString('latin1')).not.toMatch(/4077|1122|SHODIEVA/)
  expect((await ask(`${NEW}/${id}`)).text).toContain('It is saved')
  await receive(id)
  await receive(id)
  expect([await count('people.record'), await count('people.person')]).toEqual([1, 1])
  // The form sent once more, when the person is here already, is no other person.
  expect((await ask(NEW, form)).location).toBe(`${NEW}/${id}`)
  const after = await app.owner.selectFrom('people.entry').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  expect([after.stated_sealed, typeof after.record_id]).toEqual([null, 'string'])
  const { location } = await ask(`${NEW}/${id}`)
  const page = await ask(location)
  for (const shown of [
    'Шодиева Мавҷуда Ғайратовна',
    'Мавджуда',
    'SHODIEVA MAVJUDA',
    '1987',
    'Vose, Khatlon',
    'Passport shown',
    '3 May 2021',
  ])
    expect(page.text).toContain(shown)
  expect(page.text).not.toContain('4077')
  expect(page.text).toContain('Others use it too')
  expect(page.text).toContain('nothing goes to foreign affairs')
  const numbers = await ask(`${location}/numbers`, {})
  for (const shown of ['А 4077 1234', '+992 90 000 1122', 'Танҳо шом']) expect(numbers.text).toContain(shown)
  expect(
    await app.owner
      .selectFrom('people.record')
      .select(['birth', 'home_district', 'citizenship', 'adverse'])
      .executeTakeFirst(),
  ).toEqual({
    ...{ birth: 19870000, citizenship: 'TJ', adverse: false },
    home_district: expect.stringMatching(/^TJ-/),
  })
})

test('what is wrong is said, and all that was typed stays', async () => {
  const records = await count('people.entry')
  const { status, html, text } = await ask(NEW, {
    ...{ id: newId(), label: 'Letter 7', birth_day: '31', birth_month: '13', birth_year: '1990' },
    ...{
      citizenship: 'Atlantis',
      document1_number: '12',
      document2_kind: 'passport',
      reach: 'at night',
      phone: 'mother',
    },
    ...{ document1_issued_day: '31', document1_issued_month: '2', document1_issued_year: '2020' },
  })
  expect(status).toBe(422)
  expect(html).toContain('value="Letter 7"')
  expect(text).toContain('7 to 15 digits')
  const other = await ask(NEW, {
    ...{ id: newId(), label: 'Letter 7', birth_day: '31', birth_month: '13', birth_year: '1990', reach: 'at night' },
    ...{ citizenship: 'Atlantis', document1_number: '12', document2_kind: 'passport' },
    ...{ document1_issued_day: '31', document1_issued_month: '2', document1_issued_year: '2020' },
  })
  for (const said of [
    'at least one name',
    'There is no such date. Write at least the year.',
    'no country of this name',
    'number is too short',
    'which document it is',
    'Write the number of the document',
    'There is no such date.',
    'Write the number too',
  ])
    expect(other.text).toContain(said)
  expect(await count('people.entry')).toBe(records)
})

test('whoever may be here already is shown before anything is kept; the officer says which, or nobody', async () => {
  const id = newId()
  const form = {
    ...{ id, label: 'Letter 8', latin_family: 'Shodizoda', latin_given: 'Mavjuda', purpose: 'help' },
    ...{ birth_day: '9', birth_month: '2', birth_year: '1987' },
  }
  const entries = await count('people.entry')
  const asked = await ask(NEW, form)
  expect([asked.status, asked.text]).toEqual([200, expect.stringContaining('Could it be one of these?')])
  expect(asked.text).toContain('Шодиева Мавҷуда Ғайратовна')
  expect(asked.html).toContain('name="latin_family" value="Shodizoda"')
  expect(await count('people.entry')).toBe(entries)
  const reference = /value="([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})"/.exec(asked.html)![1]!
  expect((await ask(NEW, { ...form, same: reference })).location).toBe(`${NEW}/${id}`)
  await receive(id)
  expect((await ask(`${NEW}/${id}`)).location).toBe(`/en/work/people/${reference}`)
  expect((await ask(`/en/work/people/${reference}`)).text).toContain('Letter 8')
  const merged = await app.owner.selectFrom('people.event').selectAll().where('kind', '=', 'merge').execute()
  const { user_id } = await app.actor('registry_officer')
  expect(merged).toMatchObject([{ reason: 'officer', actor_id: user_id }])

  // Whoever shares no more than the year is not shown.
  const stranger = {
    ...form,
    id: newId(),
    latin_family: 'Rahimov',
    latin_given: 'Farhod',
    birth_day: '',
    birth_month: '',
  }
  expect((await ask(NEW, stranger)).status).toBe(303)

  const other = newId()
  const apart = { ...form, id: other, label: 'Letter 9', birth_year: '1955', same: 'nobody' }
  expect((await ask(NEW, apart)).status).toBe(303)
  await receive(other)
  expect((await ask(`${NEW}/${other}`)).location).not.toBe(`/en/work/people/${reference}`)
})

test('what is entered joins the person it came to, and goes with them where others are parted from them', async () => {
  const system = app.ctx({ db: app.owner, actor: { kind: 'system', task: 'test' } })
  // Nothing speaks against the other two, of whom nothing is known but where they live.
  const [other, named] = [await enter({ home_district: 'Восеъ' }), await enter({ home_district: 'Ёвон' })]
  const passport: Partial<StatedRecord> = {
    ...{ names: [{ family: 'Ҳасанов', given: 'Муродалӣ', patronymic: 'Ғафурович' }], birth: 19690403, sex: 'male' },
    documents: [{ kind: 'passport', number: 'A7272727' }],
  }
  const event = await mergePersons(system, await personOf(await enter(passport)), await personOf(other), {
    reason: 'officer',
  })
  // The same passport once more: it is the first person, who is counted as the second, and the officer says that it is the third.
  const again = await enter(passport, { same_as: await personOf(named) })
  expect(await personOf(again)).toBe(await personOf(named))
  await takeBack(system, event)
  expect(await personOf(again)).toBe(await personOf(named))
  expect(await personOf(other)).not.toBe(await personOf(named))
})

test('whoever an officer names as the protected one is protected, also where joining the two takes a second officer', async () => {
  const system = app.ctx({ db: app.owner, actor: { kind: 'system', task: 'test' } })
  const banned = await personOf(await enter({ home_district: 'Панҷакент', adverse: true }))
  expect(await mayRelay(system, banned, 'security')).toBe(true)
  const entered = await personOf(await enter({ home_district: 'Айнӣ' }, { same_as: banned, flag: 'asylum_seeker' }))
  expect(entered).not.toBe(banned)
  expect(await mayRelay(system, entered, 'security')).toBe(false)
  expect(await mayRelay(system, banned, 'security')).toBe(false)
})

test('a document and a telephone are added to a person who is open, under a record of their own', async () => {
  const person = await app.owner
    .selectFrom('people.person')
    .select(['id', 'reference'])
    .where('merged_into', 'is', null)
    .orderBy('created_at')
    .executeTakeFirstOrThrow()
  const path = `${NEW}?person=${person.reference}`
  const form = await ask(path)
  expect(form.text).toContain('Add a document or telephone')
  expect(form.html).not.toContain('name="tg_family"')
  const id = newId()
  const sent = { id, person: person.reference, label: 'New passport' }
  expect((await ask(NEW, sent)).text).toContain('Add a document or a telephone.')
  const added = {
    ...sent,
    document1_kind: 'id_card',
    document1_number: '905512340',
    phone: '+992 93 111 2233',
    only_theirs: 'yes',
  }
  expect((await ask(NEW, added)).status).toBe(303)
  await receive(id)
  expect((await ask(`${NEW}/${id}`)).location).toBe(`/en/work/people/${person.reference}`)
  const numbers = await ask(`/en/work/people/${person.reference}/numbers`, {})
  for (const shown of ['905512340', '+992 93 111 2233', 'А 4077 1234', 'Only this person uses it'])
    expect(numbers.text).toContain(shown)
})

test('a former name is found like the present, and the page says until when it was borne', async () => {
  const id = newId()
  const person = {
    ...{ id, label: 'Marriage certificate', tg_family: 'Юнусова', tg_given: 'Гулрӯ', birth_year: '1991' },
    ...{ former_family: 'Холназарова', former_given: 'Гулрӯ', sex: 'female' },
    ...{ former_until_day: '4', former_until_month: '6', former_until_year: '2015' },
  }
  const unnamed = await ask(NEW, { ...person, former_family: '', former_given: '' })
  expect([unnamed.status, unnamed.text]).toEqual([422, expect.stringContaining('Write the former name')])
  expect((await ask(NEW, { ...person, former_until_year: '2915' })).text).toContain('There is no such date')
  expect((await ask(NEW, person)).status).toBe(303)
  await receive(id)
  const { location } = await ask(`${NEW}/${id}`)
  const page = await ask(location)
  expect(page.text).toContain('Холназарова Гулрӯ')
  expect(page.text).toMatch(/… – (4 June 2015|04\.06\.2015)/)
})

test.each(['б/н', 'отсутствует', '0000000'])('%s is no number of a document', async (number) => {
  const form = { id: newId(), ...SHODIYEVA, document1_number: number }
  const { status, text } = await ask(NEW, form)
  expect([status, text]).toEqual([422, expect.stringContaining('This is no number')])
})

test('an adviser enters a person and gets the reference, and learns of nobody else', async () => {
  const id = newId()
  const form = { id, ...SHODIYEVA, label: 'Consultation 12' }
  const { status, location, text } = await ask(NEW, form, 'adviser')
  expect([status, location, text]).toEqual([303, `${NEW}/${id}`, ''])
  await receive(id)
  const kept = await ask(location, undefined, 'adviser')
  expect(kept.text).toContain('The person is in the registry')
  expect(kept.text).not.toContain('Шодиева')
  expect(kept.text).toMatch(/[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/)
  // Neither may another see what became of it, nor may an adviser protect, or name a person whom they do not see.
  expect((await ask(location, undefined, 'registry_officer')).status).toBe(404)
  const flagged = newId()
  expect((await ask(NEW, { ...form, id: flagged, flag: 'child' }, 'adviser')).status).toBe(403)
  const { reference } = await app.owner.selectFrom('people.person').select('reference').executeTakeFirstOrThrow()
  const named = newId()
  await ask(NEW, { ...form, id: named, label: 'Consultation 13', same: reference, person: reference }, 'adviser')
  const entry = await app.owner.selectFrom('people.entry').select('same_as').where('id', '=', named).executeTakeFirst()
  expect(entry?.same_as).toBeNull()
})
