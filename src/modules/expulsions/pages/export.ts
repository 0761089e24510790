import type { Ctx } from '#kernel/context.ts'
import { defineExport } from '#kernel/exports/export.ts'
import { nameText } from '#kernel/people/facts.ts'
import { birthText } from '#kernel/people/pages/words.ts'
import { type BatchRow, getBatch, rowsOf } from '../batches.ts'

const AT_ONCE = 500
const HEADINGS = [
  'full_name',
  'birth',
  'document',
  'measure',
  'ground',
  'decision_no',
  'decision_on',
  'issuer',
  'starts_on',
  'ends',
  'status',
]

/** The rows of one batch (`?batch=REFERENCE`), as the asker's office has them. Numbers of documents stay shortened. */
export const rowsExport = defineExport({
  name: 'expulsions.rows',
  title: 'expulsions.export.title',
  act: 'expulsion.export',
  permission: 'expulsion.read',
  headings: ({ t }) => [t('expulsions.rows.column.pick'), ...HEADINGS.map((key) => t(`expulsions.column.${key}`))],
  async count(ctx, query, most) {
    const batch = await getBatch(ctx, query.get('batch') ?? '')
    return Math.min(most, batch.rows ?? 0)
  },
  async *rows(ctx, query) {
    const { id } = await getBatch(ctx, query.get('batch') ?? '')
    for (let after = 0; ; ) {
      const rows = await rowsOf(ctx, id, { after, limit: AT_ONCE })
      for (const row of rows) yield cellsOf(ctx, row)
      if (rows.length < AT_ONCE) return
      after = rows.at(-1)!.number
    }
  },
})

const cellsOf = ({ t }: Ctx, row: BatchRow) => [
  row.number,
  row.names?.[0] ? nameText(row.names[0]) : null,
  birthText(row.birth),
  row.document_hint,
  t(`expulsions.code.measure.${row.kind}`),
  row.ground,
  row.decision_no,
  row.decision_on?.toString() ?? null,
  row.issuer,
  row.starts_on?.toString() ?? null,
  row.ends_on?.toString() ?? t(`expulsions.code.term.${row.term === 'indefinite' ? 'indefinite' : 'unknown'}`),
  t(`expulsions.code.status.${row.status}`),
]
