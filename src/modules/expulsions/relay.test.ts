import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { getBatch, hopsOf, listBatches, rowsOf } from './batches.ts'
import { decide, listCorrections, propose } from './corrections.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { measuresOfPerson } from './measures.ts'
import { answer, listQuestions } from './questions.ts'
import { acknowledge, receiveBatch } from './relay.ts'

let database: TestDatabase
let x: Exchange
beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
})
afterAll(() => database.drop())

const LIST = `${HEADINGS}
1;Намунаев Далер Намунавич;14.02.1990;A12345678;неразрешение въезда;ст. 26;Н-1;01.06.2029
2;Мисолзода Нигора;23.02.1988;A22345678;депортация;ст. 25.10;Н-2;бессрочно
3;Образцов Комрон;01.03.1995;A32345678;неразрешение въезда;;Н-3;
`
const rows = (office: 'embassy' | 'foreign' | 'interior' | 'security' | 'service', batch_id: string) =>
  x.as(x[office].officer, (ctx) => rowsOf(ctx, batch_id, { limit: 100 }))

test('a list goes from the embassy to everybody it must reach, each row once, and every hand-over is confirmed', async () => {
  const imported = await x.bring(LIST)
  expect([imported.created, imported.errors]).toEqual([3, 0])
  const batch = await x.batch()

  // At once: the Foreign Ministry by its route, the Migration Service by right; nobody else.
  expect((await rows('foreign', batch.id)).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent'])
  expect((await rows('service', batch.id)).map(({ number }) => number)).toEqual([1, 2, 3])
  expect(await rows('interior', batch.id)).toEqual([])
  await expect(x.as(x.interior.officer, (ctx) => getBatch(ctx, batch.reference))).rejects.toMatchObject({
    kind: 'not_found',
  })

  await x.as(x.foreign.officer, (ctx) => receiveBatch(ctx, batch.id))
  expect((await rows('foreign', batch.id)).map(({ state }) => state)).toEqual(['received', 'received', 'received'])
  const first = (await rows('foreign', batch.id))[0]!
  expect(first.names[0]).toEqual({ whole: 'Намунаев Далер Намунавич' })

  // One row confirmed alone goes on alone.
  expect(await x.as(x.foreign.officer, (ctx) => acknowledge(ctx, batch, [first.measure_id]))).toBe(1)
  expect((await rows('interior', batch.id)).map(({ measure_id }) => measure_id)).toEqual([first.measure_id])
  expect(await x.as(x.foreign.officer, (ctx) => acknowledge(ctx, batch, null))).toBe(2)
  expect(await x.as(x.foreign.second, (ctx) => acknowledge(ctx, batch, null))).toBe(0)
  expect((await rows('foreign', batch.id)).map(({ state }) => state)).toEqual(['passed_on', 'passed_on', 'passed_on'])
  for (const office of ['interior', 'security'] as const) expect(await rows(office, batch.id)).toHaveLength(3)

  for (const office of ['interior', 'security', 'service'] as const)
    await x.as(x[office].officer, (ctx) => acknowledge(ctx, batch, null))
  const hops = await x.as(x.service.officer, (ctx) => hopsOf(ctx, batch.id))
  expect(hops.map(({ to_name, rows, acknowledged }) => [to_name, rows, acknowledged]).sort()).toEqual([
    ['Office foreign', 3, 3],
    ['Office interior', 3, 3],
    ['Office security', 3, 3],
    ['Office service', 3, 3],
  ])
  expect(hops.every(({ acknowledged_at }) => acknowledged_at)).toBe(true)
  const [line] = await x.as(x.service.officer, (ctx) => listBatches(ctx, { limit: 5 }))
  expect(line).toMatchObject({ reference: batch.reference, rows: 3, hops: 4, waiting: 0 })
  const [own] = await x.as(x.embassy.officer, (ctx) => listBatches(ctx, { limit: 5 }))
  expect(own).toMatchObject({ reference: batch.reference, rows: 3, hops: 1, waiting: 0 })
})

test('the same file again, and the same rows in another file and order, change nothing', async () => {
  const before = await database.owner.selectFrom('expulsions.statement').select('measure_id').execute()
  expect(await x.bring(LIST)).toMatchObject({ same: 3, created: 0 })
  const [head, a, b, c] = LIST.trim().split('\n')
  expect(await x.bring([head, c, a, b, ''].join('\n'), { name: 'again.csv' })).toMatchObject({ same: 3, created: 0 })
  expect(await database.owner.selectFrom('expulsions.statement').select('measure_id').execute()).toHaveLength(
    before.length,
  )
  expect(
    await database.owner.selectFrom('expulsions.event').select('kind').where('kind', '=', 'repeated').execute(),
  ).toHaveLength(1)
})

test('a missing term and ground are asked for person by person; the answer is joined and reaches all who had the row', async () => {
  const asked = await x.as(x.embassy.officer, (ctx) => listQuestions(ctx, { open: true, mine: true, limit: 10 }))
  expect(asked.map(({ about }) => about).sort()).toEqual(['ground', 'term'])
  const term = asked.find(({ about }) => about === 'term')!
  const ends_on = Temporal.PlainDate.from('2030-01-01')
  await x.as(x.embassy.officer, (ctx) => answer(ctx, term, 'Letter 5', { term: 'until', ends_on }))
  const batch = await database.owner
    .selectFrom('expulsions.batch')
    .select(['id', 'reference'])
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  for (const office of ['foreign', 'interior', 'security', 'service'] as const)
    expect((await rows(office, batch.id)).map(({ ends_on }) => String(ends_on))).toEqual(['2030-01-01'])
  await expect(x.as(x.embassy.second, (ctx) => answer(ctx, term, 'Once more', {}))).rejects.toMatchObject({
    kind: 'conflict',
  })
})

test('a corrected list makes new versions of what changed, and nothing else', async () => {
  const corrected = LIST.replace('14.02.1990', '15.02.1990').replace('ст. 25.10', 'ст. 25.10 ч. 3')
  expect(await x.bring(corrected, { name: 'corrected.csv' })).toMatchObject({
    same: 1,
    updated: 2,
    created: 0,
    errors: 0,
  })
  const measures = await database.owner.selectFrom('expulsions.measure').select('id').execute()
  expect(measures).toHaveLength(3)
  const batch = await x.batch()
  expect((await rows('foreign', batch.id)).map(({ version }) => version)).toEqual([2, 2])
})

test('"not me" takes two officers, reaches every earlier recipient, and outlives a repeated list', async () => {
  const batch = await x.batch()
  const wrong = (await rows('service', batch.id))[0]!
  await x.as(x.service.officer, (ctx) => propose(ctx, wrong.measure_id, 'not_me', 'The passport shows another person'))
  const [open] = await x.as(x.service.second, (ctx) => listCorrections(ctx, { open: true }))
  await expect(x.as(x.service.officer, (ctx) => decide(ctx, open!, 'confirmed'))).rejects.toMatchObject({
    kind: 'conflict',
  })
  await expect(x.as(x.interior.officer, (ctx) => decide(ctx, open!, 'confirmed'))).rejects.toMatchObject({
    kind: 'forbidden',
  })
  const reference = (await x.as(x.service.second, (ctx) => decide(ctx, open!, 'confirmed')))!
  for (const office of ['embassy', 'foreign', 'interior', 'security'] as const) {
    const decision = await x.as(x[office].officer, (ctx) => getBatch(ctx, reference))
    expect((await rows(office, decision.id)).map(({ status }) => status)).toEqual(['not_me'])
    expect(await x.as(x[office].officer, (ctx) => acknowledge(ctx, decision, null))).toBe(1)
  }
  await expect(x.as(x.service.second, (ctx) => decide(ctx, open!, 'confirmed'))).rejects.toMatchObject({
    kind: 'conflict',
  })
  await x.bring(LIST.replace('Н-1;01.06.2029', 'Н-1;01.06.2031'), { name: 'later.csv' })
  const latest = await database.owner
    .selectFrom('expulsions.statement')
    .select(['status', 'ends_on'])
    .where('measure_id', '=', wrong.measure_id)
    .orderBy('version', 'desc')
    .executeTakeFirstOrThrow()
  expect([latest.status, String(latest.ends_on)]).toEqual(['not_me', '2031-06-01'])
})

test('the page of a person shows each measure for itself, to whoever sees the person', async () => {
  const { owner } = database
  await owner.insertInto('people.office').values({ organisation_id: x.service.id, national: true }).execute()
  const { id } = await owner
    .selectFrom('access.membership')
    .select('id')
    .where('user_id', '=', x.service.second.user_id)
    .executeTakeFirstOrThrow()
  await owner.insertInto('access.membership_role').values({ membership_id: id, role: 'registry_officer' }).execute()
  // The same document and birth as in the first list: another measure against the same person.
  await x.bring(`${HEADINGS}\n1;Мисолзода Нигора;23.02.1988;A22345678;реадмиссия;ст. 1;Н-9;бессрочно\n`, {
    name: 'more.csv',
  })
  const { person_id } = await owner
    .selectFrom('people.finding')
    .select('person_id')
    .where('birth', '=', 19880223)
    .orderBy('record_id', 'desc')
    .executeTakeFirstOrThrow()
  const seen = await x.as(x.service.second, (ctx) => measuresOfPerson(ctx, person_id))
  expect(seen.map(({ kind }) => kind).sort()).toEqual(['deportation', 'readmission'])
  expect(await x.as(x.interior.officer, (ctx) => measuresOfPerson(ctx, person_id))).toEqual([])
})

test('what a source stated and who got it cannot be changed, by nobody', async () => {
  await expect(database.owner.updateTable('expulsions.statement').set({ ground: 'x' }).execute()).rejects.toThrow(
    /never changed/,
  )
  await expect(
    x.as(x.embassy.officer, (ctx) => ctx.db.deleteFrom('expulsions.delivery_row').execute()),
  ).rejects.toThrow(/permission denied/)
})

test('a batch is turned page by page in the order of its list, whichever of its rows were stated before', async () => {
  const row = (number: number, name: string, until: string) =>
    `${number};${name};04.05.1992;A4234567${number};неразрешение въезда;ст. 26;Н-4${number};${until}`
  await x.bring(`${HEADINGS}\n${row(1, 'Якумов Рустам', '01.06.2029')}\n`, { source: 'letter 21', name: 'before.csv' })
  const list = [
    row(1, 'Якумов Рустам', '01.06.2030'),
    row(2, 'Дуюмов Сино', '01.06.2030'),
    row(3, 'Сеюмов Умед', '01.06.2030'),
  ]
  await x.bring(`${HEADINGS}\n${list.join('\n')}\n`, { source: 'letter 22', name: 'after.csv' })
  const { id } = await x.batch()
  const numbers = async (after: number) =>
    (await x.as(x.service.officer, (ctx) => rowsOf(ctx, id, { after, limit: 2 }))).map(({ number }) => number)
  expect(await numbers(0)).toEqual([1, 2])
  expect(await numbers(2)).toEqual([3])
})
