import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { newId } from '../ids.ts'
import { arrayOf, recordset } from './arrays.ts'

let app: TestDatabase
beforeAll(async () => {
  app = await testDatabase()
})
afterAll(() => app?.drop())

describe('lists for PostgreSQL', () => {
  test('arrive as they were, empty ones and gaps too', async () => {
    const id = newId()
    const { rows } = await sql`
      select ${arrayOf('integer', [])} as none, ${arrayOf('integer', [1, null, -7])} as gaps,
        ${arrayOf('bigint', [-(2n ** 63n), 2n ** 63n - 1n])} as longs, ${arrayOf('uuid', [id])} as ids,
        ${arrayOf('text', ['Ҷӯра "x" \\ {,}', ''])} as texts, ${arrayOf('boolean', [true, false])} as bits,
        ${arrayOf('bytea', [Buffer.of(0, 255)])} as bytes, ${arrayOf('double precision', [0.1])} as numbers`.execute(
      app.owner,
    )
    expect(rows[0]).toEqual({
      ...{ none: [], gaps: [1, null, -7], ids: [id], texts: ['Ҷӯра "x" \\ {,}', ''], bits: [true, false] },
      ...{ longs: [-(2n ** 63n), 2n ** 63n - 1n].map(String), bytes: [Buffer.of(0, 255)], numbers: [0.1] },
    })
  })

  test('of rows are a table: typed, null where a row has nothing, in the order of the rows', async () => {
    const given = [
      { n: 1, of: { a: [1, 'ӣ'] }, on: Temporal.PlainDate.from('2026-03-05'), list: ['a"b', 'c\\d', 'e,{f}'] },
      { n: 2, of: null, left: 'out' },
    ]
    const { rows } = await sql`
      select x.*, pg_typeof(x.of)::text as type
      from ${recordset(given, { n: 'integer', of: 'jsonb', on: 'date', list: 'text[]' })} x`.execute(app.owner)
    expect(rows).toEqual([
      { n: 1, of: { a: [1, 'ӣ'] }, on: given[0]!.on, list: ['a"b', 'c\\d', 'e,{f}'], type: 'jsonb' },
      { n: 2, of: null, on: null, list: null, type: 'jsonb' },
    ])
    expect(
      (await sql`select from ${recordset([] as typeof given, { n: 'integer' })} x`.execute(app.owner)).rows,
    ).toEqual([])
  })
})
