import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { type CorrectionKind, TERM_HOURS } from './kinds.ts'
import { refusing } from './refusals.ts'
import { DECISION_TERM, newBatch, tellAll } from './relay.ts'

export type Correction = {
  id: string
  measure_id: string
  measure: string
  wanted: CorrectionKind
  /** Null once its clock has run out. */
  reason: string | null
  proposed_by: string
  proposed_by_name: string | null
  proposed_at: Temporal.Instant
  due_at: Temporal.Instant
  decided_at: Temporal.Instant | null
  outcome: 'confirmed' | 'refused' | null
  batch: string | null
}

/** What was proposed about measures that the actor may see, the open first; `open`: only what waits for the second officer. */
export async function listCorrections(
  ctx: Ctx,
  { measure_id = null, open = false, limit = 50 }: { measure_id?: string | null; open?: boolean; limit?: number },
): Promise<Correction[]> {
  const { rows } = await sql<Correction>`
    select c.id, c.measure_id, m.reference as measure, c.wanted, c.reason, c.proposed_by, u.name as proposed_by_name,
      c.proposed_at, c.due_at, c.decided_at, c.outcome, b.reference as batch
    from expulsions.correction c
    join expulsions.measure m on m.id = c.measure_id
    left join access.user_account u on u.id = c.proposed_by
    left join expulsions.batch b on b.id = c.batch_id
    where (${measure_id}::uuid is null or c.measure_id = ${measure_id})
      and (not ${open} or c.outcome is null)
    order by c.outcome is not null, c.due_at, c.id
    limit ${limit}`.execute(ctx.db)
  return rows
}

/** The first officer: this measure is not against this person, or it is lifted. @throws conflict when that is open already */
export async function propose(ctx: Ctx, measure_id: string, wanted: CorrectionKind, reason: string): Promise<void> {
  authorise(ctx, 'expulsion.correct', { type: 'measure', id: measure_id })
  const due = ctx.now.add({ hours: TERM_HOURS.correction })
  await refusing(
    sql`select expulsions.propose(${newId()}, ${measure_id}, ${wanted}, ${reason}, ${ctx.now}, ${due})`.execute(ctx.db),
  )
  await audit(ctx, 'expulsion.propose', { type: 'measure', id: measure_id }, { wanted })
}

/**
 * The second officer, who must be another. Confirmed, it is a new version, and everybody who ever had a row of the measure
 * gets it and confirms it. @throws conflict when the same officer tries, or somebody decided meanwhile
 */
export async function decide(
  ctx: Ctx,
  { id, measure_id }: Pick<Correction, 'id' | 'measure_id'>,
  outcome: 'confirmed' | 'refused',
): Promise<string | null> {
  authorise(ctx, 'expulsion.correct', { type: 'measure', id: measure_id })
  const batch = newBatch()
  const { rows } = await refusing(
    sql<{ told: { to: string; fresh: boolean }[] }>`
      select expulsions.decide(${id}, ${outcome}, ${batch.id}, ${batch.reference}, ${DECISION_TERM}, ${ctx.now}) as told`.execute(
      ctx.db,
    ),
  )
  await tellAll(ctx, batch.reference, rows[0]!.told)
  await audit(ctx, 'expulsion.decide', { type: 'measure', id: measure_id }, { outcome })
  return outcome === 'confirmed' ? batch.reference : null
}
