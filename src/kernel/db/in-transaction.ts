import type { Kysely } from 'kysely'
import type { DB } from './types.ts'

/** Takes a step of its own: in a transaction that commits with it, or inside the one that is already open. */
export function inTransaction<C extends { db: Kysely<DB> }, T>(ctx: C, step: (ctx: C) => Promise<T>): Promise<T> {
  if (ctx.db.isTransaction) return step(ctx)
  return ctx.db.transaction().execute((db) => step({ ...ctx, db }))
}
