import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { StaffActor } from '#kernel/context.ts'
import { importFile } from '#kernel/imports/import-file.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { NOW, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { rowsOf } from './batches.ts'
import { type Correction, decide, listCorrections, propose } from './corrections.ts'
import { type Exchange, exchange } from './fixtures/exchange.ts'
import { listImport } from './import.ts'
import { getMeasure, statedElsewhere } from './measures.ts'
import { answer, ask, listQuestions } from './questions.ts'
import { acknowledge } from './relay.ts'
import { remindJob } from './reminders.ts'

let database: TestDatabase
let x: Exchange
beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
})
afterAll(() => database.drop())

// Each test has a person, a decision and a letter of its own.
let of = 0
beforeEach(() => {
  of++
})
const HEADINGS = '№;ФИО;Д.р.;Паспорт;Мера;Основание;Номер решения;Срок запрета;Снято'
const list = (lifted = '', ground = 'ст. 26') =>
  `${HEADINGS}\n1;Намунаев Далер;14.02.1990;A1234${of}678;депортация;${ground};Т${of}-2;бессрочно;${lifted}\n`
const bring = (csv = list(), name = 'list.csv', actor: StaffActor = x.embassy.officer, source = `letter ${of}`) =>
  importFile(
    database.ctx({ actor, db: database.owner }),
    listImport,
    { name: `${of} ${name}`, bytes: Buffer.from(csv) },
    { source },
  )

type OfficeName = 'embassy' | 'foreign' | 'interior' | 'security' | 'service'
/** What is stated of the measure of this test, version by version: all, or as far as an office knows it. */
async function stated() {
  return database.owner
    .selectFrom('expulsions.statement as s')
    .innerJoin('expulsions.measure as m', 'm.id', 's.measure_id')
    .select([
      'm.id',
      'm.reference',
      's.version',
      's.status',
      's.received_status',
      's.ground',
      's.batch_id',
      'm.custodian',
    ])
    .where('s.decision_no', '=', `Т${of}-2`)
    .orderBy('m.id')
    .orderBy('s.version')
    .execute()
}
const known = async (office: OfficeName) => {
  const [{ reference } = { reference: '' }] = await stated()
  return x
    .as(x[office].officer, (ctx) => getMeasure(ctx, reference))
    .then(({ versions }) => versions.map(({ version, status }) => [version, status]))
    .catch(() => [])
}
const batchOf = async (version: number) => {
  const { batch_id } = (await stated()).find((one) => one.version === version)!
  return database.owner
    .selectFrom('expulsions.batch')
    .select(['id', 'reference'])
    .where('id', '=', batch_id)
    .executeTakeFirstOrThrow()
}
const confirm = async (office: OfficeName, version: number) => {
  const batch = await batchOf(version)
  return x.as(x[office].officer, (ctx) => acknowledge(ctx, batch, null))
}
const open = (actor: StaffActor) => x.as(actor, (ctx) => listCorrections(ctx, { open: true }))
const judge = (actor: StaffActor, correction: Correction, outcome: 'confirmed' | 'refused' = 'confirmed') =>
  x.as(actor, (ctx) => decide(ctx, correction, outcome))
async function correct(wanted: 'lifted' | 'not_me' | 'in_force') {
  const [{ id } = { id: '' }] = await stated()
  await x.as(x.service.officer, (ctx) => propose(ctx, id, wanted, 'A letter'))
  const [correction] = await x.as(x.service.second, (ctx) => listCorrections(ctx, { measure_id: id, open: true }))
  await judge(x.service.second, correction!)
}
const told = async (key: string, after = '') =>
  (
    await database.owner
      .selectFrom('notifications.notification as n')
      .select(['n.user_id', 'n.message_values'])
      .where('n.message_key', '=', `expulsions.notice.${key}`)
      .execute()
  )
    .filter(({ message_values }) => JSON.stringify(message_values).includes(after))
    .map(({ user_id }) => user_id)
const runJob = (hours: number) =>
  remindJob.run(
    {
      ...database.ctx({
        db: database.owner,
        actor: { kind: 'system', task: 'test' },
        now: NOW.add({ hours }),
      }),
      ...{ run_id: null, signal: new AbortController().signal, report: async () => {} },
    } as JobCtx,
    {},
  )

