import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
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

test('what a query answered ends with whoever asked, at the next small collection', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void
  const db = openPool({ connectionString: (await servers()).appUrl }, { warn() {} }, 1)
  const ask = async (times: number) => {
    for (let asked = 0; asked < times; asked++)
      await sql`select n, md5(n::text) as text from generate_series(1, 500) n`.execute(db)
    collect({ type: 'minor' })
    collect({ type: 'minor' })
    return process.memoryUsage().heapUsed
  }
  try {
    const before = await ask(50)
    // Each answer takes some 50 kB: all of them ten times as much as may be left.
    expect((await ask(400)) - before).toBeLessThan(2_000_000)
  } finally {
    await db.destroy()
  }
})
