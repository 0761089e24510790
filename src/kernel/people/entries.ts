import { sql } from 'kysely'
import { authorise } from '../access/authorise.ts'
import { keysFor } from '../access/secret-key.ts'
import { openWithAny, seal } from '../access/secrets.ts'
import { withActor } from '../access/transaction.ts'
import { audit } from '../audit/audit.ts'
import type { Ctx, StaffActor } from '../context.ts'
import { inTransaction } from '../db/in-transaction.ts'
import { newId, newReference } from '../ids.ts'
import { defineJob, type JobCtx } from '../jobs/job.ts'
import { enqueue } from '../jobs/runs.ts'
import { Problem } from '../problem.ts'
import type { StatedRecord } from './facts.ts'
import { mergePersons, officer } from './identity.ts'
import type { Protection } from './protection.ts'
import { openSource, receiveRecords } from './receive.ts'

/** What somebody at a desk states about a person. */
export type Entry = {
  /** Made with the form: the same form sent twice is one entry. */
  id: string
  stated: StatedRecord
  /** What it was taken from, as officers call it. */
  label: string
  /** The search under which the person was looked for before. */
  lookup_id: string | null
  /** The person whom the officer says this is. */
  same_as: string | null
  flag: Protection | null
}

/** Keeps what was entered, sealed, and gives it to the registry by a job, at once. Repeating it changes nothing. */
export async function enterPerson(ctx: Ctx, { id, stated, ...entry }: Entry): Promise<void> {
  authorise(ctx, 'person.enter')
  if (entry.flag) authorise(ctx, 'person.protect')
  const { user_id, organisation_id } = officer(ctx)
  const [key] = keysFor(ctx.platform.config, 'people entry')
  const stated_sealed = seal(key!, Buffer.from(JSON.stringify(stated)), ownerOf(id))
  const { numInsertedOrUpdatedRows } = await ctx.db
    .insertInto('people.entry')
    .values({ ...entry, id, stated_sealed, custodian: organisation_id, entered_by: user_id, entered_at: ctx.now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) return
  await enqueue(ctx, 'people.receive_entry', { id }, { key: id })
  await audit(ctx, 'person.enter', { type: 'entry', id })
}

const ownerOf = (id: string) => `people.entry ${id}`

/**
 * An own entry: undefined for those of others; without a record while the registry does not have it yet. `reference` is the entry's own,
 * `person` that of the person it is counted with: the database gives it to whoever sees them.
 */
export async function findEntry(ctx: Ctx, id: string) {
  return ctx.db
    .selectFrom('people.entry as e')
    .leftJoin('people.finding as f', 'f.record_id', 'e.record_id')
    .leftJoin('people.person as p', 'p.id', 'f.person_id')
    .select(['e.record_id', 'e.reference', 'e.lookup_id', 'p.reference as person'])
    .where('e.id', '=', id)
    .executeTakeFirst()
}

/** Gives an entry to the registry, protected from its first moment where that was asked, and joins it to whom it is. */
export const receiveEntryJob = defineJob<{ id: string }>({
  async run(job, { id }) {
    const joining = await inTransaction(job, (ctx) => receiveEntry(ctx, id))
    if (joining) await join(job, joining)
  },
})

type Joining = { person_id: string; same_as: string; user_id: string; organisation_id: string }

async function receiveEntry(ctx: JobCtx, id: string): Promise<Joining | null> {
  const entry = await ctx.db.selectFrom('people.entry').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!entry) return null
  const { custodian, entered_by, label, same_as, flag, stated_sealed } = entry
  let { record_id } = entry
  if (stated_sealed) {
    const stated = readStated(
      openWithAny(keysFor(ctx.platform.config, 'people entry'), stated_sealed, ownerOf(id)).toString('utf8'),
    )
    const source = await openSource(ctx, { custodian, kind: 'desk', label })
    const [receipt] = await receiveRecords(ctx, source, [stated])
    record_id = receipt!.record_id
    await ctx.db
      .updateTable('people.entry')
      .set({ record_id, stated_sealed: null, reference: newReference(12) })
      .where('id', '=', id)
      .execute()
    // Whoever the officer names is the protected one too, whether or not the two may be joined without a second officer.
    const guarded = flag ? [...new Set([receipt!.person_id, same_as ?? receipt!.person_id])] : []
    for (const person_id of guarded)
      await ctx.db
        .insertInto('people.protection')
        .values({
          ...{ id: newId(), person_id, flag: flag!, since: ctx.now },
          ...{ set_by: entered_by, organisation_id: custodian },
        })
        .onConflict((conflict) => conflict.columns(['person_id', 'flag']).where('until', 'is', null).doNothing())
        .execute()
  }
  if (!same_as) return null
  // Whose the record is, not whom that one is counted as: parted from these, it is still whom the officer named.
  const { person_id, is_one } = await ctx.db
    .selectFrom('people.link as l')
    .innerJoin('people.person as p', 'p.id', 'l.person_id')
    .innerJoin('people.person as s', (on) => on.on('s.id', '=', same_as))
    .select(['l.person_id', sql<boolean>`s.root = p.root`.as('is_one')])
    .where('l.record_id', '=', record_id)
    .executeTakeFirstOrThrow()
  return is_one ? null : { person_id, same_as, user_id: entered_by, organisation_id: custodian }
}

// JSON has no dates.
function readStated(text: string): StatedRecord {
  const stated = JSON.parse(text) as StatedRecord
  const day = (date: unknown) => (date ? Temporal.PlainDate.from(String(date)) : null)
  return {
    ...stated,
    documents: stated.documents.map((one) => ({
      ...one,
      issued_on: day(one.issued_on),
      expires_on: day(one.expires_on),
    })),
  }
}

// In the officer's name and by their rights, which the database asks for. What it refuses (an adverse record, records of others,
// "these are different") stays apart, and pairs that are alike wait in the queue as usual.
async function join(job: JobCtx, { person_id, same_as, user_id, organisation_id }: Joining): Promise<void> {
  if (!job.app) throw new Error('Joining persons needs the connection of the app')
  const actor: StaffActor = {
    ...{ kind: 'staff', user_id, organisation_id, name: '', organisation_name: '', session_id: '' },
    permissions: new Set(['person.merge']),
  }
  try {
    await withActor(
      job.app,
      actor,
      (db) => mergePersons({ ...job, actor, db }, person_id, same_as, { reason: 'officer' }),
      job.now,
    )
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    job.log.info({ person_id, refused: error.kind }, 'an entered person stays apart from the one that was named')
  }
}