describe('what two officers decided reaches everybody', () => {
  test.each(['lifted', 'not_me'] as const)(
    '"%s": whoever comes to the row later gets the latest, also from an office that confirmed only the old list',
    async (wanted) => {
      await bring()
      await correct(wanted)
      expect(await known('interior')).toEqual([])
      await confirm('foreign', 1)
      for (const office of ['interior', 'security'] as const) expect(await known(office)).toEqual([[2, wanted]])
      // Told of the batch they were given.
      const { reference } = await batchOf(2)
      expect(await told('came', reference)).toContain(x.interior.officer.user_id)
      await confirm('foreign', 2)
      await confirm('interior', 2)
      expect(await known('interior')).toEqual([[2, wanted]])
    },
  )

  test('of a list of several rows only what holds goes on under its own batch', async () => {
    await bring(`${list()}2;Мисолзода Нигора;23.02.1988;B1234${of}678;депортация;ст. 1;Ҳ${of};бессрочно;\n`)
    await correct('lifted')
    await confirm('foreign', 1)
    const [first, second] = [await batchOf(1), await batchOf(2)]
    const rows = (batch: { id: string }) => x.as(x.interior.officer, (ctx) => rowsOf(ctx, batch.id, { limit: 10 }))
    expect((await rows(first)).map(({ number, decision_no }) => [number, decision_no])).toEqual([[1, `Ҳ${of}`]])
    expect((await rows(second)).map(({ status }) => status)).toEqual(['lifted'])
  })

  test('a list that was corrected before an office confirmed the first goes on as corrected', async () => {
    await bring()
    await bring(list('', 'ст. 27'), 'corrected.csv')
    await confirm('foreign', 1)
    expect(await known('interior')).toEqual([[2, 'in_force']])
    await confirm('foreign', 2)
    expect(await known('interior')).toEqual([[2, 'in_force']])
  })
})

describe('a list that says of a known measure that it is lifted', () => {
  test('does not lift it: the row is kept as received, and two officers decide', async () => {
    await bring()
    expect(await bring(list('01.11.2026'), 'lifting.csv')).toMatchObject({ updated: 1 })
    expect((await stated()).map(({ status, received_status }) => [status, received_status])).toEqual([
      ['in_force', null],
      ['in_force', 'lifted'],
    ])
    const [correction] = await open(x.service.officer)
    expect(correction).toMatchObject({ wanted: 'lifted', proposed_by: x.embassy.officer.user_id, reason: null })
    expect(await told('decide', correction!.stated_in!)).toContain(x.service.officer.user_id)
    await expect(judge(x.embassy.officer, correction!)).rejects.toMatchObject({ kind: 'conflict' })
    await bring(list('01.11.2026'), 'lifting again.csv')
    expect(await open(x.service.officer)).toHaveLength(1)
    await judge(x.service.officer, correction!)
    for (const office of ['foreign', 'embassy'] as const) expect((await known(office))[0]).toEqual([3, 'lifted'])
  })

  test('sent by a program, it takes two officers: the program is none', async () => {
    await bring()
    await bring(list('01.11.2026'), 'lifting.csv', { ...x.embassy.officer, user_id: x.embassy.id })
    const [correction] = await open(x.service.officer)
    expect(correction!.proposed_by).toBeNull()
    expect(await judge(x.service.officer, correction!)).toBeNull()
    expect((await known('service'))[0]![1]).toBe('in_force')
    await expect(judge(x.service.officer, correction!)).rejects.toMatchObject({ kind: 'conflict' })
    expect(await judge(x.embassy.officer, correction!)).not.toBeNull()
    expect((await known('service'))[0]![1]).toBe('lifted')
  })

  test('a new measure that arrives lifted is stated so; any list puts that right, and of two letters officers decide which is right', async () => {
    await bring(list('01.11.2026'))
    expect((await stated()).map(({ status }) => status)).toEqual(['lifted'])
    expect(await open(x.service.officer)).toEqual([])
    await bring(list('', 'ст. 27'), 'other.csv', x.embassy.officer, 'another letter')
    await bring(list(''), 'corrected.csv', x.embassy.officer, 'another letter')
    expect((await stated()).map(({ status, received_status }) => [status, received_status])).toEqual([
      ['lifted', null],
      ['in_force', null],
      ['in_force', null],
    ])
    const [{ batch_id } = { batch_id: '' }] = await stated()
    const { reference } = await database.owner
      .selectFrom('expulsions.batch')
      .select('reference')
      .where('id', '=', batch_id)
      .executeTakeFirstOrThrow()
    expect(await open(x.service.officer)).toMatchObject([
      { wanted: 'lifted', stated_in: reference, proposed_by: null, follows: false },
    ])
  })
})

