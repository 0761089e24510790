import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { numberIndex } from '#kernel/people/numbers.ts'
import { registryKeys } from '#kernel/people/registry-key.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type Exchange, exchange } from './fixtures/exchange.ts'
import { rekeyRefusalsJob } from './rekeying.ts'

let database: TestDatabase
let x: Exchange
beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
})
afterAll(() => database.drop())

const refusals = () =>
  database.owner
    .selectFrom('expulsions.border_refusal')
    .select(['id', 'border_point'])
    .orderBy('refused_on')
    .orderBy('id')
    .execute()
const HEADINGS = '№;ФИО;Д.р.;Паспорт;Мера;Дата исполнения;Пункт пропуска'
const refused = (point: string, { document = 'A1234567', day = '05.11.2026', name = 'Намунаев Далер' } = {}) =>
  `${HEADINGS}\n1;${name};14.02.1990;${document};отказ в пропуске;${day};${point}\n`
let files = 0
const bring = (csv: string, source = 'letter') => x.bring(csv, { name: `${files++}.csv`, source })

test('a refusal at the border that is sent again is one; another point or passport corrects it, another day is another', async () => {
  expect(await bring(refused('Внуково'))).toMatchObject({ created: 1 })
  expect(await bring(refused('Внуково').replace('\n1;', '\n7;'))).toMatchObject({ created: 0, same: 1 })
  expect(await bring(refused('Домодедово'), 'another letter')).toMatchObject({ created: 0, updated: 1 })
  expect((await refusals()).map(({ border_point }) => border_point)).toEqual(['Домодедово'])
  const before = await database.owner.selectFrom('expulsions.refusal_before').select('border_point').execute()
  expect(before).toEqual([{ border_point: 'Внуково' }])
  // Without a passport it is the same by name and birth; whoever has another passport is a namesake.
  expect(await bring(refused('Домодедово', { document: '' }), 'a third')).toMatchObject({ created: 0, updated: 1 })
  expect(await bring(refused('Домодедово', { document: 'B7654321' }), 'a fourth')).toMatchObject({ created: 1 })
  expect(await bring(refused('Домодедово', { day: '06.11.2026' }))).toMatchObject({ created: 1 })
  expect(await refusals()).toHaveLength(3)
})

test('a refusal whose day a later version of the list corrects is the same one, with what it stated before', async () => {
  const row = (number: number, day: string, point = 'Внуково', document = 'D1234567') =>
    `${number};Мисолов Озод;15.02.1991;${document};отказ в пропуске;${day};${point}\n`
  const list = (...rows: string[]) => `${HEADINGS}\n${rows.join('')}`
  const letter = 'letter of days'
  const stated = async (document = 'D1234567') => {
    const { rows } = await sql<{ day: string; before: string[] }>`
      select r.refused_on::text as day, array(
        select b.refused_on::text from expulsions.refusal_before b where b.refusal_id = r.id order by b.id) as before
      from expulsions.border_refusal r
      join people.document d on d.record_id = r.record_id
      where d.number_index = ${numberIndex(await registryKeys(database.ctx({ db: database.owner })), document)}
      order by r.refused_on`.execute(database.owner)
    return rows.map(({ day, before }) => [day, ...before])
  }
  await bring(list(row(1, '01.11.2026')), letter)
  expect(await bring(list(row(1, '02.11.2026')), letter)).toMatchObject({ created: 0, updated: 1, errors: 0 })
  expect(await stated()).toEqual([['2026-11-02', '2026-11-01']])
  // The earlier version, sent once more by mistake or on purpose, is the newest then.
  expect(await bring(list(row(1, '02.11.2026')), letter)).toMatchObject({ created: 0, same: 1 })

  // A second event beside one that is stated again, in whatever order, is another; then one of the two is corrected.
  expect(await bring(list(row(1, '09.11.2026'), row(2, '02.11.2026')), letter)).toMatchObject({ created: 1, same: 1 })
  expect(await bring(list(row(1, '02.11.2026'), row(2, '10.11.2026')), letter)).toMatchObject({ same: 1, updated: 1 })
  expect(await stated()).toEqual([
    ['2026-11-02', '2026-11-01'],
    ['2026-11-10', '2026-11-09'],
  ])
  // Both days are others: nobody can tell which is which.
  const unclear = list(row(1, '03.11.2026'), row(2, '11.11.2026'))
  expect(await bring(unclear, letter)).toMatchObject({ created: 0, updated: 0, errors: 2 })
  // In a list under another letter another day is another event, as before.
  expect(await bring(list(row(1, '12.11.2026')), 'another letter of days')).toMatchObject({ created: 1, updated: 0 })
  expect(await stated()).toHaveLength(3)
})

test('what is stated again far away in the same list is not taken for the one that another row corrects', async () => {
  const others = Array.from({ length: 520 }, (_, at) => `${at + 2};Намунаев ${at};;;отказ в пропуске;;\n`).join('')
  const row = (number: number, day: string) => `${number};Мисолов Сомон;16.02.1991;F1234567;отказ в пропуске;${day};\n`
  await bring(`${HEADINGS}\n${row(1, '01.11.2026')}`, 'long letter')
  const corrected = `${HEADINGS}\n${row(1, '01.11.2026')}${others}${row(600, '05.11.2026')}`
  expect(await bring(corrected, 'long letter')).toMatchObject({ same: 1, created: 521, updated: 0, errors: 0 })
})

test('a refusal that was received before days could be corrected is keyed anew, once', async () => {
  const day = (on: string) => refused('Шереметьево', { document: 'E1234567', day: on, name: 'Мисолова Нигора' })
  await bring(day('01.11.2026'), 'old letter')
  const ctx = database.ctx({ db: database.owner, actor: { kind: 'system', task: 'test' } })
  await sql`update expulsions.border_refusal set keys_version = 1`.execute(database.owner)
  await sql`update expulsions.refusal_key set key = gen_random_uuid()`.execute(database.owner)
  const job = { ...ctx, run_id: null, signal: new AbortController().signal, report: async () => {} } as JobCtx
  await rekeyRefusalsJob.run(job, {})
  await rekeyRefusalsJob.run(job, {})
  expect(await bring(day('02.11.2026'), 'old letter')).toMatchObject({ created: 0, updated: 1 })
})

test('of namesakes the corrected row means the one with its passport', async () => {
  const list = (grounds: readonly [string, string]) =>
    `№;ФИО;Д.р.;Паспорт;Мера;Основание;Срок запрета
1;Образцов Комрон;01.03.1995;C1111111;депортация;${grounds[0]};бессрочно
2;Образцов Комрон;01.03.1995;C2222222;депортация;${grounds[1]};бессрочно
`
  const letter = 'letter of namesakes'
  expect(await bring(list(['ст. 1', 'ст. 2']), letter)).toMatchObject({ created: 2, errors: 0 })
  expect(await bring(list(['ст. 1', 'ст. 22']), letter)).toMatchObject({ same: 1, updated: 1, errors: 0 })
  const grounds = await database.owner
    .selectFrom('expulsions.statement')
    .select(['document_hint', 'ground', 'version'])
    .where('ground', 'like', 'ст. %')
    .orderBy('ground')
    .execute()
  expect(grounds.map(({ document_hint, ground, version }) => [document_hint?.slice(-4), ground, version])).toEqual([
    ['1111', 'ст. 1', 1],
    ['2222', 'ст. 2', 1],
    ['2222', 'ст. 22', 2],
  ])
})
