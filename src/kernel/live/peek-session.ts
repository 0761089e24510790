import type { Kysely } from 'kysely'
import { readSession } from '../access/sessions.ts'
import type { StaffActor } from '../context.ts'
import type { DB } from '../db/types.ts'
import type { Lang } from '../i18n/languages.ts'

/**
 * The live session behind a token, as `readSession` finds it, without counting as activity: what it wrote is rolled
 * back. A page left open must not keep somebody signed in.
 */
export async function peekSession(
  db: Kysely<DB>,
  token: string,
  now: Temporal.Instant,
  lang: Lang,
): Promise<StaffActor | null> {
  const transaction = await db.startTransaction().execute()
  try {
    return await readSession(transaction, token, now, lang)
  } finally {
    await transaction.rollback().execute()
  }
}
