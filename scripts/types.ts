import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '#kernel/db/embedded.ts'
import { migrate } from '#kernel/db/migrate.ts'

// npm run types [-- --verify]: writes src/kernel/db/types.ts from what the migrations make, or says that it is behind.
const dataFolder = mkdtempSync(join(tmpdir(), 'hamsafar-types-'))
const server = await startEmbedded({ dataFolder, log: console, settings: { fsync: 'off' } })
try {
  await migrate({ connectionString: server.ownerUrl }, { demonstration: false })
  const mapping = { timestamptz: 'Temporal.Instant', date: 'Temporal.PlainDate', int8: 'bigint' }
  const options = ['--dialect', 'postgres', '--url', server.ownerUrl, '--out-file', 'src/kernel/db/types.ts']
  const types = ['--exclude-pattern', 'graphile_worker.*', '--type-mapping', JSON.stringify(mapping)]
  execFileSync('kysely-codegen', [...options, ...types, ...process.argv.slice(2)], { stdio: 'inherit' })
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
} finally {
  await server.stop()
  rmSync(dataFolder, { recursive: true, force: true })
}
