import type { Ctx } from '#kernel/context.ts'
import { Table } from '#kernel/ui/table.tsx'
import { SKILLS, skillWords } from '#modules/applications/public.ts'
import type { MonthFigure } from '../reading.ts'
import { shown } from './shown.ts'

/** What offers ask for beside who has it: where the second is small, a course helps. */
export function Training({ ctx, figures }: { ctx: Ctx; figures: readonly MonthFigure[] }) {
  const { t } = ctx
  const of = (measure: string, skill: string) =>
    figures.find((figure) => figure.measure === measure && figure.split === 'skill' && figure.value === skill)
  const asked = SKILLS.filter((skill) => of('asked', skill)?.amount != null)
  if (asked.length === 0) return null
  return (
    <>
      <h2>{t('labour_market.training')}</h2>
      <p class="quiet">{t('labour_market.training_text')}</p>
      <Table
        caption={t('labour_market.training')}
        hidden
        columns={[
          { label: t('labour_market.skill') },
          { label: t('labour_market.asked'), num: true },
          { label: t('labour_market.able'), num: true },
        ]}
        rows={asked.map((skill) => [
          skillWords(ctx, skill),
          shown(ctx, of('asked', skill)),
          shown(ctx, of('able', skill)),
        ])}
      />
    </>
  )
}
