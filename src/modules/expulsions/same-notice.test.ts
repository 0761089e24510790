import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type Exchange, exchange } from './fixtures/exchange.ts'

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
