import type { Ctx } from '../context.ts'
import type { JobCtx } from '../jobs/job.ts'
import type { NotificationKind } from '../notifications/kinds.ts'
import { notify } from '../notifications/notify.ts'
import { importPath } from './pages/steps.tsx'

/** A file one brought has been read, checked, imported, or could not be. */
export const importNews: NotificationKind = {
  kind: 'imports.news',
  label: 'imports.notice.kind',
  mail: 'now',
  gatherMinutes: 5,
  permission: 'import.use',
}

type Import = {
  id: string
  created_by: string | null
  organisation_id: string | null
  file_name: string
  state: string
}

const NEWS = ['mapping', 'checked', 'done', 'failed']

/** What an import's subject is, for those who look at it. */
export const importSubject = ({ id }: Pick<Import, 'id'>) => ({ type: 'import', id })

/**
 * Tells whoever brought a file that its import ended, or waits for them. Once for each state: a step that is repeated
 * after an interruption tells nothing new.
 */
export async function tellStarter(ctx: Ctx, id: string): Promise<void> {
  const found = await findStarted(ctx, id)
  if (found && NEWS.includes(found.state)) await tell(ctx, found, found.state as 'done')
}

/** Tells whoever brought a file that we could not go on with it: they can take the step again. */
export async function tellOfFault(ctx: JobCtx, id: string): Promise<void> {
  const found = await findStarted(ctx, id)
  if (found) await tell(ctx, found, 'fault')
}

async function tell(ctx: Ctx, found: Import, what: 'mapping' | 'checked' | 'done' | 'failed' | 'fault'): Promise<void> {
  if (!found.created_by) return
  await notify(ctx, {
    to: { users: [found.created_by], organisation_id: found.organisation_id },
    kind: importNews.kind,
    key: `imports.notice.${what}`,
    values: { file: found.file_name },
    href: importPath(found),
    subject: importSubject(found),
    dedupe: `import:${found.id}:${what}`,
  })
}

const findStarted = (ctx: Ctx, id: string): Promise<Import | undefined> =>
  ctx.db
    .selectFrom('imports.import')
    .select(['id', 'created_by', 'organisation_id', 'file_name', 'state'])
    .where('id', '=', id)
    .executeTakeFirst()
