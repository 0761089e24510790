import { sql } from 'kysely'
import { authorise } from '../access/authorise.ts'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { newId } from '../ids.ts'
import { problem } from '../problem.ts'
import { recordsOfAll } from './conflicts.ts'
import { refusing } from './identity.ts'
import { REVIEW_TERM_HOURS } from './match.ts'
import { explain, frequencies, scoreAgainst, weightsVersion } from './scoring.ts'

/** How two persons stand to each other, for an officer who would join or compare them. */
export type Standing = {
  /** They are counted as one already. */
  one: boolean
  /** The actor sees all records of both: who does not may not decide about them. */
  whole: boolean
  /** Somebody found them different, and that stands. */
  apart: boolean
  /** One of their records can harm: joining them takes two officers. */
  adverse: boolean
  /** The review in which they wait to be compared. */
  waiting: string | null
}

export async function standingOf(ctx: Ctx, one: string, other: string): Promise<Standing> {
  const { rows } = await sql<Standing>`
    select l.root = r.root as one, people.sees_whole(l.id) and people.sees_whole(r.id) as whole, people.is_apart(l.id, r.id) as apart,
      exists (select from people.finding f where f.person_id in (l.root, r.root) and f.adverse) as adverse,
      people.waiting(l.id, r.id) as waiting
    from people.person l
    join people.person r on r.id = ${other}
    where l.id = ${one}`.execute(ctx.db)
  const [standing] = rows
  if (!standing) throw problem('not_found')
  return standing
}

/**
 * Puts two persons into the queue, to be compared by the two of their records that are most alike. That is no opinion yet:
 * whoever proposes a pair decides about it there, as others do. Answers the review; the one that waits already, where one does.
 * @throws conflict for those found different, forbidden for whoever does not see all records of both, not_found where one has none
 */
export async function proposeReview(ctx: Ctx, person: string, other: string): Promise<string> {
  authorise(ctx, 'person.review')
  const known = await frequencies(ctx)
  const [mine, theirs] = [await recordsOfAll(ctx, person), await recordsOfAll(ctx, other)]
  const harms = (records: typeof mine) => records.some(({ adverse }) => adverse)
  // Side A is the row that can harm; else whoever was named, who would go into the other.
  const [from, right] = harms(mine) && !harms(theirs) ? [mine, theirs] : [theirs, mine]
  const left = from.filter(({ adverse }) => adverse || !harms(from))
  const pairs = left.flatMap((one) => {
    const scores = scoreAgainst(one, right, known)
    return right.map((two, at) => ({ one, two, score: scores[at]! }))
  })
  const [best] = pairs.toSorted((a, b) => b.score.bits - a.score.bits)
  if (!best) throw problem('not_found')
  const { one, two, score } = best
  const due_at = ctx.now.add({ hours: REVIEW_TERM_HOURS[harms(from) ? 'adverse' : 'other'] })
  const facts = sql`${score.probability}, ${JSON.stringify(explain(score))}::jsonb, ${weightsVersion(known)}`
  const id = newId()
  const { rows } = await refusing(
    sql<{ id: string }>`
      select people.propose(${id}, ${one.record_id}, ${two.record_id}, ${ctx.now}, ${due_at}, ${facts}) as id`.execute(
      ctx.db,
    ),
  )
  const waits = rows[0]!.id
  if (waits === id) await audit(ctx, 'person.propose', { type: 'person_review', id })
  return waits
}