test('what officers decided stays decided, until two decide that the lift was wrong; that reaches everybody too', async () => {
  await bring()
  await confirm('foreign', 1)
  await correct('lifted')
  await bring(list('', 'ст. 27'), 'same letter.csv')
  expect((await stated()).map(({ status, received_status }) => [status, received_status])).toEqual([
    ['in_force', null],
    ['lifted', null],
    ['lifted', 'in_force'],
  ])
  const [{ id } = { id: '' }] = await stated()
  await expect(x.as(x.service.officer, (ctx) => propose(ctx, id, 'lifted', 'Twice'))).rejects.toMatchObject({
    kind: 'conflict',
  })
  await correct('in_force')
  for (const office of ['embassy', 'foreign', 'interior', 'security'] as const)
    expect((await known(office))[0]).toEqual([4, 'in_force'])
  await expect(x.as(x.service.officer, (ctx) => propose(ctx, id, 'in_force', 'Twice'))).rejects.toMatchObject({
    kind: 'conflict',
  })
})

test('the same decision as another office states it is opened for two officers when it is corrected here', async () => {
  await bring()
  await bring(list().replace(`Т${of}-2`, `T${of} - 2`), 'service.csv', x.service.officer)
  await bring(list().replace('депортация', 'реадмиссия'), 'kind.csv', x.service.officer)
  const measures = await database.owner
    .selectFrom('expulsions.statement as s')
    .innerJoin('expulsions.measure as m', 'm.id', 's.measure_id')
    .select(['m.id', 'm.reference', 'm.custodian', 's.kind'])
    .where('s.document_hint', 'like', `%${of}678`)
    .where('s.kind', '=', 'deportation')
    .orderBy('m.id')
    .execute()
  const [own, twin] = [x.embassy.id, x.service.id].map((office) => measures.find((one) => one.custodian === office)!)
  expect(own!.id).not.toBe(twin!.id)
  const seen = (actor: StaffActor, id: string) => x.as(actor, (ctx) => statedElsewhere(ctx, id))
  // The embassy was not given what the Migration Service entered: it learns that it is stated, not what.
  expect(await seen(x.embassy.officer, own!.id)).toEqual([{ office: 'Office service', reference: null }])
  expect(await seen(x.service.officer, own!.id)).toEqual([{ office: 'Office service', reference: twin!.reference }])
  expect(await seen(x.service.officer, twin!.id)).toEqual([{ office: 'Office embassy', reference: own!.reference }])
  expect(await seen(x.interior.officer, own!.id)).toEqual([])

  await correct('lifted')
  const [first] = await x.as(x.service.officer, (ctx) => listCorrections(ctx, { measure_id: own!.id }))
  expect(first!.outcome).toBe('confirmed')
  const waiting = (await open(x.service.officer)).filter(({ follows }) => follows)
  expect(waiting).toMatchObject([{ measure_id: twin!.id, wanted: 'lifted', proposed_by: null, reason: null }])
  expect(await told('decide', twin!.reference)).toContain(x.service.second.user_id)
  await judge(x.service.officer, waiting[0]!)
  await judge(x.service.second, waiting[0]!)
  const { status } = await database.owner
    .selectFrom('expulsions.statement')
    .select('status')
    .where('measure_id', '=', twin!.id)
    .orderBy('version', 'desc')
    .executeTakeFirstOrThrow()
  expect(status).toBe('lifted')
  expect((await open(x.service.officer)).filter(({ follows }) => follows)).toEqual([])
})

test('what was decided of the same decision elsewhere waits beside what a list states of it here', async () => {
  await bring()
  await bring(list(), 'service.csv', x.service.officer)
  await bring(list().replace('бессрочно', '01.11.2030'), 'ended.csv', x.service.officer, `another letter ${of}`)
  await correct('lifted')
  const twin = (await stated()).find(({ custodian }) => custodian === x.service.id)!
  const waiting = await x.as(x.service.second, (ctx) => listCorrections(ctx, { measure_id: twin.id, open: true }))
  expect(waiting.map(({ wanted, follows }) => [wanted, follows]).sort()).toEqual([
    ['ended', false],
    ['lifted', true],
  ])
})

