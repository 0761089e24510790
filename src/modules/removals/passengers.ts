import { sql } from 'kysely'
import { keysFor } from '#kernel/access/secret-key.ts'
import { open, openWithAny, seal } from '#kernel/access/secrets.ts'
import type { Ctx } from '#kernel/context.ts'
import { inTransaction } from '#kernel/db/in-transaction.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import type { StatedName, StatedRecord } from '#kernel/people/facts.ts'
import { maskedNumber } from '#kernel/people/numbers.ts'
import { openSource, receiveRecords } from '#kernel/people/receive.ts'

/** Who was carried, as a carrier's sheet or a form says it. `birth`: year·10000 + month·100 + day. */
export type Passenger = { name: string; document: string | null; birth: number | null }

/** What is known of the passenger of a removal by whoever may know. */
type KnownPassenger = {
  /** Null while the registry has not received them. */
  record_id: string | null
  name: string | null
  birth: number | null
  document_hint: string | null
  ground: string | null
}

const ownerOf = (removal_id: string) => `removals.about ${removal_id}`
const keys = ({ platform }: Pick<Ctx, 'platform'>) => keysFor(platform.config, 'removals')

export const sealPassenger = (ctx: Pick<Ctx, 'platform'>, removal_id: string, passenger: Passenger): Buffer =>
  seal(keys(ctx)[0]!, Buffer.from(JSON.stringify(passenger)), ownerOf(removal_id))

export const hintOf = ({ document }: Passenger): string | null => document && maskedNumber(document)

// That somebody was carried back can harm: the registry attaches it to nobody by likeness.
const recordOf = ({ name, document, birth }: Passenger): StatedRecord => ({
  ...{ names: [{ whole: name }], birth, sex: null, adverse: true },
  documents: document ? [{ kind: 'passport', number: document }] : [],
})

/**
 * Gives the passengers of removals to the registry, which finds out by its own rules who they are. What is there already is
 * left alone. In the caller's transaction, on the owner's connection. `source`: how the registry calls where they come from.
 */
export async function receivePassengers(
  ctx: Ctx,
  ids: readonly string[],
  source: { label: string; kind: 'form' | 'file'; sha256?: Buffer },
): Promise<void> {
  if (ids.length === 0) return
  const waiting = await ctx.db
    .selectFrom('removals.about')
    .select(['removal_id', 'custodian', 'stated_sealed'])
    .where('removal_id', 'in', [...ids])
    .where('stated_sealed', 'is not', null)
    .forUpdate()
    .execute()
  const [first] = waiting
  if (!first) return
  const source_id = await openSource(ctx, { custodian: first.custodian, ...source })
  const receipts = await receiveRecords(
    ctx,
    source_id,
    waiting.map(({ removal_id, stated_sealed }) =>
      recordOf(JSON.parse(openWithAny(keys(ctx), stated_sealed!, ownerOf(removal_id)).toString('utf8'))),
    ),
  )
  for (const [at, { removal_id }] of waiting.entries())
    await ctx.db
      .updateTable('removals.about')
      .set({ record_id: receipts[at]!.record_id, stated_sealed: null })
      .where('removal_id', '=', removal_id)
      .execute()
}

/** The same for one that was entered by hand. Repeating it changes nothing. */
export const receivePassengerJob = defineJob<{ id: string }>({
  async run(job, { id }) {
    await inTransaction(job, async (ctx) => {
      const { reference } = await ctx.db
        .selectFrom('removals.removal')
        .select('reference')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      await receivePassengers(ctx, [id], { label: reference, kind: 'form' })
    })
  },
})

/** What the actor may know of a removal's passenger and legal basis; null for carriers that did not enter it themselves. */
export async function passengerOf(ctx: Ctx, removal_id: string): Promise<KnownPassenger | null> {
  const about = await ctx.db
    .selectFrom('removals.about')
    .select(['record_id', 'ground', 'document_hint', 'stated_sealed'])
    .where('removal_id', '=', removal_id)
    .executeTakeFirst()
  if (!about) return null
  const { record_id, ground, document_hint, stated_sealed } = about
  const { rows } = await sql<{ names: StatedName[]; birth: number | null }>`
    select names, birth from removals.named(${[removal_id]}::uuid[])`.execute(ctx.db)
  const kept = rows[0] && { name: rows[0].names[0]?.whole ?? null, birth: rows[0].birth }
  const waiting = (): Pick<Passenger, 'name' | 'birth'> | null =>
    stated_sealed && JSON.parse(openWithAny(keys(ctx), stated_sealed, ownerOf(removal_id)).toString('utf8'))
  const { name, birth } = kept ?? waiting() ?? { name: null, birth: null }
  return { record_id, name, birth, document_hint, ground }
}

const BATCH = 100

/** Seals anew what waits for the registry under the former secret key. Owner's connection. */
export async function movePassengersKey(ctx: Ctx): Promise<number> {
  const [present, former] = keys(ctx)
  if (!former) return 0
  return ctx.db.transaction().execute(async (db) => {
    const waiting = await db
      .selectFrom('removals.about')
      .select(['removal_id', 'stated_sealed'])
      .where('stated_sealed', 'is not', null)
      .forUpdate()
      .execute()
    let moved = 0
    for (const { removal_id, stated_sealed } of waiting) {
      const owner = ownerOf(removal_id)
      let plain: Buffer
      try {
        plain = open(former, stated_sealed!, owner)
      } catch {
        // Under the present key already.
        continue
      }
      await db
        .updateTable('removals.about')
        .set({ stated_sealed: seal(present!, plain, owner) })
        .where('removal_id', '=', removal_id)
        .execute()
      if (++moved === BATCH) break
    }
    return moved
  })
}
