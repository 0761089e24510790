import { audit } from '../audit/audit.ts'
import type { Ctx, StaffActor } from '../context.ts'
import { newId } from '../ids.ts'
import { cancelRun, enqueue, findRun, type Run } from '../jobs/runs.ts'
import { problem } from '../problem.ts'
import { type Export, type ExportFormat, type ProtectedExport, WAITED_FOR } from './export.ts'

/** How long a made table is kept. Also how long one may take. */
export const KEPT = { hours: 24 }
/** How many somebody may have made at once. */
const AT_ONCE = 3

/** A long export as its asker sees it. */
export type LongExport = {
  id: string
  kind: string
  format: ExportFormat
  rows: number | null
  file_id: string | null
  run_id: string | null
  created_at: Temporal.Instant
  expires_at: Temporal.Instant
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  run: Run | undefined
}

/** The definition of a kind; undefined when the module that had it is gone. */
export const findExport = (ctx: Pick<Ctx, 'platform'>, kind: string): Export | undefined =>
  ctx.platform.parts.flatMap((part) => part.exports ?? []).find(({ name }) => name === kind)

/** Whether a list is too long to wait for. */
export const isLong = async (ctx: Ctx, { count }: ProtectedExport, query: URLSearchParams): Promise<boolean> =>
  (await count(ctx, query, WAITED_FOR + 1)) > WAITED_FOR

/**
 * Has a long table made by a job; answers its id. The same one again, while it is being made, is no second one.
 * @throws problem `too_many` when three are being made for this person.
 */
export async function startExport(
  ctx: Ctx,
  { name, permission }: ProtectedExport,
  search: URLSearchParams,
  format: ExportFormat,
): Promise<string> {
  const { user_id, organisation_id } = ctx.actor as StaffActor
  const query = String(search)
  const open = (await listExports(ctx)).filter(({ state }) => state === 'waiting' || state === 'running')
  const same = open.find((one) => one.kind === name && one.query === query && one.format === format)
  if (same) return same.id
  if (open.length >= AT_ONCE) throw problem('too_many', { detail: 'exports.too_many' })
  const id = newId()
  const run_id = await enqueue(ctx, 'exports.make', { id })
  await ctx.db
    .insertInto('exports.export')
    .values({
      id,
      kind: name,
      permission,
      query,
      format,
      lang: ctx.lang,
      organisation_id,
      created_by: user_id,
      run_id,
      created_at: ctx.now,
      expires_at: ctx.now.add(KEPT),
    })
    .execute()
  await audit(ctx, 'export.start', { type: 'export', id }, { kind: name, format })
  return id
}

/** What the actor has had made in the last day, newest first. */
export async function listExports(ctx: Ctx): Promise<(LongExport & { query: string })[]> {
  const rows = await ctx.db
    .selectFrom('exports.export')
    .select(['id', 'kind', 'query', 'format', 'rows', 'file_id', 'run_id', 'created_at', 'expires_at'])
    .where('expires_at', '>', ctx.now)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
  return Promise.all(
    rows.map(async (row) => {
      const run = row.run_id ? await findRun(ctx, row.run_id) : undefined
      return { ...row, format: row.format as ExportFormat, run, state: stateOf(row.file_id, run) }
    }),
  )
}

function stateOf(file: string | null, run: Run | undefined): LongExport['state'] {
  if (file) return 'done'
  if (!run || run.state === 'done') return 'failed'
  return run.state === 'queued' ? 'waiting' : run.state
}

/** One of the actor's exports. Throws the problem `not_found` for others and after a day. */
export async function getExport(ctx: Ctx, id: string): Promise<LongExport> {
  const found = (await listExports(ctx)).find((one) => one.id === id)
  if (!found) throw problem('not_found')
  return found
}

/** Stops the making. */
export async function cancelExport(ctx: Ctx, { id, run_id }: LongExport): Promise<void> {
  if (run_id) await cancelRun(ctx, run_id)
  await audit(ctx, 'export.cancel', { type: 'export', id })
}
