import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { forgiving } from './forgiving-pool.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

type Given = { error: Error | undefined; client: pg.PoolClient | undefined; release: (broken?: boolean) => void }
const given = (pool: pg.Pool) =>
  new Promise<Given>((resolve) => {
    pool.connect((error, client, release) => resolve({ error, client, release }))
  })

test('a connection may be given back twice, and is lent again', async () => {
  const pool = forgiving(new pg.Pool({ connectionString: database.ownerUrl, max: 1 }))
  const { client, release } = await given(pool)
  await client!.query('select 1')
  release()
  expect(() => release()).not.toThrow()
  const promised = await pool.connect()
  expect(promised).toBe(client)
  promised.release()
  expect([pool.totalCount, pool.idleCount]).toEqual([1, 1])
  await pool.end()
})

test('a broken one is closed, and given back twice all the same', async () => {
  const pool = forgiving(new pg.Pool({ connectionString: database.ownerUrl, max: 1 }))
  const { release } = await given(pool)
  release(true)
  expect(() => release()).not.toThrow()
  expect(pool.totalCount).toBe(0)
  await pool.end()
})

test('where there is no connection, giving back does nothing', async () => {
  const ended = forgiving(new pg.Pool({ connectionString: database.ownerUrl }))
  await ended.end()
  const away = forgiving(new pg.Pool({ host: '127.0.0.1', port: 1 }))
  for (const pool of [ended, away]) {
    const { error, client, release } = await given(pool)
    expect([error, client]).toEqual([expect.any(Error), undefined])
    expect(() => release()).not.toThrow()
  }
  await away.end()
})
