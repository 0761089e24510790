import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { Env } from './env.ts'
import { answerProblem } from './problems.tsx'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

/** The answer to a request that fails so. */
function answerTo(error: Error, path: string) {
  const app = new Hono<Env>()
  app.get('*', () => {
    throw error
  })
  app.onError((thrown, c) => answerProblem(thrown, c, database.ctx()))
  return app.request(path)
}

const coded = (code: string) => Object.assign(new Error('the server said so'), { code })

// What the driver, the pool and the server say while the database is away: the words are theirs.
test.each([
  new Error('Client has encountered a connection error and is not queryable'),
  new Error('Connection terminated unexpectedly'),
  new Error('Connection terminated due to connection timeout'),
  new Error('timeout exceeded when trying to connect'),
  ...['ECONNREFUSED', '57P01', '57P03', '53300', '08006'].map(coded),
])('a database that is away is 503, to be tried again soon: $message, $code', async (error) => {
  for (const path of ['/en/vacancies', '/api/v1/vacancies']) {
    const answer = await answerTo(error, path)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10'])
    expect(await answer.text()).not.toContain(error.message)
  }
})

test.each([new Error('is not a function'), coded('23505'), coded('42P01')])(
  'a fault of ours is 500, and keeps its words to itself: $message, $code',
  async (error) => {
    const answer = await answerTo(error, '/en/vacancies')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([500, null])
    expect(await answer.text()).not.toContain(error.message)
  },
)
