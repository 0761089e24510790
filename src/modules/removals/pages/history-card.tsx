import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { More } from '#kernel/ui/blocks.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { type HistoryLine, historyOf } from '../history.ts'
import type { Removal } from '../removals.ts'
import { CLAIMS } from './paths.ts'

/** Who changed what of a departure, and when. */
export async function HistoryCard({ ctx, removal }: { ctx: Ctx; removal: Removal }) {
  const { t, format } = ctx
  const lines = await historyOf(ctx, removal.id)
  return (
    <More icon="clock" label={t('removals.history.title')} card>
      <Table
        caption={t('removals.history.title')}
        hidden
        columns={['at', 'what', 'who'].map((key) => ({ label: t(`removals.history.${key}`) }))}
        rows={lines.map((line) => [
          format.dateTime(line.at),
          <What ctx={ctx} line={line} />,
          [line.by_name, line.office].filter(Boolean).join(', '),
        ])}
      />
    </More>
  )
}

function What({ ctx, line: { kind, cost, claim } }: { ctx: Ctx; line: HistoryLine }) {
  const { t, format } = ctx
  return (
    <>
      {t(`removals.history.${kind}`)}
      {cost && `: ${t(`removals.code.cost.${cost.kind}`)}, ${format.money(cost)}`}
      {claim && (
        <>
          {' '}
          <a href={localPath(ctx, `${CLAIMS}/${claim}`)} class="code">
            {claim}
          </a>
        </>
      )}
    </>
  )
}
