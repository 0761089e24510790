import type { Ctx } from '#kernel/context.ts'
import { RuleText } from '#kernel/law/rule-text.tsx'
import { type Rule, ruleInForce, sayRule } from '#kernel/law/rules.ts'
import { pathOf } from '#kernel/ui/navigation.ts'
import type { Stated } from '../answers.ts'

// Measures are Russian.
const RUSSIA = 'RU'
const APPEAL = 'appeal_court'
const EXPULSION = 'appeal_expulsion'
// Where anybody writes one, of the notices.
const LETTER = '/appeal-letter'
const EXCLUSION = 'controlled_persons_exclusion'

/** By which dated rules measures of these kinds are appealed against: expulsion is decided in an administrative case. */
const topicsOf = (measures: readonly Pick<Stated, 'kind'>[]): string[] => [
  ...new Set(
    measures.flatMap(({ kind }) =>
      kind === 'expulsion' ? [EXPULSION] : kind === 'controlled_persons' ? [EXCLUSION, APPEAL] : [APPEAL],
    ),
  ),
]

type Props = { ctx: Ctx; measures: readonly Pick<Stated, 'kind'>[]; card?: boolean }

/** Until when, to whom and with what: each term with its day and source, and that a lawyer checks it. `card`: for paper, without links. */
export async function HowToAppeal({ ctx, measures, card }: Props) {
  const { t } = ctx
  const rules = await Promise.all(topicsOf(measures).map((topic) => ruleInForce(ctx, topic, { place: RUSSIA })))
  return (
    <>
      <h2>{t('entry_check.appeal.title')}</h2>
      {rules.map((rule) =>
        card && rule ? (
          <RuleOnPaper ctx={ctx} rule={rule} />
        ) : (
          <RuleText ctx={ctx} rule={rule} unknown={t('entry_check.appeal.unknown')} />
        ),
      )}
      <ul class="bullets">
        <li>{t('entry_check.appeal.whom')}</li>
        <li>{t('entry_check.appeal.bring')}</li>
        <li>{t('entry_check.appeal.late')}</li>
      </ul>
      <p>
        {card ? (
          `${t('entry_check.appeal.letter')}: ${ctx.platform.config.origin}${pathOf(ctx, LETTER)}`
        ) : (
          <a href={pathOf(ctx, LETTER)}>{t('entry_check.appeal.letter')}</a>
        )}
      </p>
    </>
  )
}

const RuleOnPaper = async ({ ctx, rule }: { ctx: Ctx; rule: Rule }) => (
  <p>
    {await sayRule(ctx, rule)}{' '}
    <span class="quiet">
      {rule.confidence === 'medium' && `${ctx.t('law.medium')} `}
      {new URL(rule.source_url).host.replace(/^www\./, '')}
      {rule.as_of && ` · ${ctx.t('law.as_of', { date: ctx.format.date(rule.as_of) })}`} · {ctx.t('law.verify')}
    </span>
  </p>
)
