import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { inTransaction } from '../db/in-transaction.ts'
import type { JobCtx, JobProgress } from '../jobs/job.ts'
import { applyImport } from './apply-import.ts'
import { checkImport } from './check-import.ts'
import { unclearHeadings } from './columns.ts'
import { FileProblem } from './files/table.ts'
import { getImport, type Import, insertImport, kindOf, mappingProblems } from './imports.ts'
import type { ImportKind, Note } from './kind.ts'
import { failImport, readImport } from './read-import.ts'

export type ImportFileOptions = {
  /** Where the file comes from, for the record. */
  source?: string | null
  /** Which sheet of a workbook; it has to be named where several have rows. */
  sheet?: string
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
  const id = await insertImport(ctx, kind, file, options.source ?? null, options.sheet)
  await takeUnattended(job, id, { ...options, doubtful: true })
  const found = await getImport(ctx, id)
  if (found.problem) throw fileProblem(found.problem)
  const missing = missingFields(kind, found)
  if (missing.length > 0) throw new FileProblem('column_missing', { fields: missing.join(', ') })
  await options.inspect?.(ctx, found)
  return found
}

/**
 * Takes all steps of an import that need nobody: columns are mapped by their headings, sound rows are imported. Where a required
 * column is not found it waits in `mapping` for a person; where a heading might be a column that matters, or most rows look misread, the
 * file is refused (the latter not where they may be `doubtful`). It may be interrupted and taken again. Owner's connection.
 */
export async function takeUnattended(
  job: JobCtx,
  id: string,
  { allOrNothing = false, doubtful = false }: Pick<ImportFileOptions, 'allOrNothing'> & { doubtful?: boolean } = {},
): Promise<void> {
  await readImport(job, id, { unattended: true })
  const read = await getImport(job, id)
  const kind = kindOf(job, read)
  if (missingFields(kind, read).length > 0) return
  const unclear =
    read.state === 'mapping' && !read.columns_seen
      ? unclearHeadings(kind.fields, read.headings, read.mapping, kind.otherHeadings)
      : []
  if (unclear.length > 0)
    return failImport(job, id, new FileProblem('headings_unclear', { headings: unclear.join('», «') }))
  if (read.state === 'mapping') await settle(job, id, 'checking')
  await checkImport(job, id)
  const checked = await getImport(job, id)
  if (checked.state === 'checked' && !doubtful && (await isDoubtful(job, kind, checked)))
    return failImport(job, id, new FileProblem(kind.doubt!.refused, { rows: checked.doubtful }))
  if (checked.state === 'checked' && !(allOrNothing && checked.errors > 0)) await settle(job, id, 'importing')
  await applyImport(job, id)
}

async function isDoubtful(ctx: Ctx, { doubt }: ImportKind, { id, doubtful }: Import): Promise<boolean> {
  if (!doubt || doubtful === 0) return false
  const { rows } = await sql<{ stated: number }>`
    select count(*)::int as stated
    from imports.row
    where import_id = ${id}
      and state in ('ready', 'repaired')
      and value ? ${doubt.among}`.execute(ctx.db)
  return doubtful * 2 > rows[0]!.stated
}

/** Required fields that no column of a file that waits in `mapping` is headed like. */
function missingFields(kind: ImportKind, { state, mapping }: Pick<Import, 'state' | 'mapping'>): string[] {
  if (state !== 'mapping') return []
  const pairs = Object.entries(mapping).map(([field, column]) => [column, field] as const)
  return mappingProblems(kind, pairs).missing
}

const settle = (ctx: Ctx, id: string, state: 'checking' | 'importing') =>
  ctx.db.updateTable('imports.import').set({ state }).where('id', '=', id).execute()

function fileProblem({ key, values }: Note): FileProblem {
  return new FileProblem(key.replace('imports.problem.', ''), values)
}
