import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId, newReference } from '#kernel/ids.ts'
import { TERM_HOURS } from './kinds.ts'
import { BATCH_CAME, DECISION_CAME, tellOffice } from './notices.ts'
import { refusing } from './refusals.ts'

type Told = { to_organisation: string; sent: number; fresh: boolean }

/**
 * Gives rows of a batch to everybody on the routes of whoever entered them, and to the Migration Service always. In the
 * transaction in which the rows were kept, so that neither exists without the other; what somebody has already is not
 * given again. Owner's connection.
 */
export async function passOn(
  ctx: Ctx,
  batch: { id: string; reference: string; custodian: string },
  measures: readonly string[],
): Promise<void> {
  if (measures.length === 0) return
  const { rows } = await sql<Told>`
    select * from expulsions.relay_as(${batch.id}, ${batch.custodian}, ${ctx.now}, ${measures}::uuid[])`.execute(ctx.db)
  for (const { to_organisation, fresh } of rows) if (fresh) await tellOffice(ctx, to_organisation, batch.reference)
}

/** Notes that the actor's organisation has looked at what was sent to it. */
export async function receiveBatch(ctx: Ctx, batch_id: string): Promise<void> {
  await sql`select expulsions.receive(${batch_id}, ${ctx.now})`.execute(ctx.db)
}

/**
 * Confirms rows of a batch, or all that are left, for the actor's organisation; what is stated last about them goes on along its
 * own routes at once, also where that is a later list or a decision that nobody here confirmed yet. Answers how many rows were confirmed now: 0 when a colleague was faster.
 */
export async function acknowledge(
  ctx: Ctx,
  batch: { id: string; reference: string },
  measures: readonly string[] | null,
): Promise<number> {
  authorise(ctx, 'expulsion.acknowledge', { type: 'batch', id: batch.id })
  const { rows } = await refusing(
    sql<{ acknowledged: number; told: { to: string; fresh: boolean; batch: string; kind: 'list' | 'decision' }[] }>`
      select * from expulsions.acknowledge(${batch.id}, ${measures}::uuid[], ${ctx.now})`.execute(ctx.db),
  )
  const { acknowledged, told } = rows[0]!
  if (acknowledged === 0) return 0
  for (const { to, fresh, batch, kind } of told)
    if (fresh) await tellOffice(ctx, to, batch, kind === 'decision' ? DECISION_CAME : BATCH_CAME)
  await audit(ctx, 'expulsion.acknowledge', { type: 'batch', id: batch.id }, { rows: acknowledged })
  return acknowledged
}

/** The batch that an answer or a decision makes, before it is made: its id and reference. */
export const newBatch = () => ({ id: newId(), reference: newReference() })

/** Tells the offices that a decision or answer went to; `told` as the database answers it. */
export async function tellAll(
  ctx: Ctx,
  reference: string,
  told: readonly { to: string; fresh: boolean }[],
): Promise<void> {
  for (const { to, fresh } of told) if (fresh) await tellOffice(ctx, to, reference, DECISION_CAME)
}

/** How long those who had a row have to confirm what was decided about it. */
export const DECISION_TERM = TERM_HOURS.decision
