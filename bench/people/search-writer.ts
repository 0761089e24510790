import { readConfig } from '#kernel/config.ts'
import { openPool } from '#kernel/db/pool.ts'
import type { StatedRecord } from '#kernel/people/facts.ts'
import { receiveRecords } from '#kernel/people/receive.ts'
import { createPlatform } from '#kernel/platform.ts'
import { systemContext } from '#kernel/system.ts'
import { PARTS } from '../../src/modules.ts'
import { silentLog } from '../search/database.ts'
import { recordOf, seeded, simulatePeople } from './simulate.ts'

// The other process of an installation, in which lists come in: receives records, matched and all, PER_SECOND of them, into
// SOURCE on DATABASE (the owner's login), until it is told to stop; answers how many.
const { DATABASE, SOURCE, PER_SECOND } = process.env as { DATABASE: string; SOURCE: string; PER_SECOND: string }
const config = readConfig({ HAMSAFAR_SECRET_KEY: Buffer.alloc(32, 7).toString('base64') })
const db = openPool({ connectionString: DATABASE }, silentLog, 1)
const ctx = systemContext(createPlatform(PARTS, config, true), db, silentLog, 'bench')
let going = true
process.once('message', () => {
  going = false
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
let written = 0
for (const person of simulatePeople(1_000_000, seeded(99))) {
  if (!going) break
  const began = performance.now()
  const { names, birth, sex } = recordOf(person, '', 'russian')
  const row: StatedRecord = {
    names,
    birth,
    sex,
    citizenship: 'TJ',
    home_district: person.district,
    documents: [{ kind: 'passport', number: person.document }],
    adverse: false,
  }
  await db.transaction().execute((inside) => receiveRecords({ ...ctx, db: inside }, SOURCE, [row]))
  written++
  await new Promise((next) => setTimeout(next, Math.max(0, 1000 / Number(PER_SECOND) - (performance.now() - began))))
}
await db.destroy()
process.send?.(written)
