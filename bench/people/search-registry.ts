import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { newId, newReference } from '#kernel/ids.ts'
import { createOrganisation } from '#kernel/organisations/organisations.ts'
import { learnFrequencies } from '#kernel/people/frequencies.ts'
import { KEYS_VERSION } from '#kernel/people/matching/keys.ts'
import { numberIndex } from '#kernel/people/numbers.ts'
import { keysOf } from '#kernel/people/prepare.ts'
import { openSource } from '#kernel/people/receive.ts'
import { registryKeys } from '#kernel/people/registry-key.ts'
import type { Comparable } from '#kernel/people/scoring.ts'
import type { BenchDatabase } from '../search/database.ts'
import type { Script } from './romanise.ts'
import { recordOf, seeded, simulatePeople } from './simulate.ts'

const SCRIPTS: readonly Script[] = ['tajik', 'tajik', 'russian', 'russian', 'keyboard', 'icao', 'common']
const BATCH = 20_000
/** Each of so many people is in the records of an office that sees its own only. */
export const OF_SMALL_OFFICE = 50

/**
 * Fills the registry with simulated people, one record each, by COPY into the tables that the search reads; the index of keys is
 * made afterwards, as a restored registry would make it. `national` and `small`: the offices whose records these are.
 */
export async function fillRegistry(database: BenchDatabase, records: number, say: (line: string) => void) {
  const { owner } = database
  const ctx = database.system()
  const national = await createOrganisation(ctx, { kind: 'authority', country: 'TJ', names: { en: 'Registry' } })
  const small = await createOrganisation(ctx, { kind: 'centre', country: 'TJ', names: { en: 'Centre' } })
  await owner.insertInto('people.office').values({ organisation_id: national, national: true }).execute()
  const keys = await registryKeys(ctx)
  const source = await openSource(ctx, { custodian: national, kind: 'file', label: 'Bench' })
  await sql`alter table people.finding disable trigger finding_indexed`.execute(owner)
  await sql`drop index people.finding_keys`.execute(owner)
  // The search reads persons and findings; what it never touches is left out, and with it the triggers that guard it.
  await sql`alter table people.finding drop constraint finding_record_id_fkey`.execute(owner)
  await sql`alter table people.review drop constraint review_other_record_id_fkey`.execute(owner)
  const began = performance.now()
  const random = seeded(42)
  const scripts = seeded(43)
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  let done = 0
  let batch: (Comparable & { person_id: string })[] = []
  const flush = async () => {
    const copy = (target: string, lines: string[]) =>
      pipeline(Readable.from([lines.join('')]), client.query(copyFrom(`copy ${target} from stdin`)))
    await copy(
      'people.person (id, reference, root, created_at)',
      batch.map(({ person_id: id }) => `${id}\t${newReference(12)}\t${id}\t2026-01-01\n`),
    )
    const keysOfAll = keysOf(batch)
    await copy(
      'people.finding (record_id, person_id, custodian, adverse, names, birth, sex, citizenship, home_district, documents, keys, keys_version)',
      batch.map(({ record_id, person_id, names, birth, sex, citizenship, home_district, documents }, at) =>
        [
          ...[
            record_id,
            person_id,
            (done + at) % OF_SMALL_OFFICE === 0 ? small : national,
            'f',
            JSON.stringify(names).replaceAll('\\', '\\\\'),
            birth ?? '\\N',
            sex,
          ],
          ...[citizenship, home_district, `{${documents}}`, `{${keysOfAll[at]!.join(',')}}`, KEYS_VERSION],
        ]
          .join('\t')
          .concat('\n'),
      ),
    )
    done += batch.length
    batch = []
    if (done % 100_000 === 0) say(`${done} records`)
  }
  for (const person of simulatePeople(records, random)) {
    const { names, birth, sex } = recordOf(person, '', SCRIPTS[Math.floor(scripts() * SCRIPTS.length)]!)
    const documents = [numberIndex(keys, person.document).toString('hex')]
    const ids = { record_id: randomUUID(), person_id: newId() }
    batch.push({ ...ids, names, birth, sex, citizenship: 'TJ', home_district: person.district, documents })
    if (batch.length === BATCH) await flush()
  }
  if (batch.length > 0) await flush()
  await client.end()
  const filled = performance.now()
  say('making the index of keys')
  await sql`create index finding_keys on people.finding using gin (keys)`.execute(owner)
  await sql`alter table people.finding enable trigger finding_indexed`.execute(owner)
  const indexed = performance.now()
  await sql`vacuum (analyze) people.finding`.execute(owner)
  await learnFrequencies(ctx)
  const seconds = (ms: number) => Math.round(ms / 100) / 10
  return {
    ...{ national, small },
    figures: { fill_s: seconds(filled - began), build_index_s: seconds(indexed - filled) },
    keepWriting: (perSecond: number) => keepWriting(database, source, perSecond),
  }
}

/** Lets records come in beside, by a process of its own, until it is stopped; answers how many. */
async function keepWriting(database: BenchDatabase, source: string, perSecond: number) {
  const writer = fork(join(import.meta.dirname, 'search-writer.ts'), {
    env: { ...process.env, DATABASE: database.ownerUrl, SOURCE: source, PER_SECOND: String(perSecond) },
    execArgv: process.execArgv,
  })
  const said = () =>
    new Promise<unknown>((heard, fail) => {
      writer.once('message', heard)
      writer.once('exit', (code) => fail(new Error(`The writer ended with ${code}`)))
    })
  await said()
  return {
    async stop() {
      const written = said()
      writer.send('stop')
      const records = Number(await written)
      writer.disconnect()
      return records
    },
  }
}
