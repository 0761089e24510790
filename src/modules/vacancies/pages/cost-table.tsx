import type { Ctx } from '#kernel/context.ts'
import { patentLimits } from '#kernel/law/rules.ts'
import { formatMoney } from '#kernel/money.ts'
import { NotStated } from '#kernel/ui/states.tsx'
import type { Vacancy } from '../vacancies.ts'

const ITEMS = ['accommodation', 'food', 'travel', 'permit', 'medical', 'training'] as const

/**
 * Who bears which cost of taking the job. What the advert does not say is shown as not said. Beside the permit stands what
 * the law wants for a patent there, with the day of that figure.
 */
export async function CostTable({ ctx, vacancy }: { ctx: Ctx; vacancy: Vacancy }) {
  const { t } = ctx
  const abroad = vacancy.country !== 'TJ'
  const patent = await patentWords(ctx, vacancy)
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
              <td>
                {payer ? t(`vacancies.code.payer.${payer}`) : <NotStated ctx={ctx} />}
                {item === 'permit' && patent && (
                  <>
                    <br />
                    <span class="quiet">{patent}</span>
                  </>
                )}
              </td>
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

async function patentWords(ctx: Ctx, { country, place_code, isco }: Vacancy): Promise<string | null> {
  if (country !== 'RU') return null
  const cost = (await patentLimits(ctx, { placeCode: place_code ?? country, isco }))?.cost
  if (!cost?.money) return null
  const date = cost.applies_from ?? cost.as_of
  const amount = formatMoney(ctx.lang, cost.money)
  return date ? ctx.t('vacancies.cost.patent', { amount, date: ctx.format.date(date) }) : null
}

// Housing that an employer gives is the employer's cost, unless the advert names another payer.
function payerOf(vacancy: Vacancy, item: (typeof ITEMS)[number]): 'employer' | 'worker' | null {
  const stated = vacancy.costs.find((cost) => cost.item === item)?.payer
  if (stated) return stated
  const given = { accommodation: vacancy.accommodation, food: vacancy.food, travel: vacancy.transport }[item as string]
  return given == null ? null : given ? 'employer' : 'worker'
}
