import { loadavg } from 'node:os'
import { sql } from 'kysely'
import type { Bench } from '../scripts/bench.ts'
import { askingOfficers, type Question, questionsAbout } from './people/search-questions.ts'
import { fillRegistry, OF_SMALL_OFFICE } from './people/search-registry.ts'
import { measureTrigrams } from './people/search-trigrams.ts'
import { seeded, simulatePeople } from './people/simulate.ts'
import { withDatabase } from './search/database.ts'
import { percentiles } from './search/percentiles.ts'

const QUESTIONS = 1_200
/** Asked before anything is measured: a program that has run for a minute is another than a new one. */
const WARM = 400
const SMALL_OFFICE_QUESTIONS = 300
const TRIGRAM_QUESTIONS = 60
/** Records that come in beside, a second. */
const WRITES = 20
/** From so many records on the index is larger than the smaller buffers. */
const MANY = 2_000_000

/**
 * The officers' search over `--scale` records (from 1,000): each question with its transaction, visibility, log of looks and audit,
 * while another process writes records. First one officer asks, one question after the other: how long people wait. Then two ask
 * as fast as they are answered, other questions, on the same two cores: what the machine bears; then one of an office that sees its own
 * records only, one in fifty, for people of these. Questions are other spellings of people in the registry; an answer counts as right when that person is among the first three. Beside it the same by pg_trgm.
 */
const bench: Bench = ({ scale, say }) => {
  const records = Math.max(1_000, Math.round(scale))
  const memory = { shared_buffers: records < MANY ? '2GB' : '6GB', work_mem: '16MB', maintenance_work_mem: '512MB' }
  return withDatabase({ ...memory, max_wal_size: '8GB', jit: 'off' }, async (database) => {
    const registry = await fillRegistry(database, records, say)
    const people = [...simulatePeople(QUESTIONS * 2 + WARM, seeded(42))]
    const questions = questionsAbout(people, people.length, seeded(7))
    const officers = await askingOfficers(database, registry.national, 2)
    await officers.ask(questions.splice(0, WARM), 2)
    const writing = await registry.keepWriting(WRITES)
    say('one officer asks')
    const alone = figuresOf(await officers.ask(questions.slice(0, QUESTIONS), 1), say)
    say('two officers ask as fast as they are answered')
    const began = performance.now()
    const together = figuresOf(await officers.ask(questions.slice(QUESTIONS), 2), say)
    const questions_per_second = Math.round(QUESTIONS / ((performance.now() - began) / 1000))
    say('one officer of a small office asks')
    const few = [...simulatePeople(SMALL_OFFICE_QUESTIONS * OF_SMALL_OFFICE, seeded(42))].filter(
      (_, at) => at % OF_SMALL_OFFICE === 0,
    )
    const clerk = await askingOfficers(database, registry.small, 1)
    const small = figuresOf(await clerk.ask(questionsAbout(few, few.length, seeded(8)), 1), say)
    const written = await writing.stop()
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
      ...alone,
      two_at_once: { ...together, questions_per_second },
      small_office: small,
      looks_logged: looks,
      audit_lines: lines,
      ...(await sizes(database.owner)),
      ...trigrams,
      load: Math.round(loadavg()[0]! * 10) / 10,
    }
  })
}
export default bench

function figuresOf(answers: readonly (Question & { ms: number; right: boolean })[], say: (line: string) => void) {
  for (const { ms, kind, asked } of answers.toSorted((a, b) => b.ms - a.ms).slice(0, 3))
    say(`slowest: ${ms.toFixed(1)} ms ${kind} ${asked}`)
  return Object.fromEntries(
    (['birth', 'document', 'name'] as const).map((kind) => {
      const some = answers.filter((answer) => answer.kind === kind)
      const times = percentiles(some.map(({ ms }) => ms))
      const found = Math.round((1000 * some.filter(({ right }) => right).length) / some.length) / 1000
      say(`${kind}: p50 ${times.p50_ms} ms, p95 ${times.p95_ms} ms, p99 ${times.p99_ms} ms, found among three ${found}`)
      return [kind, { questions: some.length, ...times, found_among_3: found }]
    }),
  )
}

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
