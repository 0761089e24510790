import type { Ctx } from '#kernel/context.ts'
import { patentLimits, type Rule, sayRule } from '#kernel/law/rules.ts'
import { Note } from '#kernel/ui/states.tsx'
import type { Vacancy } from '../vacancies.ts'

/** What a patent allows in the advert's region and trade: a dated rule with its source, or "unknown, ask". */
export async function PatentNote({ ctx, vacancy }: { ctx: Ctx; vacancy: Vacancy }) {
  const limits = await patentLimits(ctx, { placeCode: vacancy.place_code ?? vacancy.country, isco: vacancy.isco })
  if (!limits) return null
  const { t } = ctx
  return (
    <Note state="attention" title={t('vacancies.patent.title')}>
      <ul class="rules">
        {(['region', 'trade', 'cost'] as const).map(async (part) => <li>{limits[part] ? await RuleText({ ctx, rule: limits[part] }) : t(`law.unknown.${part}`)}</li>)}
        {limits.payment && <li>{await RuleText({ ctx, rule: limits.payment })}</li>}
      </ul>
      <p>{t('law.verify')}</p>
    </Note>
  )
}

async function RuleText({ ctx, rule }: { ctx: Ctx; rule: Rule }) {
  const { t } = ctx
  return (
    <>
      {await sayRule(ctx, rule)}{' '}
      <small>
        <a href={rule.source_url}>{t('law.source')}</a>
        {rule.as_of && ` · ${t('law.as_of', { date: ctx.format.date(rule.as_of) })}`}
      </small>
    </>
  )
}
