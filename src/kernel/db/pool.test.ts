import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { servers } from '../../../test/servers.ts'
import { openPool } from './pool.ts'

test('a connection that dies in use fails what it was used for, and only that', async () => {
  const lost: string[] = []
  const db = openPool(
    { connectionString: (await servers()).appUrl },
    { warn: (line: object) => lost.push(`${line}`) },
    2,
  )
  try {
    await db.connection().execute(async (held) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(held)
      await sql`select pg_terminate_backend(${rows[0]!.pid}, 5000)`.execute(db)
      // Not idle and not asking anything: nobody but the connection itself hears of its end.
      await new Promise((done) => setTimeout(done, 50))
      await expect(sql`select 1`.execute(held)).rejects.toThrow()
    })
    expect((await sql<{ one: number }>`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }])
  } finally {
    await db.destroy()
  }
  expect(lost).toEqual([])
})
