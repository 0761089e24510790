import type { Ctx } from '#kernel/context.ts'
import { NotStated } from '#kernel/ui/states.tsx'
import type { Vacancy } from '../vacancies.ts'

const ITEMS = ['accommodation', 'food', 'travel', 'permit'] as const

/** Who bears which cost of taking the job. What the advert does not say is shown as not said. */
export function CostTable({ ctx, vacancy }: { ctx: Ctx; vacancy: Vacancy }) {
  const { t } = ctx
  const abroad = vacancy.country !== 'TJ'
  return (
    <table class="paid">
      <thead>
        <tr>
          <th scope="col">{t('vacancies.cost.item')}</th>
          <th scope="col">{t('vacancies.cost.payer')}</th>
        </tr>
      </thead>
      <tbody>
        {ITEMS.filter((item) => abroad || item === 'accommodation' || item === 'food').map((item) => {
          const payer = payerOf(vacancy, item)
          return (
            <tr>
              <td>{t(`vacancies.code.cost.${item}`)}</td>
              <td>{payer ? t(`vacancies.code.payer.${payer}`) : <NotStated ctx={ctx} />}</td>
            </tr>
          )
        })}
        <tr>
          <td>{t('vacancies.code.cost.recruitment')}</td>
          <td>{t('vacancies.code.payer.never_worker')}</td>
        </tr>
      </tbody>
    </table>
  )
}

// Housing that an employer gives is the employer's cost, unless the advert names another payer.
function payerOf(vacancy: Vacancy, item: (typeof ITEMS)[number]): 'employer' | 'worker' | null {
  const stated = vacancy.costs.find((cost) => cost.item === item)?.payer
  if (stated) return stated
  const given = { accommodation: vacancy.accommodation, food: vacancy.food, travel: vacancy.transport, permit: null }[
    item
  ]
  return given === null ? null : given ? 'employer' : 'worker'
}
