import { type Kysely, sql, type Transaction } from 'kysely'
import { audit } from '../audit/audit.ts'
import { type Actor, actingAs } from '../context.ts'
import type { DB } from '../db/types.ts'
import { denialOf } from './authorise.ts'

/**
 * Runs `fn` in one transaction in which the database knows who acts, for whom and when: row policies read it. A throw
 * rolls everything back; when it was a denied permission, that denial is then recorded in a transaction of its own.
 */
export async function withActor<T>(
  db: Kysely<DB>,
  actor: Actor,
  fn: (db: Transaction<DB>) => Promise<T>,
  now: Temporal.Instant = Temporal.Now.instant(),
): Promise<T> {
  const run = <R>(work: (db: Transaction<DB>) => Promise<R>) =>
    db.transaction().execute(async (transaction) => {
      await actAs(transaction, actor, now)
      return work(transaction)
    })
  try {
    return await run(fn)
  } catch (error) {
    const denial = denialOf(error)
    if (denial) {
      const { permission, subject } = denial
      await run((transaction) => audit({ actor, db: transaction }, 'access.deny', subject, { permission }))
    }
    throw error
  }
}

/** Tells the database who acts in this transaction. Visitors and the system act as nobody: they have no rights there. */
export async function actAs(db: Transaction<DB>, actor: Actor, now: Temporal.Instant): Promise<void> {
  const as = actingAs(actor)
  await sql`
    select set_config('app.actor', ${as?.id ?? ''}, true),
      set_config('app.organisation', ${as?.organisation_id ?? ''}, true),
      set_config('app.session', ${actor.kind === 'staff' ? actor.session_id : ''}, true),
      set_config('app.now', ${now.toString()}, true)`.execute(db)
}
