import { sql } from 'kysely'
import type { Bench } from '../scripts/bench.ts'
import { askingOfficers, type Question, questionsAbout } from './people/search-questions.ts'
import { fillRegistry } from './people/search-registry.ts'
import { measureTrigrams } from './people/search-trigrams.ts'
import { seeded, simulatePeople } from './people/simulate.ts'
import { withDatabase } from './search/database.ts'
import { percentiles } from './search/percentiles.ts'

const QUESTIONS = 1_200
const TRIGRAM_QUESTIONS = 60
const OFFICERS = 2
/** Records that come in beside, a second. */
const WRITES = 20

/**
 * The officers' search over `--scale` records (from 1,000): one request after the other by two officers, each with its transaction,
 * visibility, log of looks and audit, while records are written. Questions are other spellings of people in the registry; an
 * answer counts as right when that person is among the first three. Beside it the same by pg_trgm.
 */
const bench: Bench = ({ scale, say }) =>
  withDatabase(
    { shared_buffers: '2GB', work_mem: '16MB', max_wal_size: '8GB', maintenance_work_mem: '512MB', jit: 'off' },
    async (database) => {
      const records = Math.max(1_000, Math.round(scale))
      const registry = await fillRegistry(database, records, say)
      const random = seeded(7)
      const questions = questionsAbout([...simulatePeople(QUESTIONS * 2, seeded(42))], QUESTIONS, random)
      const officers = await askingOfficers(database, OFFICERS)
      await officers.ask(questions.slice(0, 100))
      say(`asking ${questions.length} questions`)
      const writing = registry.keepWriting(WRITES)
      const answers = await officers.ask(questions)
      const written = await writing.stop()
      const of = (kind: Question['kind']) => answers.filter((answer) => answer.kind === kind)
      const figures = Object.fromEntries(
        (['birth', 'document', 'name'] as const).map((kind) => {
          const some = of(kind)
          const times = percentiles(some.map(({ ms }) => ms))
          const found = Math.round((1000 * some.filter(({ right }) => right).length) / some.length) / 1000
          say(
            `${kind}: p50 ${times.p50_ms} ms, p95 ${times.p95_ms} ms, p99 ${times.p99_ms} ms, found among three ${found}`,
          )
          return [kind, { questions: some.length, ...times, found_among_3: found }]
        }),
      )
      for (const { ms, kind, asked } of answers.toSorted((a, b) => b.ms - a.ms).slice(0, 5))
        say(`${ms.toFixed(1)} ms ${kind} ${asked}`)
      const { looks, lines } = await logged(database.owner)
      const trigrams = await measureTrigrams(
        database.owner,
        questions.filter(({ kind }) => kind !== 'document').slice(0, TRIGRAM_QUESTIONS),
        say,
      )
      return {
        records,
        written_beside: written,
        ...registry.figures,
        ...figures,
        looks_logged: looks,
        audit_lines: lines,
        ...(await sizes(database.owner)),
        ...trigrams,
      }
    },
  )
export default bench

async function logged(db: Parameters<typeof sizes>[0]) {
  const { rows } = await sql<{ looks: number; lines: number }>`
    select (select count(*)::int from people.look) as looks,
      (select count(*)::int from audit.entry where action = 'person.search') as lines`.execute(db)
  return rows[0]!
}

async function sizes(db: Parameters<typeof measureTrigrams>[0]) {
  const { rows } = await sql<{ keys: string; finding: string }>`
    select pg_relation_size('people.finding_keys') as keys, pg_table_size('people.finding') as finding`.execute(db)
  const mb = (bytes: string) => Math.round(Number(bytes) / 2 ** 20)
  return { keys_index_mb: mb(rows[0]!.keys), finding_table_mb: mb(rows[0]!.finding) }
}
