import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { newId } from '../ids.ts'
import { defineJob } from '../jobs/job.ts'
import { nameText, type StatedName } from './facts.ts'
import { wordsOf } from './matching/names.ts'
import { soundOf } from './matching/sounds.ts'
import { askFrequenciesAnew } from './scoring.ts'

/** So many records say well enough how common a name is; what is rarer than the sample shows counts as rare. */
const SAMPLE = 200_000
const PAGE = 20_000
/** A smaller registry says nothing about a people. */
const LEAST = 1_000
const SEEN = 3

/** Learns, nightly and from a sample, how common words of names and dates of birth are. Owner's connection. */
export const learnFrequenciesJob = defineJob({ run: (ctx) => learnFrequencies(ctx) })

/** The same at once. Does nothing while there are fewer than a thousand records. */
export async function learnFrequencies(ctx: Ctx): Promise<void> {
  const { rows: size } = await sql<{ records: number; persons: number }>`
    select (select count(*)::int from people.finding) as records,
      (select count(*)::int from people.person where merged_into is null) as persons`.execute(ctx.db)
  const { records, persons } = size[0]!
  if (records < LEAST) return
  const counts = await countSample(ctx, records)
  await ctx.db.transaction().execute(async (db) => {
    await db.deleteFrom('people.frequency').execute()
    for (const [field, { terms, total }] of counts.entries()) {
      const seen = [...terms].filter(([, count]) => count >= SEEN)
      await sql`
        insert into people.frequency (field, term, share)
        select ${field}, t.term, t.count / ${total}::double precision
        from unnest(${seen.map(([term]) => term)}::text[], ${seen.map(([, count]) => count)}::int[]) t (term, count)`.execute(
        db,
      )
    }
    const version = newId().slice(0, 13)
    await db
      .insertInto('people.frequency_state')
      .values({ version, persons: BigInt(persons) })
      .onConflict((conflict) => conflict.column('one').doUpdateSet({ version, persons: BigInt(persons) }))
      .execute()
  })
  askFrequenciesAnew(ctx)
}

type Counted = { terms: Map<string, number>; total: number }

async function countSample(ctx: Ctx, records: number): Promise<[words: Counted, births: Counted]> {
  const share = Math.min(1, SAMPLE / records)
  const [words, births]: [Counted, Counted] = [
    { terms: new Map(), total: 0 },
    { terms: new Map(), total: 0 },
  ]
  const add = ({ terms }: Counted, term: string) => terms.set(term, (terms.get(term) ?? 0) + 1)
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const { rows } = await sql<{ record_id: string; names: StatedName[]; birth: number | null }>`
      select record_id, names, birth
      from people.finding
      where record_id > ${after}::uuid
        and (hashtext(record_id::text) & 1023) < ${Math.ceil(share * 1024)}
      order by record_id
      limit ${PAGE}`.execute(ctx.db)
    for (const { names, birth } of rows) {
      words.total++
      for (const word of new Set(names.flatMap((name) => wordsOf(nameText(name)).map(soundOf)))) add(words, word)
      if (!birth) continue
      births.total++
      add(births, String(birth))
    }
    if (rows.length < PAGE) return [words, births]
    after = rows.at(-1)!.record_id
  }
}
