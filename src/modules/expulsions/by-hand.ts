import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { startImport } from '#kernel/imports/imports.ts'
import type { Note } from '#kernel/imports/kind.ts'
import { readRow, rowReader } from '#kernel/imports/rows.ts'
import type { ListField } from './columns.ts'
import { listImport } from './import.ts'
import { BY_HAND } from './kinds.ts'
import { type ListRow, noticeOf } from './notice.ts'
import { OPEN, UNREAD_CELL } from './reading.ts'

/** What somebody typed, by field, as it would stand in the cells of a list. */
export type Typed = Partial<Record<ListField, string>>

/**
 * Takes one notice that was typed, the way of a list of one row: it is recognised, asked about and passed on alike. Answers the import,
 * or message keys by field, and then nothing was kept. `letter`: what it stands in; the same letter later corrects it.
 */
export async function enterNotice(
  ctx: Ctx,
  typed: Typed,
  letter: string | null,
): Promise<{ import_id: string } | { errors: Record<string, string> }> {
  const cells = Object.fromEntries(Object.entries(typed).filter(([, text]) => text.trim() !== ''))
  const row = readRow(ctx, listImport, rowReader(listImport, { native_format: BY_HAND, mapping: {} }), cells)
  const notice = noticeOf(row.value as ListRow, 1, plainDate(ctx.now))
  // In a list what is not understood is left open; whoever types sits before it, and can put it right.
  const isOpen = (field: string) => [undefined, 'unknown', UNREAD_CELL].includes(row.value[field] as string | undefined)
  const wrong: Record<string, Note> = {
    ...(notice.ok ? notice.repairs : notice.errors),
    ...Object.fromEntries(Object.entries(row.notes).filter(([field, { kind }]) => kind === 'error' || isOpen(field))),
  }
  if (Object.keys(wrong).length > 0)
    return {
      errors: Object.fromEntries(
        Object.entries(wrong).map(([field, { key }]) => [field, key.replace(new RegExp(`${OPEN}$`), '')]),
      ),
    }
  const bytes = Buffer.from(JSON.stringify({ [BY_HAND]: [cells] }))
  const name = ctx.t('expulsions.by_hand.title')
  return { import_id: await startImport(ctx, listImport, { name, bytes }, letter, { unattended: true }) }
}
