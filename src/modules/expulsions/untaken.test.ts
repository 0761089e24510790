import { afterAll, beforeAll, expect, test } from 'vitest'
import { NOW, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { noteUntaken } from './untaken.ts'

let database: TestDatabase
let x: Exchange
beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
})
afterAll(() => database.drop())

const told = async (office: 'embassy' | 'service' | 'foreign') =>
  database.owner
    .selectFrom('notifications.notification')
    .select(['message_key', 'message_values'])
    .where('user_id', '=', x[office].officer.user_id)
    .where('message_key', 'like', 'expulsions.notice.untaken%')
    .execute()

test('a list of which no row was taken in is told to whoever brought it and the Migration Service, once; another is not', async () => {
  const wrong = '1;Намунаев Далер;14.02.1990;A12345678;штраф;ст. 26;Т-1;бессрочно\n'
  await x.bring(`${HEADINGS}\n${wrong}${wrong.replace('Далер', 'Умед')}`, { name: 'wrong.csv' })
  await x.bring(`${HEADINGS}\n${wrong}${wrong.replace('штраф', 'депортация')}`, { name: 'half.csv' })
  const job = (hours: number) =>
    noteUntaken(database.ctx({ db: database.owner, actor: { kind: 'system', task: 'test' }, now: NOW.add({ hours }) }))
  await job(0)
  await job(1)
  expect(await told('embassy')).toMatchObject([{ message_key: 'expulsions.notice.untaken' }])
  expect(await told('service')).toMatchObject([
    {
      message_key: 'expulsions.notice.untaken_there',
      message_values: { rows: 2, office_en: 'Office embassy' },
    },
  ])
  expect(await told('foreign')).toEqual([])
  // One that was checked, and nobody went on with it.
  await database.owner
    .updateTable('imports.import')
    .set({ state: 'checked', finished_at: null })
    .where('file_name', '=', 'half.csv')
    .execute()
  await job(2)
  expect(await told('service')).toHaveLength(1)
  await job(25)
  expect(await told('service')).toHaveLength(2)
})
