import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { patentLimits, sayRule } from '#kernel/law/rules.ts'
import { More } from '#kernel/ui/blocks.tsx'
import { Note } from '#kernel/ui/states.tsx'
import type { Vacancy } from '../vacancies.ts'

// The same question for another region, trade or day.
function asked({ place_code, isco }: Vacancy): string {
  const query = new URLSearchParams([
    ...(place_code ? [['region', place_code]] : []),
    ...(isco ? [['work', isco]] : []),
  ])
  return query.size > 0 && place_code ? `?${query}` : ''
}

/**
 * What a patent allows in the advert's region and trade: a dated rule with its source, or "unknown, ask". What it
 * costs and where all this stands is folded, so that the advert itself begins on the first screens.
 */
export async function PatentNote({ ctx, vacancy }: { ctx: Ctx; vacancy: Vacancy }) {
  const limits = await patentLimits(ctx, { placeCode: vacancy.place_code ?? vacancy.country, isco: vacancy.isco })
  if (!limits) return null
  const { t } = ctx
  const say = async (part: 'region' | 'trade' | 'cost') =>
    limits[part] ? sayRule(ctx, limits[part]) : t(`law.unknown.${part}`)
  const rules = [limits.region, limits.trade, limits.cost, limits.payment].filter((rule) => rule !== null)
  return (
    <Note state="attention" title={t('vacancies.patent.title')}>
      {await say('region')} {await say('trade')}
      <More label={t('vacancies.patent.more')}>
        <p>{await say('cost')}</p>
        {limits.payment && <p>{await sayRule(ctx, limits.payment)}</p>}
        <ul>
          {rules.map((rule) => (
            <li>
              <a href={rule.source_url}>{new URL(rule.source_url).host.replace(/^www\./, '')}</a>
              {rule.as_of && ` · ${t('law.as_of', { date: ctx.format.date(rule.as_of) })}`}
            </li>
          ))}
        </ul>
        <p>{t('law.verify')}</p>
        <p>
          <a href={localPath(ctx, `/patent${asked(vacancy)}`)}>{t('vacancies.patent.check')}</a>
        </p>
      </More>
    </Note>
  )
}
