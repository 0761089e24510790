import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { sealAll } from '../../../test/audit.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { OTHER_POSTGRES, type OtherPostgres, startOtherPostgres } from '../../../test/other-postgres.ts'
import { servers } from '../../../test/servers.ts'
import { audit } from '../audit/audit.ts'
import { sealEntries } from '../audit/chain.ts'
import { verifyAudit } from '../audit/verify.ts'
import { openPool } from '../db/pool.ts'
import { forgetFile, keepFile, readFile, writeFile } from '../files/files.ts'
import { newId } from '../ids.ts'
import { enqueue } from '../jobs/runs.ts'
import { ROLES } from '../module.ts'
import { createPlatform } from '../platform.ts'
import { backUp } from './back-up.ts'
import { figuresAt } from './fixtures/figures.ts'
import { type Manifest, readManifest, writeManifest } from './manifest.ts'
import { checkBackup, prove, restore } from './restore.ts'

let site: TestApp
const folders: string[] = []
const databases: string[] = []
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'hamsafar-backup-'))
  folders.push(made)
  return made
}

beforeAll(async () => {
  site = await testApp()
  Object.assign(site.platform.config, { HAMSAFAR_DATA: folder() })
})
afterAll(async () => {
  await site?.drop()
  for (const name of databases) await onServer(`drop database if exists ${name}`)
  for (const made of folders) rmSync(made, { recursive: true, force: true })
})

