import type { Kysely } from 'kysely'
import type { DB } from '../db/types.ts'
import { type Entry, GENESIS, hashOf } from './chain.ts'

/**
 * What is wrong, at the first place where it is:
 * `altered` the line's content or seal was changed · `missing` the line or its seal is gone · `reordered` the line is
 * there, but elsewhere · `added` an unsealed line that did not come the usual way · `anchor` the chain is whole but
 * not the one noted down earlier. `line` is null for a line that was not sealed yet.
 */
export type Fault = {
  kind: 'altered' | 'missing' | 'reordered' | 'added' | 'anchor'
  line: bigint | null
  entry_id: bigint | null
}

export type Verification = {
  ok: boolean
  /** The last sound line, and its hash: note both elsewhere to prove later that the end was not cut off. */
  sealed: bigint
  head: string
  tail: { lines: number; oldest: Temporal.Instant | null }
  fault: Fault | null
}

const PAGE = 5_000

/**
 * Walks the whole chain, on one snapshot, and stops at the first fault. `anchor` is a line and its hash from an
 * earlier verification. Owner's connection.
 */
export async function verifyAudit(owner: Kysely<DB>, anchor?: { line: bigint; hash: string }): Promise<Verification> {
  return owner
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (db) => {
      const chain = await walkChain(db, anchor)
      const tail = await readTail(db)
      const fault = chain.fault ?? tail.fault
      return { ok: fault === null, sealed: chain.line, head: chain.hash.toString('hex'), tail: tail.tail, fault }
    })
}

async function walkChain(
  db: Kysely<DB>,
  anchor?: { line: bigint; hash: string },
): Promise<{ line: bigint; hash: Buffer; fault: Fault | null }> {
  let line = 0n
  let hash = GENESIS
  const end = (kind: Fault['kind'], entry_id: bigint | null) => ({
    line,
    hash,
    fault: { kind, line: line + 1n, entry_id },
  })
  for (;;) {
    const page = await db
      .selectFrom('audit.seal as s')
      .leftJoin('audit.entry as e', 'e.id', 's.entry_id')
      .select(['s.line', 's.entry_id', 's.hash'])
      .selectAll('e')
      .where('s.line', '>', line)
      .orderBy('s.line')
      .limit(PAGE)
      .execute()
    for (const row of page) {
      if (row.line !== line + 1n) return end('missing', null)
      const found = row.id === null ? null : hashOf(hash, row.line, row as Entry)
      if (!found?.equals(row.hash)) {
        const moved = await findMoved(db, hash, row.line)
        return moved ? end('reordered', moved) : end(found ? 'altered' : 'missing', row.entry_id)
      }
      line = row.line
      hash = found
      if (anchor?.line === line && anchor.hash !== hash.toString('hex'))
        return { line, hash, fault: { kind: 'anchor', line, entry_id: row.entry_id } }
    }
    if (page.length < PAGE) break
  }
  return {
    line,
    hash,
    fault: anchor && anchor.line > line ? { kind: 'missing', line: line + 1n, entry_id: null } : null,
  }
}

// The line that belongs here, when it still exists somewhere: its hash at this place is one of the seals.
async function findMoved(db: Kysely<DB>, previous: Buffer, line: bigint): Promise<bigint | null> {
  const seals = await db.selectFrom('audit.seal').select('hash').execute()
  const hashes = new Set(seals.map(({ hash }) => hash.toString('hex')))
  for (let after = -1n; ; ) {
    const page = await db
      .selectFrom('audit.entry')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute()
    for (const entry of page) {
      after = entry.id
      if (hashes.has(hashOf(previous, line, entry).toString('hex'))) return entry.id
    }
    if (page.length < PAGE) return null
  }
}

async function readTail(db: Kysely<DB>): Promise<{ tail: Verification['tail']; fault: Fault | null }> {
  const unsealed = await db
    .selectFrom('audit.entry as e')
    .leftJoin('audit.pending as p', 'p.entry_id', 'e.id')
    .select(['e.id', 'e.at', 'p.entry_id'])
    .where((w) => w.not(w.exists(w.selectFrom('audit.seal as s').select('s.line').whereRef('s.entry_id', '=', 'e.id'))))
    .orderBy('e.id')
    .execute()
  const lost = await db
    .selectFrom('audit.pending as p')
    .leftJoin('audit.entry as e', 'e.id', 'p.entry_id')
    .select('p.entry_id')
    .where('e.id', 'is', null)
    .orderBy('p.entry_id')
    .limit(1)
    .executeTakeFirst()
  const stray = unsealed.find(({ entry_id }) => entry_id === null)
  const fault: Fault | null = lost
    ? { kind: 'missing', line: null, entry_id: lost.entry_id }
    : stray
      ? { kind: 'added', line: null, entry_id: stray.id }
      : null
  return { tail: { lines: unsealed.length, oldest: unsealed[0]?.at ?? null }, fault }
}