describe('corrections and questions have their term', () => {
  test('a correction is told to who can decide, reminded of before its term, and told to those who watch after it', async () => {
    await bring()
    const [{ id, reference } = { id: '', reference: '' }] = await stated()
    await x.as(x.embassy.officer, (ctx) => propose(ctx, id, 'lifted', 'A letter'))
    expect(await told('decide', reference)).toEqual(
      expect.arrayContaining([x.embassy.second.user_id, x.service.officer.user_id]),
    )
    expect(await told('decide', reference)).not.toContain(x.foreign.officer.user_id)
    await runJob(40)
    expect(await told('decide_late', reference)).toEqual([])
    await runJob(50)
    expect(await told('decide_late', reference)).toContain(x.service.officer.user_id)
    expect(await told('undecided', reference)).toEqual([])
    await runJob(75)
    expect(await told('undecided', reference)).toContain(x.service.officer.user_id)
    const { reminders } = await database.owner
      .selectFrom('expulsions.correction')
      .select('reminders')
      .where('measure_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(reminders).toBe(2)
  })

  test('a question that a list raised is told to its office, reminded of and told to those who watch', async () => {
    await bring(list('', ''))
    const { reference } = await batchOf(1)
    expect(await told('asked', reference)).toContain(x.embassy.second.user_id)
    await runJob(80)
    expect(await told('answer_late', reference)).toEqual([])
    await runJob(100)
    expect(await told('answer_late', reference)).toContain(x.embassy.officer.user_id)
    expect(await told('unanswered', reference)).toEqual([])
    await runJob(125)
    expect(await told('unanswered', reference)).toContain(x.service.officer.user_id)
  })
})

test('an answer to one office leaves the questions of others open', async () => {
  await bring()
  await confirm('foreign', 1)
  const batch = await batchOf(1)
  const [{ id } = { id: '' }] = await stated()
  await x.as(x.interior.officer, (ctx) => ask(ctx, batch, id, 'identity', 'Who?'))
  await x.as(x.security.officer, (ctx) => ask(ctx, batch, id, 'ground', null))
  await x.as(x.security.officer, (ctx) => ask(ctx, batch, id, 'other', null))
  const asked = (
    await x.as(x.embassy.officer, (ctx) => listQuestions(ctx, { open: true, mine: true, limit: 50 }))
  ).filter(({ measure_id }) => measure_id === id)
  const answered = (about: string, change = {}) =>
    x.as(x.embassy.officer, (ctx) => answer(ctx, asked.find((one) => one.about === about)!, 'So', change))
  const states = async () =>
    Promise.all(
      (['interior', 'security'] as const).map(
        async (office) => (await x.as(x[office].officer, (ctx) => rowsOf(ctx, batch.id, { limit: 5 })))[0]!.state,
      ),
    )
  await answered('ground', { ground: 'ст. 27' })
  expect(await states()).toEqual(['question', 'question'])
  await answered('other')
  expect(await states()).toEqual(['question', 'answered'])
  await answered('identity')
  expect(await states()).toEqual(['answered', 'answered'])
  const { rows } = await database.owner
    .selectFrom('expulsions.tally')
    .select(({ fn }) => fn.sum<number>('questioned').as('rows'))
    .where('batch_id', '=', batch.id)
    .executeTakeFirstOrThrow()
  expect(Number(rows)).toBe(0)
})

describe('a lift that a list opened', () => {
  const LIFTED = '01.11.2026'
  const all = async () => {
    const [{ id } = { id: '' }] = await stated()
    return x.as(x.service.officer, (ctx) => listCorrections(ctx, { measure_id: id }))
  }
  const outcomes = async () => (await all()).map(({ outcome, withdrawn_why }) => [outcome, withdrawn_why])
  const shown = async (officer: StaffActor) => {
    const [{ reference } = { reference: '' }] = await stated()
    return x.as(officer, (ctx) => getMeasure(ctx, reference))
  }

  test('is withdrawn when a corrected version of the list says that the measure is in force; another list leaves it', async () => {
    await bring()
    await bring(list(LIFTED), 'lifting.csv')
    await bring(list('', 'ст. 27'), 'other.csv', x.embassy.officer, `another letter ${of}`)
    expect(await outcomes()).toEqual([[null, null]])
    await bring(list('', 'ст. 28'), 'corrected.csv')
    expect(await outcomes()).toEqual([['withdrawn', 'in_force']])
    const [{ decided_at, stated_in } = { decided_at: null, stated_in: '' }] = await all()
    expect(decided_at).toEqual(NOW)
    expect(await told('withdrawn', stated_in!)).toContain(x.service.officer.user_id)
    expect((await shown(x.service.officer)).versions[0]!.status).toBe('in_force')
    // It can be stated and opened again.
    await bring(list(LIFTED, 'ст. 28'), 'lifted after all.csv')
    expect(await outcomes()).toEqual([
      [null, null],
      ['withdrawn', 'in_force'],
    ])
    // Once decided, no list takes it back.
    await judge(x.service.officer, (await all()).find(({ outcome }) => outcome === null)!)
    await bring(list('', 'ст. 29'), 'too late.csv')
    expect(await outcomes()).toContainEqual(['confirmed', null])
    expect((await shown(x.service.officer)).versions[0]!.status).toBe('lifted')
  })

  test('stays when an officer proposed it', async () => {
    await bring()
    const [{ id } = { id: '' }] = await stated()
    await x.as(x.service.officer, (ctx) => propose(ctx, id, 'lifted', 'A letter'))
    await bring(list('', 'ст. 27'), 'corrected.csv')
    await runJob(1)
    expect(await outcomes()).toEqual([[null, null]])
  })

  describe('whose row is gone from the corrected version', () => {
    const others = (ground = 'ст. 1') =>
      [2, 3, 4]
        .map(
          (no) =>
            `${no};Мисолзода Нигора;23.02.198${no};B${no}234${of}678;депортация;${ground};Ҳ${of}-${no};бессрочно;\n`,
        )
        .join('')
    const without = (rest: string) => `${HEADINGS}\n${rest}`

    test.each([
      ['stated again as they were', (rest: string) => rest],
      ['stated otherwise', (rest: string) => rest.replaceAll('ст. 1', 'ст. 2')],
    ])('is withdrawn, the others being %s', async (_, change) => {
      await bring(list() + others())
      await bring(list(LIFTED) + others(), 'lifting.csv')
      await runJob(1)
      expect(await outcomes()).toEqual([[null, null]])
      await bring(without(change(others())), 'corrected.csv')
      await runJob(1)
      await runJob(2)
      expect(await outcomes()).toEqual([['withdrawn', 'gone']])
      const [{ stated_in } = { stated_in: '' }] = await all()
      expect(await told('withdrawn', stated_in!)).toContain(x.service.second.user_id)
    })

    test('an end that goes with it leaves until when open: that is asked again', async () => {
      const row = (ends: string) => list().replace('бессрочно', ends)
      const open = async () => {
        const [{ id } = { id: '' }] = await stated()
        const rows = await database.owner
          .selectFrom('expulsions.question')
          .select('about')
          .where('measure_id', '=', id)
          .where('answered_at', 'is', null)
          .execute()
        return rows.map(({ about }) => about)
      }
      await bring(row('') + others())
      expect(await open()).toEqual(['term'])
      await bring(row('01.11.2026') + others(), 'ended.csv')
      expect(await open()).toEqual([])
      await bring(without(others()), 'corrected.csv')
      await runJob(1)
      expect(await outcomes()).toEqual([['withdrawn', 'gone']])
      expect(await open()).toEqual(['term'])
      await runJob(2)
      expect(await open()).toEqual(['term'])
    })

    test.each([
      ['it is there unchanged', () => list(LIFTED) + others('ст. 3')],
      ['a row could not be read', () => without(`${others()}5;;;;депортация;;;;\n`)],
      ['most others are gone too: it is a part', () => without(others().split('\n')[0]!)],
      ['it has nothing in common with the list', () => without('9;Образцов Сомон;01.01.1990;Z1;депортация;;;;\n')],
    ])('stays where %s', async (_, version) => {
      await bring(list() + others())
      await bring(list(LIFTED) + others(), 'lifting.csv')
      await bring(version(), 'version.csv')
      await runJob(1)
      expect(await outcomes()).toEqual([[null, null]])
    })
  })
})