async function onServer(statement: string) {
  const client = new pg.Client({ connectionString: (await servers()).ownerUrl })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

async function newDatabase(): Promise<string> {
  const name = `r${process.pid}_${newId().slice(-8)}`
  await onServer(`create database ${name}`)
  databases.push(name)
  return (await servers()).ownerUrl.replace('/hamsafar?', `/${name}?`)
}

const secret = () => site.platform.config.HAMSAFAR_SECRET_KEY
const system = (now = NOW) => site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' }, now })
const configWith = (HAMSAFAR_DATA: string) => ({ ...site.platform.config, HAMSAFAR_DATA })

async function writeProtected(text: string) {
  const keeping = { permission: 'audit.read', protect: true }
  const file = await writeFile(system(), { name: 't.txt', type: 'text/plain', content: [Buffer.from(text)] }, keeping)
  await keepFile(system(), file.id)
  return file
}

/** Everything that is written at once while the backup is made, until it is told to stop. */
function everybodyWrites() {
  let [going, written] = [true, 0]
  const loop = async (act: () => Promise<unknown>) => {
    while (going) {
      await act()
      written++
    }
  }
  const work = Promise.all([
    loop(() => audit(system(), 'test.write', { type: 'thing', id: newId() }, { n: written })),
    loop(() => sealEntries(site.owner)),
    // Both rows or none: a backup that is not of one moment holds a name without its organisation.
    loop(() =>
      site.owner.transaction().execute(async (db) => {
        const id = newId()
        const organisation = { id, kind: 'authority', country: 'TJ', created_at: NOW }
        await db.insertInto('organisations.organisation').values(organisation).execute()
        await db
          .insertInto('organisations.organisation_name')
          .values({ organisation_id: id, lang: 'tg', name: `Идора «${id}»\n\\таб\t` })
          .execute()
      }),
    ),
    loop(async () => {
      const { id } = await writeProtected('brief')
      await forgetFile(system(), id)
    }),
    loop(() => enqueue(system(), 'test.job', { n: written })),
  ])
  return {
    written: () => written,
    async stop() {
      going = false
      await work
    },
  }
}

const make = (target: string, atSnapshot: (snapshot: string) => Promise<void> = async () => {}) =>
  backUp({ connectionString: site.ownerUrl }, site.platform.config, target, { progress() {}, atSnapshot })

const bring = async (from: string, manifest: Manifest, connectionString: string, data = folder()) => {
  const config = configWith(data)
  await restore({ connectionString }, config, from, manifest, silentLog, () => {})
  return prove({ connectionString }, config, manifest, silentLog)
}

describe('a backup while everybody writes', () => {
  let target: string
  let manifest: Manifest
  let expected: Record<string, string>
  let kept: { id: string }

  beforeAll(async () => {
    kept = await writeProtected('Рози нигоҳдошта')
    for (const role of ROLES) await site.actor(role)
    for (let i = 0; i < 300; i++) await audit(system(), 'test.before', undefined, { i })
    await sealAll(site.owner)
    const writers = everybodyWrites()
    target = folder()
    const atStart = writers.written()
    try {
      manifest = await make(target, async (snapshot) => {
        expected = await figuresAt(site.ownerUrl, snapshot)
      })
      expect(writers.written() - atStart).toBeGreaterThan(50)
    } finally {
      await writers.stop()
    }
  }, 120_000)

  test('is restored figure by figure as the snapshot was, and the chain of the audit is whole', async () => {
    const url = await newDatabase()
    const data = folder()
    const proof = await bring(target, manifest, url, data)
    expect(proof).toMatchObject({ differing: [], audit: { ok: true } })
    expect(proof.audit.sealed).toBeGreaterThanOrEqual(300n)
    const restored = await figuresAt(url)
    expect(restored).toEqual(expected)
    expect(Object.keys(restored).length).toBeGreaterThan(35)
    // The snapshot was not the end: more was written meanwhile.
    expect(await figuresAt(site.ownerUrl)).not.toEqual(expected)

    const owner = openPool({ connectionString: url }, silentLog, 2)
    try {
      const orphans = await sql<{ n: bigint }>`
        select count(*) as n from organisations.organisation_name n
        where not exists (select from organisations.organisation o where o.id = n.organisation_id)`.execute(owner)
      expect(orphans.rows[0]!.n).toBe(0n)
      const platform = createPlatform(site.platform.parts, configWith(data), true)
      const content = await Array.fromAsync(await readFile({ ...system(), db: owner, platform }, kept))
      expect(Buffer.concat(content).toString()).toBe('Рози нигоҳдошта')
      // It goes on: new lines follow the old ones and are sealed.
      await audit({ ...system(), db: owner }, 'test.after')
      await sealAll(owner)
      expect(await verifyAudit(owner)).toMatchObject({ ok: true, tail: { lines: 0 } })
      expect(
        await sql`insert into organisations.organisation_name values (${newId()}, 'tg', 'x')`
          .execute(owner)
          .catch((e) => e.message),
      ).toMatch(/foreign key/)
    } finally {
      await owner.destroy()
    }
  }, 120_000)

  test('what was altered in the restored database would be seen', async () => {
    const url = await newDatabase()
    const data = folder()
    await bring(target, manifest, url, data)
    const owner = openPool({ connectionString: url }, silentLog, 1)
    await sql`update organisations.organisation_name set name = 'another'`.execute(owner)
    await sql`delete from imports.import`.execute(owner)
    await sql`alter table audit.entry disable trigger user`.execute(owner)
    await sql`update audit.entry set action = 'test.forged' where id = (select min(id) from audit.entry)`.execute(owner)
    await owner.destroy()
    rmSync(join(data, 'files', kept.id.slice(-2), kept.id))
    const proof = await prove({ connectionString: url }, configWith(data), manifest, silentLog)
    expect(proof.differing).toContain('organisations.organisation_name: other contents')
    expect(proof.differing).toContain('audit.entry: other contents')
    expect(proof.differing).toContain(`file ${kept.id}: not in the store`)
    expect(proof.audit.ok).toBe(false)
  }, 120_000)

  test('only into an empty database; a failure leaves it empty', async () => {
    const url = await newDatabase()
    await expect(bring(target, manifest, site.ownerUrl)).rejects.toThrow('The database is not empty')
    const broken = folder()
    cpSync(target, broken, { recursive: true })
    const part = join(broken, 'tables/audit.entry.copy.gz')
    truncateSync(part, 200)
    await expect(bring(broken, manifest, url)).rejects.toThrow()
    expect(await bring(target, manifest, url)).toMatchObject({ differing: [] })
  }, 120_000)

  test('a part that is damaged, missing or added to is found before anything is touched', async () => {
    await checkBackup(target, manifest)
    const broken = folder()
    cpSync(target, broken, { recursive: true })
    const part = join(broken, 'tables/organisations.organisation.copy.gz')
    const bytes = readFileSync(part)
    bytes[30]! ^= 1
    writeFileSync(part, bytes)
    await expect(checkBackup(broken, manifest)).rejects.toThrow(/damaged: .*organisations\.organisation/)
    rmSync(part)
    await expect(checkBackup(broken, manifest)).rejects.toThrow(/not whole: .*ENOENT/)
  })

  test('another secret key, another figure, another version are refused in a sentence', async () => {
    const other = Buffer.alloc(32, 1).toString('base64')
    await expect(readManifest(target, other)).rejects.toThrow('made with another secret key')
    await expect(readManifest(folder(), secret())).rejects.toThrow('not a whole backup')
    const copy = folder()
    const text = readFileSync(join(target, 'manifest.json'), 'utf8')
    writeFileSync(join(copy, 'manifest.json'), text.replace(/"rows":\d+/, '"rows":7'))
    await expect(readManifest(copy, secret())).rejects.toThrow('was altered')
    const newer = { ...manifest, version: '9.0.0' }
    const added = { name: '20990101-01-future', checksum: createHash('sha256').update('x').digest('hex') }
    await writeManifest(copy, { ...newer, migrations: [...manifest.migrations, added] }, secret())
    const read = await readManifest(copy, secret())
    await expect(checkBackup(copy, read)).rejects.toThrow(/another version of Hamsafar \(9\.0\.0; .*20990101-01-future/)
  })

  test('holds neither the secret key nor a readable file, and only the own user can read it', () => {
    const names = readdirSync(target, { recursive: true, encoding: 'utf8' })
    expect(names).toContain(`files/${kept.id}`)
    expect(names.filter((name) => name.includes('secret'))).toEqual([])
    expect(readFileSync(join(target, 'files', kept.id)).includes('нигоҳдошта')).toBe(false)
    expect(existsSync(join(target, 'manifest.json'))).toBe(true)
    expect(readFileSync(join(target, 'manifest.json'), 'utf8')).not.toContain(secret())
  })
})

test('a backup whose connection is lost fails, and soon', async () => {
  const lost = make(folder(), async () => {
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and state = 'idle in transaction' and query like '%pg_export_snapshot%'`.execute(
      site.owner,
    )
  })
  await expect(lost).rejects.toThrow()
})

// An ordinary login of a server that somebody else runs; once, where the others are tried on ours.
describe.skipIf(!OTHER_POSTGRES || process.env.HAMSAFAR_TEST_POSTGRES)("Debian's PostgreSQL and ours", () => {
  let other: OtherPostgres
  beforeAll(async () => {
    other = await startOtherPostgres(OTHER_POSTGRES!)
    await other.asSuperuser('create role hamsafar_owner login createrole', 'create database down owner hamsafar_owner')
  }, 240_000)
  afterAll(() => other?.stop())

  test('from ours to theirs and back: every figure stays', async () => {
    const [down, up] = [folder(), folder()]
    const manifest = await make(down)
    expect(manifest.postgres).toMatch(/^18/)
    const older = other.url('hamsafar_owner', 'down')
    const data = folder()
    expect(await bring(down, manifest, older, data)).toMatchObject({ differing: [], audit: { ok: true } })
    const again = await backUp({ connectionString: older }, configWith(data), up, { progress() {} })
    expect(OTHER_POSTGRES).toContain(`/${Number.parseInt(again.postgres, 10)}/`)
    const digests = (of: Manifest) =>
      Object.fromEntries(of.tables.map(({ name, rows, digest }) => [name, [rows, digest]]))
    expect(digests(again)).toEqual(digests(manifest))
    expect(await bring(up, again, await newDatabase())).toMatchObject({ differing: [], audit: { ok: true } })
  }, 180_000)
})
