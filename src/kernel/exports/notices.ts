import type { Ctx } from '../context.ts'
import { readAbout } from '../notifications/inbox.ts'
import type { NotificationKind } from '../notifications/kinds.ts'
import { notify } from '../notifications/notify.ts'
import { EXPORTS } from './export.ts'

/** A long table is ready: for those who went on with something else. */
export const exportReady: NotificationKind = {
  kind: 'exports.ready',
  label: 'exports.notice.ready_kind',
  mail: 'off',
  gatherMinutes: 0,
  permission: 'export.use',
}

const about = (id: string) => ({ type: 'export', id })

/** Tells its asker that a table is ready. In the system's name: nobody is told what they did themselves. */
export const tellReady = (
  ctx: Ctx,
  id: string,
  asker: { created_by: string; organisation_id: string },
): Promise<void> =>
  notify(ctx, {
    to: { users: [asker.created_by], organisation_id: asker.organisation_id },
    kind: exportReady.kind,
    key: 'exports.notice.ready',
    href: `${EXPORTS}/${id}`,
    subject: about(id),
  })

/** Whoever looks at the export knows that it is ready. */
export const readySeen = (ctx: Ctx, id: string): Promise<void> => readAbout(ctx, about(id))
