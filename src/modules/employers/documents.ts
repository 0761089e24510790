import { staffOf } from '#kernel/access/sessions.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { getFile, keepFile, receiveFile, type StoredFile } from '#kernel/files/files.ts'
import { newId } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import type { Employer } from './employers.ts'

/** What a paper is. A closed list: `employers.code.document.VALUE`. */
export const DOCUMENT_KINDS = ['registration', 'licence', 'extract', 'contract', 'other'] as const
export type DocumentKind = (typeof DOCUMENT_KINDS)[number]

const ACCEPT = ['application/pdf', 'image/jpeg', 'image/png', 'image/webp'] as const
/** The largest paper, in bytes. */
export const MOST_BYTES = 10 * 2 ** 20

/**
 * Keeps a paper of an employer, encrypted: brought by the employer itself, or by the officer who compared it.
 * @throws the problems of `receiveFile`
 */
export async function addDocument(
  ctx: Ctx,
  { organisation_id }: Employer,
  kind: DocumentKind,
  file: File,
): Promise<void> {
  const own = staffOf(ctx).organisation_id === organisation_id
  const content = new Uint8Array(await file.arrayBuffer())
  const { id: file_id } = await receiveFile(
    ctx,
    { name: file.name, content },
    { permission: own ? 'employer.edit' : 'employer.verify', protect: true, accept: ACCEPT, mostBytes: MOST_BYTES },
  )
  await keepFile(ctx, file_id)
  const id = newId()
  await ctx.db
    .insertInto('employers.document')
    .values({ id, organisation_id, kind, file_id, added_at: ctx.now, added_by: staffOf(ctx).user_id })
    .execute()
  await audit(ctx, 'employer.add_document', { type: 'employer', id: organisation_id }, { kind, paper: id })
}

export type EmployerDocument = {
  id: string
  kind: DocumentKind
  added_at: Temporal.Instant
  file_id: string
  name: string
}

/** The papers of an employer that were not taken back, the newest first; those whose file the actor may read. */
export async function documentsOf(
  ctx: Ctx,
  { organisation_id }: Pick<Employer, 'organisation_id'>,
): Promise<EmployerDocument[]> {
  const rows = await ctx.db
    .selectFrom('employers.document as d')
    .innerJoin('files.file as f', 'f.id', 'd.file_id')
    .select(['d.id', 'd.kind', 'd.added_at', 'd.file_id', 'f.name'])
    .where('d.organisation_id', '=', organisation_id)
    .where('d.removed_at', 'is', null)
    .orderBy('d.added_at', 'desc')
    .orderBy('d.id', 'desc')
    .execute()
  return rows as EmployerDocument[]
}

/** The file of a paper, and a line in the audit that it was opened. @throws not_found */
export async function openDocument(ctx: Ctx, employer: Employer, id: string): Promise<StoredFile> {
  const document = (await documentsOf(ctx, employer)).find((one) => one.id === id)
  if (!document) throw problem('not_found')
  await audit(ctx, 'employer.open_document', { type: 'employer', id: employer.organisation_id }, { paper: id })
  return getFile(ctx, document.file_id)
}

/** Takes a paper back that one added oneself. @throws not_found */
export async function removeDocument(ctx: Ctx, { organisation_id }: Employer, id: string): Promise<void> {
  const removed = await ctx.db
    .updateTable('employers.document')
    .set({ removed_at: ctx.now })
    .where('id', '=', id)
    .where('organisation_id', '=', organisation_id)
    .where('added_by', '=', staffOf(ctx).user_id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (removed.numUpdatedRows === 0n) throw problem('not_found')
  await audit(ctx, 'employer.remove_document', { type: 'employer', id: organisation_id }, { paper: id })
}
