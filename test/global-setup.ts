import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '#kernel/db/embedded.ts'
import { migrate } from '#kernel/db/migrate.ts'
import { openPool } from '#kernel/db/pool.ts'
import { prepareDatabase } from '#kernel/db/prepare.ts'
import { migrateQueue } from '#kernel/jobs/worker.ts'
import { PARTS } from '../src/modules.ts'
import { TEMPLATE } from './database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    servers: { ownerUrl: string; appUrl: string }
  }
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** One server for the whole run, and in it one migrated database with the reference data, which each test file clones. */
export default async function setup(project: TestProject) {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hamsafar-test-'))
  const server = await startEmbedded({
    dataFolder,
    log: silent,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  })
  const owner = new pg.Client({ connectionString: server.ownerUrl })
  await owner.connect()
  await owner.query(`create database ${TEMPLATE}`)
  await owner.end()
  const connectionString = server.ownerUrl.replace('/hamsafar?', `/${TEMPLATE}?`)
  await migrate({ connectionString }, { demonstration: true })
  await migrateQueue({ connectionString }, silent)
  const db = openPool({ connectionString }, silent, 2)
  await prepareDatabase(db, PARTS)
  await db.destroy()
  project.provide('servers', { ownerUrl: server.ownerUrl, appUrl: server.appUrl })
  return async () => {
    await server.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}
