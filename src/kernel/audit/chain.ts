import { createHash } from 'node:crypto'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { AuditEntry, DB } from '../db/types.ts'

/** An audit line as it stands in the table. */
export type Entry = Selectable<AuditEntry>

/** What the first line is chained to. */
export const GENESIS: Buffer = Buffer.alloc(32)

/**
 * SHA-256 over the hash before and the line in canonical JSON (keys sorted, as RFC 8785). The line's number is
 * part of it, its id is not: the place in the chain is what counts.
 */
export function hashOf(previous: Buffer, line: bigint, entry: Omit<Entry, 'id'>): Buffer {
  const { at, actor_kind, actor_id, task, organisation_id, action, subject_type, subject_id, details } = entry
  const content = {
    line: String(line),
    at: at.toString(),
    actor_kind,
    actor_id,
    task,
    organisation_id,
    action,
    subject_type,
    subject_id,
    details,
  }
  return createHash('sha256').update(previous).update(canonical(content)).digest()
}

function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`
}

const BATCH = 2_000

/**
 * Seals what waits, in the order of its ids, and returns how many lines that were and the chain's head. A line is
 * left for later while a transaction runs that began before it was written. Owner's connection; may run twice at once.
 */
export async function sealEntries(
  owner: Kysely<DB>,
): Promise<{ sealed: number; head: { line: bigint; hash: string } | null }> {
  let sealed = 0
  for (;;) {
    const batch = await owner.transaction().execute(sealBatch)
    sealed += batch.sealed
    if (batch.sealed < BATCH)
      return { sealed, head: batch.line > 0n ? { line: batch.line, hash: batch.hash.toString('hex') } : null }
  }
}

async function sealBatch(db: Kysely<DB>): Promise<{ sealed: number; line: bigint; hash: Buffer }> {
  await sql`select pg_advisory_xact_lock(hashtext('audit.seal'))`.execute(db)
  const last = await db
    .selectFrom('audit.seal')
    .select(['line', 'hash'])
    .orderBy('line', 'desc')
    .limit(1)
    .executeTakeFirst()
  let { line, hash } = last ?? { line: 0n, hash: GENESIS }
  // A transaction beyond the newest of this server wrote before a restore from a backup: it is over.
  const entries = await db
    .selectFrom('audit.pending')
    .innerJoin('audit.entry', 'audit.entry.id', 'audit.pending.entry_id')
    .selectAll('audit.entry')
    .where(
      sql<boolean>`(transaction_id < pg_snapshot_xmin(pg_current_snapshot()) or transaction_id >= pg_snapshot_xmax(pg_current_snapshot()))`,
    )
    .orderBy('audit.entry.id')
    .limit(BATCH)
    .execute()
  const seals = entries.map((entry) => {
    line += 1n
    hash = hashOf(hash, line, entry)
    return { line, entry_id: entry.id, hash }
  })
  if (seals.length > 0) {
    await db.insertInto('audit.seal').values(seals).execute()
    await db
      .deleteFrom('audit.pending')
      .where(
        'entry_id',
        'in',
        seals.map(({ entry_id }) => entry_id),
      )
      .execute()
  }
  return { sealed: seals.length, line, hash }
}
