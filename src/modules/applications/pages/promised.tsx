import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import { NotStated } from '#kernel/ui/states.tsx'
import { payWords, whereWords } from '#modules/vacancies/public.ts'
import type { Point } from '../contracts.ts'
import type { Snapshot } from '../snapshot.ts'

/** What the advert promised at a point, as it was when the person applied; that it says nothing, where it did. */
export async function promised(ctx: Ctx, snapshot: Snapshot, point: Point): Promise<Child> {
  return (await words(ctx, snapshot, point)) ?? <NotStated ctx={ctx} />
}

async function words(ctx: Ctx, snapshot: Snapshot, point: Point): Promise<Child | null> {
  const { t } = ctx
  const original = (text: string | null) => text && <span lang={snapshot.lang}>{text}</span>
  const yesNo = (value: boolean | null) => (value === null ? null : t(`applications.contract.${value ? 'yes' : 'no'}`))
  switch (point) {
    case 'pay': {
      const pay = payWords(ctx, snapshot)
      return pay && `${pay.amount} ${pay.period}. ${t(`vacancies.pay.gross_${snapshot.pay_gross}`)}`
    }
    case 'employer':
      return original(snapshot.employer_name)
    case 'work':
      return original(snapshot.duties ?? snapshot.title)
    case 'place':
      return original(snapshot.workplace_text ?? snapshot.region_text) ?? whereWords(ctx, snapshot)
    case 'hours':
      return original([snapshot.schedule, snapshot.hours].filter(Boolean).join('. ') || null)
    case 'contract':
      return snapshot.contract && t(`vacancies.code.contract.${snapshot.contract}`)
    case 'costs':
      return snapshot.costs.length === 0
        ? null
        : snapshot.costs
            .map(
              ({ item, payer }) =>
                `${costName(ctx, item)}: ${payer ? t(`vacancies.code.payer.${payer}`) : t('ui.not_stated')}`,
            )
            .join(' · ')
    default:
      return yesNo(snapshot[point])
  }
}

const costName = ({ t }: Ctx, item: string) =>
  t.has(`vacancies.code.cost.${item}`) ? t(`vacancies.code.cost.${item}`) : item
