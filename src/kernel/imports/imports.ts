import { createHash } from 'node:crypto'
import { type SelectQueryBuilder, sql } from 'kysely'
import { authorise } from '../access/authorise.ts'
import { audit } from '../audit/audit.ts'
import { actingAs, type Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import { newId } from '../ids.ts'
import { cancelRun, enqueue, findRun } from '../jobs/runs.ts'
import { problem } from '../problem.ts'
import { anywhere } from '../search/staff-search.ts'
import type { Column, Mapping } from './columns.ts'
import type { ImportKind, Note } from './kind.ts'
import { findKind } from './kinds.ts'

export const IMPORT_STATES = [
  'uploaded',
  'reading',
  'mapping',
  'checking',
  'checked',
  'importing',
  'done',
  'cancelled',
  'failed',
] as const
export type ImportState = (typeof IMPORT_STATES)[number]

/** A file on its way, with the counts of its rows. `same` were here already, `errors` are not taken. */
export type Import = {
  id: string
  kind: string
  file_name: string
  file_size: number
  source: string | null
  state: ImportState
  problem: Note | null
  format: 'csv' | 'xlsx' | 'jsonl' | 'json' | null
  native_format: string | null
  sheet: string | null
  sheets: string[]
  /** Of a workbook: what was not read because nobody sees it. */
  hidden_sheets: string[]
  headings: Column[]
  mapping: Mapping
  /** A person said so, of this file or of an earlier one with the same headings. */
  columns_seen: boolean
  run_id: string | null
  rows: number
  ready: number
  repaired: number
  errors: number
  same: number
  /** So many sound rows change a record that is here. */
  changed: number
  /** So many sound rows have the note that its kind counts. */
  doubtful: number
  created: number
  updated: number
  created_at: Temporal.Instant
  finished_at: Temporal.Instant | null
  created_by_name: string | null
}

/** Which job moves an import on from a state; it may be started again after a fault. */
const JOBS: Partial<Record<ImportState, string>> = {
  uploaded: 'imports.read',
  reading: 'imports.read',
  checking: 'imports.check',
  importing: 'imports.apply',
}

/**
 * Takes a file in and starts reading it. The content is looked at in the job, never in the request. `unattended`: what can be
 * imported is, without anybody looking at it first. `sheet`: of a workbook.
 */
export async function startImport(
  ctx: Ctx,
  kind: ImportKind,
  file: { name: string; bytes: Uint8Array },
  source: string | null,
  { unattended = false, sheet }: { unattended?: boolean; sheet?: string } = {},
): Promise<string> {
  authorise(ctx, kind.permission)
  const id = await insertImport(ctx, kind, file, source, sheet)
  await audit(ctx, 'import.start', { type: 'import', id }, { kind: kind.kind, bytes: file.bytes.length })
  await startJob(ctx, id, 'uploaded', unattended ? 'imports.take' : undefined)
  return id
}

/** Only stores the file: for callers that take the steps themselves. */
export async function insertImport(
  ctx: Ctx,
  kind: ImportKind,
  { name, bytes }: { name: string; bytes: Uint8Array },
  source: string | null,
  sheet?: string,
): Promise<string> {
  const id = newId()
  const as = actingAs(ctx.actor)
  await ctx.db
    .insertInto('imports.import')
    .values({
      id,
      kind: kind.kind,
      permission: kind.permission,
      organisation_id: as?.organisation_id ?? null,
      created_by: as?.id ?? null,
      file_name: tidyName(name),
      file_size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest(),
      content: Buffer.from(bytes),
      source,
      sheet,
      created_at: ctx.now,
    })
    .execute()
  return id
}

/** What a list of imports is narrowed to. `part`: of the file's name or source. `before` is the cursor: the last import seen. */
export type ImportFilters = { part?: string; kind?: string; state?: ImportState; before?: string }

/** The imports of the actor's organisation, newest first, of the kinds the actor may import. */
export async function listImports(ctx: Ctx, filters: ImportFilters, limit: number): Promise<Import[]> {
  const { before } = filters
  const rows = await matching(imports(ctx), filters)
    .$if(before !== undefined, (query) =>
      query.where(
        sql<boolean>`(i.created_at, i.id) < (select b.created_at, b.id from imports.import b where b.id = ${before})`,
      ),
    )
    .orderBy('i.created_at', 'desc')
    .orderBy('i.id', 'desc')
    .limit(limit)
    .execute()
  return rows as Import[]
}

/** How many imports match. */
export async function countImports(ctx: Ctx, filters: ImportFilters): Promise<number> {
  const all = ctx.db.selectFrom('imports.import as i').select(({ fn }) => fn.countAll<bigint>().as('n'))
  return Number((await matching(all, filters).executeTakeFirstOrThrow()).n)
}

function matching<O>(
  query: SelectQueryBuilder<DB & { i: DB['imports.import'] }, 'i', O>,
  { part, kind, state }: ImportFilters,
): SelectQueryBuilder<DB & { i: DB['imports.import'] }, 'i', O> {
  const pattern = anywhere(part ?? '')
  return query
    .$if(part !== undefined, (query) =>
      query.where((e) => e.or([e('i.file_name', 'ilike', pattern), e('i.source', 'ilike', pattern)])),
    )
    .$if(kind !== undefined, (query) => query.where('i.kind', '=', kind!))
    .$if(state !== undefined, (query) => query.where('i.state', '=', state!)) as typeof query
}

/** One import. Throws the problem `not_found` for one the actor may not see. */
export async function getImport(ctx: Ctx, id: string): Promise<Import> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw problem('not_found')
  const found = await imports(ctx).where('i.id', '=', id).executeTakeFirst()
  if (!found) throw problem('not_found')
  return found as Import
}

