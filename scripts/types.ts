// Writes src/kernel/db/types.ts from the migrated schema: `npm run db:types`; with `--verify` only compares.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '#kernel/db/embedded.ts'
import { migrate } from '#kernel/db/migrate.ts'
import { ROOT } from '#kernel/root.ts'

const log = { info() {}, warn() {}, error() {} }
const folder = mkdtempSync(join(tmpdir(), 'hamsafar-types-'))
const server = await startEmbedded({ dataFolder: folder, log, settings: { fsync: 'off' } })
try {
  await migrate({ connectionString: server.ownerUrl }, { demonstration: true })
  execFileSync(
    join(ROOT, 'node_modules/.bin/kysely-codegen'),
    [
      ...['--dialect', 'postgres', '--url', server.ownerUrl, '--out-file', join(ROOT, 'src/kernel/db/types.ts')],
      ...['--exclude-pattern', 'graphile_worker.*', '--include-pattern', '*.*'],
      '--type-mapping={"timestamptz":"Temporal.Instant","date":"Temporal.PlainDate","int8":"bigint"}',
      ...process.argv.slice(2),
    ],
    { stdio: 'inherit' },
  )
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
