import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { forgetFile, getFile, keepFile, receiveFile, type StoredFile } from '#kernel/files/files.ts'
import { Problem, problem } from '#kernel/problem.ts'
import type { Vacancy } from '../vacancies.ts'
import { takeInSoon } from './acts.ts'
import { getPosting, type Posting } from './postings.ts'

const ACCEPT = ['application/pdf', 'image/jpeg', 'image/png', 'image/webp'] as const
/** The largest copy of a contract, in bytes. */
export const MOST_BYTES = 10 * 2 ** 20

/**
 * Keeps the copy of the contract that this one advert leads to, in place of the one before; the advert shows it as soon as it is
 * public. @throws the problems of `receiveFile`, not_found for another's posting
 */
export async function attachContractCopy(ctx: Ctx, reference: string, file: File): Promise<void> {
  const posting = await getPosting(ctx, reference, { lock: true })
  const content = new Uint8Array(await file.arrayBuffer())
  const { id } = await receiveFile(
    ctx,
    { name: file.name, content },
    { permission: 'vacancy.post', protect: true, accept: ACCEPT, mostBytes: MOST_BYTES },
  )
  await keepFile(ctx, id)
  await put(ctx, posting, id)
  await audit(ctx, 'posting.attach_contract', { type: 'posting', id: posting.id })
}

/** Takes the copy away: from now on nobody opens it. A second time changes nothing. @throws not_found for another's posting */
export async function removeContractCopy(ctx: Ctx, reference: string): Promise<void> {
  const posting = await getPosting(ctx, reference, { lock: true })
  if (!posting.contract_copy) return
  await put(ctx, posting, null)
  await audit(ctx, 'posting.remove_contract', { type: 'posting', id: posting.id })
}

async function put(ctx: Ctx, { id, contract_copy }: Posting, file_id: string | null): Promise<void> {
  await ctx.db.updateTable('vacancies.posting').set({ contract_copy: file_id }).where('id', '=', id).execute()
  if (contract_copy) await forgetFile(ctx, contract_copy)
  await takeInSoon(ctx, id)
}

/** The copy of the contract at an advert or a posting, as far as the actor may open it; null for none. */
export async function contractCopyOf(
  ctx: Ctx,
  { contract_copy }: Pick<Vacancy | Posting, 'contract_copy'>,
): Promise<StoredFile | null> {
  if (!contract_copy) return null
  return getFile(ctx, contract_copy).catch((error: unknown) => {
    // Taken away a moment ago: the advert follows.
    if (error instanceof Problem && error.kind === 'not_found') return null
    throw error
  })
}

/** The same, to be saved. @throws not_found where there is none */
export async function openContractCopy(ctx: Ctx, of: Pick<Vacancy | Posting, 'contract_copy'>): Promise<StoredFile> {
  const file = await contractCopyOf(ctx, of)
  if (!file) throw problem('not_found')
  return file
}
