import type { Ctx } from '#kernel/context.ts'
import { defineExport } from '#kernel/exports/export.ts'
import { nameText } from '#kernel/people/facts.ts'
import { birthText } from '#kernel/people/pages/words.ts'
import { type BatchRow, getBatch, type RefusalRow, refusalsOf, rowsOf } from '../batches.ts'
import { type TermFacts, termText } from '../term-text.ts'

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
  'executed_on',
  'border_point',
  'ends',
  'status',
]

/** The rows of one batch (`?batch=REFERENCE`), as the asker's office has them. Numbers of documents stay shortened. */
export const rowsExport = defineExport({
  name: 'expulsions.rows',
  title: 'expulsions.export.title',
  act: 'expulsion.export',
  permission: 'expulsion.read',
  headings: ({ t }) => [
    t('expulsions.rows.column.pick'),
    ...HEADINGS.map((key) => t(`expulsions.column.${key}`)),
    ...['status_now', 'ends_now', 'ground_now'].map((key) => t(`expulsions.export.${key}`)),
  ],
  async count(ctx, query, most) {
    const batch = await getBatch(ctx, query.get('batch') ?? '')
    return Math.min(most, (batch.rows ?? 0) + batch.refusals)
  },
  async *rows(ctx, query) {
    const { id } = await getBatch(ctx, query.get('batch') ?? '')
    for (let after = 0; ; ) {
      const rows = await rowsOf(ctx, id, { after, limit: AT_ONCE })
      for (const row of rows) yield cellsOf(ctx, row)
      if (rows.length < AT_ONCE) break
      after = rows.at(-1)!.number
    }
    for (let after = 0; ; ) {
      const rows = await refusalsOf(ctx, id, { after, limit: AT_ONCE })
      for (const row of rows) yield refusalCells(ctx, row)
      if (rows.length < AT_ONCE) return
      after = rows.at(-1)!.number
    }
  },
})

const cellsOf = (ctx: Ctx, row: BatchRow) => {
  const { t } = ctx
  const now = row.now ?? row
  return [
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
    row.executed_on?.toString() ?? null,
    row.border_point,
    endText(ctx, row),
    t(`expulsions.code.status.${row.status}`),
    t(`expulsions.code.status.${now.status}`),
    endText(ctx, now),
    now.ground,
  ]
}

// A last day that was stated is a date; one that was reckoned says so.
const endText = (ctx: Ctx, row: TermFacts) => (row.ends_on && !row.lasts ? row.ends_on.toString() : termText(ctx, row))

const refusalCells = ({ t }: Ctx, { number, names, birth, refused_on, ground, border_point }: RefusalRow) => [
  ...[number, names[0] ? nameText(names[0]) : null, birthText(birth), null, t('expulsions.by_hand.refusal')],
  ...[ground, null, null, null, null, refused_on?.toString() ?? null, border_point, null, null, null, null, null],
]
