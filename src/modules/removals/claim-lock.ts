import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'

/** Held until the transaction ends by whoever claims costs or takes costs out: nothing is claimed that somebody takes out at this moment. */
export const lockClaims = ({ db }: Pick<Ctx, 'db'>) =>
  sql`select pg_advisory_xact_lock(hashtext('removals.claim'))`.execute(db)
