import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { servers } from '../../../test/servers.ts'
import { startEmbedded } from './embedded.ts'

// Longer than the path of a Unix socket may be.
const dataFolder = join(mkdtempSync(join(tmpdir(), 'hamsafar-embedded-')), 'a long and spacious name '.repeat(5))
const log = { info() {}, warn() {}, error() {} }

afterAll(() => rmSync(join(dataFolder, '..'), { recursive: true, force: true }))

async function ask(connectionString: string, question: string) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query(question)).rows
  } finally {
    await client.end()
  }
}

const RIGHTS = `
  select rolsuper or rolcreaterole or rolbypassrls or rolreplication as mighty, rolcreatedb as makes_databases,
    exists (select from pg_auth_members where member = oid) as is_member,
    exists (select from pg_shdepend where refobjid = pg_roles.oid and deptype = 'o') as owns_something
  from pg_roles
  where rolname = current_user`

test('the owner is no superuser; the app owns nothing, is a member of nothing and cannot become another', async () => {
  const { ownerUrl, appUrl } = await servers()
  expect(await ask(ownerUrl, RIGHTS)).toEqual([
    { mighty: false, makes_databases: true, is_member: false, owns_something: true },
  ])
  expect(await ask(appUrl, RIGHTS)).toEqual([
    { mighty: false, makes_databases: false, is_member: false, owns_something: false },
  ])
  await expect(ask(appUrl, 'set role hamsafar_owner')).rejects.toThrow(/permission denied/)
  await expect(ask(appUrl, 'create table x ()')).rejects.toThrow(/permission denied/)
})

test('a folder with a long name full of spaces; a second one joins or is refused; Cyrillic letters have similarity', async () => {
  const first = await startEmbedded({ dataFolder, log })
  try {
    const joined = await startEmbedded({ dataFolder, log, join: true })
    expect(joined.appUrl).toBe(first.appUrl)
    await joined.stop() // does not stop what it did not start
    await expect(startEmbedded({ dataFolder, log })).rejects.toThrow(
      new RegExp(`in use by another Hamsafar \\(process ${process.pid}\\)`),
    )
    await ask(first.ownerUrl, 'create extension pg_trgm')
    expect(
      await ask(first.ownerUrl, `select similarity('Раҳмон', 'Рахмон') > 0.3 as alike, lower('ҒӢҚӮҲҶ') as lower`),
    ).toEqual([{ alike: true, lower: 'ғӣқӯҳҷ' }])
  } finally {
    await first.stop()
  }
})
