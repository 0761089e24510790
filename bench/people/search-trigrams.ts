import { type Kysely, sql } from 'kysely'
import type { DB } from '#kernel/db/types.ts'
import { percentiles } from '../search/percentiles.ts'
import type { Question } from './search-questions.ts'

/** The same task as one would do it without this registry: pg_trgm over the names, with the birth date where it is asked. Without visibility, log and audit. */
export async function measureTrigrams(db: Kysely<DB>, questions: readonly Question[], say: (line: string) => void) {
  say('making the index of trigrams')
  await sql`create extension if not exists pg_trgm`.execute(db)
  await sql`
    create table public.trigram as
    select person_id, birth, home_district,
      lower(concat_ws(' ', n.name ->> 'family', n.name ->> 'given', n.name ->> 'patronymic', n.name ->> 'whole')) as name
    from people.finding
    cross join lateral jsonb_array_elements(names) n (name)`.execute(db)
  const began = performance.now()
  await sql`create index trigram_name on public.trigram using gin (name public.gin_trgm_ops)`.execute(db)
  const build = Math.round((performance.now() - began) / 100) / 10
  await sql`analyze public.trigram`.execute(db)
  const answers: { kind: string; ms: number; right: boolean }[] = []
  for (const { kind, name, birth, person } of questions) {
    const asked = performance.now()
    const { rows } = await sql<{ birth: number | null; home_district: string | null }>`
      select birth, home_district
      from public.trigram
      where name operator(public.%) ${name!.toLowerCase()}
        and (${birth ?? null}::int is null or birth = ${birth ?? null})
      order by public.similarity(name, ${name!.toLowerCase()}) desc
      limit 20`.execute(db)
    answers.push({
      kind,
      ms: performance.now() - asked,
      right: rows.slice(0, 3).some((row) => row.birth === person.birth && row.home_district === person.district),
    })
  }
  const { rows } = await sql<{ size: string }>`select pg_relation_size('public.trigram_name') as size`.execute(db)
  const figures = (kind: string) => {
    const some = answers.filter((answer) => answer.kind === kind)
    const times = percentiles(some.map(({ ms }) => ms))
    const found = Math.round((1000 * some.filter(({ right }) => right).length) / Math.max(1, some.length)) / 1000
    say(`pg_trgm, ${kind}: p50 ${times.p50_ms} ms, p95 ${times.p95_ms} ms, found among three ${found}`)
    return { questions: some.length, ...times, found_among_3: found }
  }
  return {
    trigram_birth: figures('birth'),
    trigram_name: figures('name'),
    trigram_index_mb: Math.round(Number(rows[0]!.size) / 2 ** 20),
    trigram_build_s: build,
  }
}
