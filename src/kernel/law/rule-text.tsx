import type { Ctx } from '../context.ts'
import { type Rule, sayRule } from './rules.ts'

type Props = { ctx: Ctx; rule: Rule | null /** What is said where no rule is known. */; unknown: string }

/** A rule in words, with where it is from, how old, and that a lawyer checks it. */
export async function RuleText({ ctx, rule, unknown }: Props) {
  if (!rule) return <p class="quiet">{unknown}</p>
  const { t } = ctx
  return (
    <p>
      {await sayRule(ctx, rule)}{' '}
      <span class="quiet">
        {rule.confidence === 'medium' && `${t('law.medium')} `}
        <a href={rule.source_url}>{new URL(rule.source_url).host.replace(/^www\./, '')}</a>
        {rule.as_of && ` · ${t('law.as_of', { date: ctx.format.date(rule.as_of) })}`} · {t('law.verify')}
      </span>
    </p>
  )
}
