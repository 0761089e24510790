import pg from 'pg'
import { migrate } from '#kernel/db/migrate.ts'
import { openPool } from '#kernel/db/pool.ts'
import { prepareDatabase } from '#kernel/db/prepare.ts'
import { migrateQueue } from '#kernel/jobs/worker.ts'
import { PARTS } from '../src/modules.ts'

/** Makes the database `name` that each test file clones: at the present schema, with the reference data. */
export async function makeTemplate(
  ownerUrl: string,
  name: string,
  log: Parameters<typeof migrateQueue>[1],
): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  await owner.query(`create database ${name}`)
  await owner.end()
  const connectionString = ownerUrl.replace('/hamsafar?', `/${name}?`)
  await migrate({ connectionString }, { demonstration: true })
  await migrateQueue({ connectionString }, log)
  const db = openPool({ connectionString }, log, 2)
  await prepareDatabase(db, PARTS)
  await db.destroy()
}
