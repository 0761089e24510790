import { newId, newReference } from '#kernel/ids.ts'
import type { ImportCtx } from '#kernel/imports/kind.ts'
import { openSource } from '#kernel/people/receive.ts'

/** A list on its way, as far as keeping its rows takes. */
export type Batch = { id: string; reference: string; custodian: string; letter: string | null; source_id: string }

/** The batch that an import makes: opened with its first rows, found again for the others. In the rows' own transaction. */
export async function batchOfImport(ctx: ImportCtx): Promise<Batch> {
  const { id: import_id, organisation_id, created_by, file_name, source } = ctx.import
  if (!organisation_id) throw new Error('A list of people needs an organisation that answers for it')
  const found = await findBatch(ctx)
  if (found) return found
  const { sha256 } = await fileOf(ctx)
  const letter = source?.trim() || null
  const source_id = await openSource(ctx, {
    custodian: organisation_id,
    kind: 'file',
    label: letter ?? file_name,
    sha256,
  })
  const batch = { id: newId(), reference: newReference(), custodian: organisation_id, letter, source_id }
  await ctx.db
    .insertInto('expulsions.batch')
    .values({ ...batch, kind: 'list', file_name, sha256, import_id, entered_by: created_by, received_at: ctx.now })
    .execute()
  await ctx.db
    .insertInto('expulsions.event')
    .values({ batch_id: batch.id, at: ctx.now, kind: 'entered', organisation_id, custodian: organisation_id })
    .execute()
  return batch
}

/** The same where its first rows are in already. */
export const findBatch = (ctx: ImportCtx) =>
  ctx.db
    .selectFrom('expulsions.batch')
    .select(['id', 'reference', 'custodian', 'letter', 'source_id'])
    .where('import_id', '=', ctx.import.id)
    .executeTakeFirst() as Promise<Batch | undefined>

/** Notes at the batch of the same file that it came once more; nothing of it is taken twice. */
export async function noteRepeated(ctx: ImportCtx): Promise<void> {
  const { sha256 } = await fileOf(ctx)
  const batch = await ctx.db
    .selectFrom('expulsions.batch')
    .select(['id', 'custodian'])
    .where('custodian', '=', ctx.import.organisation_id)
    .where('sha256', '=', sha256)
    .where('import_id', '!=', ctx.import.id)
    .orderBy('received_at')
    .executeTakeFirst()
  if (!batch) return
  await ctx.db
    .insertInto('expulsions.event')
    .values({
      ...{ batch_id: batch.id, at: ctx.now, kind: 'repeated', organisation_id: batch.custodian },
      ...{ custodian: batch.custodian, import_id: ctx.import.id },
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

const fileOf = (ctx: ImportCtx) =>
  ctx.db.selectFrom('imports.import').select('sha256').where('id', '=', ctx.import.id).executeTakeFirstOrThrow()
