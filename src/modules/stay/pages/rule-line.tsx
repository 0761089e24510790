import type { Ctx } from '#kernel/context.ts'
import { type Rule, sayRule } from '#kernel/law/rules.ts'

/** A rule in words with where it is from and how old and how sure that is; nothing when none is known. */
export async function RuleLine({ ctx, rule, id }: { ctx: Ctx; rule: Rule | null | undefined; id?: string }) {
  if (!rule) return null
  const { t } = ctx
  return (
    <li id={id}>
      {await sayRule(ctx, rule)}{' '}
      <span class="source">
        {rule.confidence === 'medium' && <b>{t('law.medium')} </b>}
        <a href={rule.source_url}>{new URL(rule.source_url).host.replace(/^www\./, '')}</a>
        {rule.as_of && ` · ${t('law.as_of', { date: ctx.format.date(rule.as_of) })}`}
      </span>
    </li>
  )
}