const imports = (ctx: Ctx) =>
  ctx.db
    .selectFrom('imports.import as i')
    .leftJoin('access.user_account as u', 'u.id', 'i.created_by')
    .leftJoin('access.api_client as p', 'p.id', 'i.created_by')
    .select([
      'i.id',
      'i.kind',
      'i.file_name',
      'i.file_size',
      'i.source',
      'i.state',
      'i.problem',
      'i.format',
      'i.native_format',
    ])
    .select([
      'i.sheet',
      'i.sheets',
      'i.hidden_sheets',
      'i.columns_seen',
      'i.doubtful',
      'i.headings',
      'i.mapping',
      'i.run_id',
      'i.rows',
      'i.ready',
      'i.repaired',
      'i.errors',
    ])
    .select(['i.same', 'i.changed', 'i.created', 'i.updated', 'i.created_at', 'i.finished_at'])
    .select(({ fn }) => fn.coalesce('u.name', 'p.label').as('created_by_name'))

/** What is wrong with a mapping: column number → message key; under `fields` the required ones that no column has. */
export function mappingProblems(
  kind: ImportKind,
  mapping: readonly (readonly [column: number, field: string])[],
): { columns: Record<number, string>; missing: string[] } {
  const columns: Record<number, string> = {}
  for (const [column, field] of mapping) {
    if (mapping.some(([other, same]) => other !== column && same === field)) columns[column] = 'imports.mapping.twice'
  }
  const mapped = new Set(mapping.map(([, field]) => field))
  return {
    columns,
    missing: kind.fields.filter(({ required, name }) => required && !mapped.has(name)).map(({ name }) => name),
  }
}

/** Settles which column means what, and starts checking the rows. */
export async function mapColumns(ctx: Ctx, { id }: Pick<Import, 'id'>, mapping: Mapping): Promise<void> {
  await move(ctx, id, ['mapping', 'checked'], {
    ...{ state: 'checking', mapping: JSON.stringify(mapping), columns_seen: true },
  })
  await audit(ctx, 'import.map', { type: 'import', id }, { columns: Object.keys(mapping).length })
  await startJob(ctx, id, 'checking')
}

/** Reads another sheet of the workbook instead. */
export async function chooseSheet(ctx: Ctx, { id }: Pick<Import, 'id'>, sheet: string): Promise<void> {
  await move(ctx, id, ['mapping'], { state: 'uploaded', sheet })
  await audit(ctx, 'import.choose_sheet', { type: 'import', id })
  await startJob(ctx, id, 'uploaded')
}

/** Starts importing the sound rows; the others stay out, and in the report. */
export async function approveImport(ctx: Ctx, found: Import): Promise<void> {
  await move(ctx, found.id, ['checked'], { state: 'importing' })
  const { ready, repaired, errors } = found
  await audit(
    ctx,
    'import.approve',
    { type: 'import', id: found.id },
    { kind: found.kind, rows: ready + repaired, errors },
  )
  await startJob(ctx, found.id, 'importing')
}

/** Ends an import. Rows that are in stay in; what was only read is forgotten. */
export async function cancelImport(ctx: Ctx, found: Import): Promise<void> {
  await move(ctx, found.id, ['uploaded', 'reading', 'mapping', 'checking', 'checked', 'importing'], {
    state: 'cancelled',
    content: null,
    finished_at: ctx.now,
  })
  if (found.run_id) await cancelRun(ctx, found.run_id)
  if (found.state !== 'importing') await ctx.db.deleteFrom('imports.row').where('import_id', '=', found.id).execute()
  await audit(ctx, 'import.cancel', { type: 'import', id: found.id }, { kind: found.kind })
}

/** Starts the job of the present step again, after it failed for a reason of ours. */
export async function resumeImport(ctx: Ctx, { id, state, run_id }: Import): Promise<void> {
  const run = run_id ? await findRun(ctx, run_id) : undefined
  if (!JOBS[state] || (run && run.state !== 'failed')) throw problem('conflict')
  await audit(ctx, 'import.resume', { type: 'import', id }, { state })
  await startJob(ctx, id, state)
}

async function startJob(ctx: Ctx, id: string, state: ImportState, task = JOBS[state]!): Promise<void> {
  const run_id = await enqueue(ctx, task, { id }, { key: id })
  await ctx.db.updateTable('imports.import').set({ run_id }).where('id', '=', id).execute()
}

// Two officers may press at the same moment, or one twice: only the first finds the state it needs.
async function move(
  ctx: Ctx,
  id: string,
  from: ImportState[],
  change: Partial<{
    state: ImportState
    mapping: string
    columns_seen: boolean
    sheet: string
    content: null
    finished_at: Temporal.Instant
  }>,
) {
  const result = await ctx.db
    .updateTable('imports.import')
    .set(change)
    .where('id', '=', id)
    .where('state', 'in', from)
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) throw problem('conflict')
}

/** The kind of an import, for reading its rows and naming its columns. */
export const kindOf = (ctx: Ctx, { kind }: Pick<Import, 'kind'>): ImportKind => findKind(ctx.platform, kind)

// Some browsers send a path; signs that turn text around or end it have no place in a list.
function tidyName(name: string): string {
  const last = name.toWellFormed().split(/[\\/]/).at(-1)!
  return (
    last
      .replace(/[\p{Cc}\p{Cf}]/gu, '')
      .trim()
      .slice(0, 200)
      .toWellFormed() || 'file'
  )
}
