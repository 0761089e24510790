import type { Ctx } from '../context.ts'
import { inTransaction } from '../db/in-transaction.ts'
import type { JobCtx, JobProgress } from '../jobs/job.ts'
import { applyImport } from './apply-import.ts'
import { checkImport } from './check-import.ts'
import { FileProblem } from './files/table.ts'
import { getImport, type Import, insertImport, mappingProblems } from './imports.ts'
import type { ImportKind, Note } from './kind.ts'
import { readImport } from './read-import.ts'

export type ImportFileOptions = {
  /** Where the file comes from, for the record. */
  source?: string | null
  /** Refuse the whole file when a row has an error, instead of importing the others. */
  allOrNothing?: boolean
  /** Take every step, then take it all back. */
  dryRun?: boolean
  report?(progress: JobProgress): void
  /** Called at the end, where the rows can still be looked at even in a dry run. */
  inspect?(ctx: Ctx, found: Import): Promise<void>
  signal?: AbortSignal
}

/**
 * Imports a file in one go, by the same steps as the pages: for the command line and for seeding. Needs the owner's
 * connection. Columns are mapped by their headings.
 *
 * @returns the import with its counts; `errors` are the rows left out
 * @throws {FileProblem} when the file cannot be read, or a required column is not in it
 */
export async function importFile(
  ctx: Ctx,
  kind: ImportKind,
  file: { name: string; bytes: Uint8Array },
  options: ImportFileOptions = {},
): Promise<Import> {
  if (!options.dryRun) return takeSteps(ctx, kind, file, options)
  let result: Import | undefined
  await inTransaction(ctx, async (inside) => {
    result = await takeSteps(inside, kind, file, options)
    throw new TakenBack()
  }).catch((error) => {
    if (!(error instanceof TakenBack)) throw error
  })
  return result!
}

class TakenBack extends Error {}

async function takeSteps(
  ctx: Ctx,
  kind: ImportKind,
  file: { name: string; bytes: Uint8Array },
  options: ImportFileOptions,
): Promise<Import> {
  const job: JobCtx = {
    ...ctx,
    run_id: null,
    signal: options.signal ?? new AbortController().signal,
    report: async (progress) => {
      options.report?.(progress)
      options.signal?.throwIfAborted()
    },
  }
  const id = await insertImport(ctx, kind, file, options.source ?? null)
  await readImport(job, id)
  const read = await getImport(ctx, id)
  if (read.problem) throw fileProblem(read.problem)
  if (read.state === 'mapping') {
    const { missing } = mappingProblems(
      kind,
      Object.entries(read.mapping).map(([field, column]) => [column, field] as const),
    )
    if (missing.length > 0) throw new FileProblem('column_missing', { fields: missing.join(', ') })
    await settle(ctx, id, 'checking')
  }
  await checkImport(job, id)
  const checked = await getImport(ctx, id)
  if (checked.state === 'checked' && !(options.allOrNothing && checked.errors > 0)) {
    await settle(ctx, id, 'importing')
    await applyImport(job, id)
  }
  const found = await getImport(ctx, id)
  await options.inspect?.(ctx, found)
  return found
}

const settle = (ctx: Ctx, id: string, state: 'checking' | 'importing') =>
  ctx.db.updateTable('imports.import').set({ state }).where('id', '=', id).execute()

function fileProblem({ key, values }: Note): FileProblem {
  return new FileProblem(key.replace('imports.problem.', ''), values)
}
