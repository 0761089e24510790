import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { createPlatform } from '../platform.ts'
import { reapFiles } from './reap.ts'

const ORPHANS = 2_300
let database: TestDatabase
const HAMSAFAR_DATA = mkdtempSync(join(tmpdir(), 'hamsafar-reap-'))
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await database?.drop()
  rmSync(HAMSAFAR_DATA, { recursive: true })
})

test('a store of any size is walked a thousand names at a time, and nothing is missed on the way', async () => {
  const now = Temporal.Now.instant()
  const old = now.subtract({ hours: 48 }).epochMilliseconds / 1_000
  const folder = join(HAMSAFAR_DATA, 'files', 'aa')
  mkdirSync(folder, { recursive: true })
  for (let i = 0; i < ORPHANS; i++) {
    const file = join(folder, `00000000-0000-7000-8000-${i.toString(16).padStart(10, '0')}aa`)
    writeFileSync(file, '')
    utimesSync(file, old, old)
  }
  writeFileSync(join(folder, 'somebody-elses'), '')
  utimesSync(join(folder, 'somebody-elses'), old, old)
  writeFileSync(join(folder, `${crypto.randomUUID().slice(0, -2)}aa`), 'young')
  const config = { ...database.platform.config, HAMSAFAR_DATA }
  const platform = createPlatform(database.platform.parts, config, true)
  let batches = 0
  const { objects } = await reapFiles({ ...database.ctx({ db: database.owner, now }), platform }, async () => {
    batches++
  })
  expect([objects, batches]).toEqual([ORPHANS, 3])
  expect(readdirSync(folder)).toHaveLength(2)
})
