import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import { pathOf } from '#kernel/ui/navigation.ts'
import { Note } from '#kernel/ui/states.tsx'
import { DEADLINES } from '../client/deadlines.ts'
import { Act, If, Inline, Out } from './slots.tsx'

const STEPS = ['ask', 'papers', 'way', 'money'] as const
/** Whose rule stands on the page, as `rule-NAME`. */
const RULE_OF: readonly string[] = ['registration', 'work', 'patent']

/** The answer, with everything that it may have to say; the script shows what holds. */
export const Result = ({ ctx }: { ctx: Ctx }) => {
  const { t } = ctx
  return (
    <section id="result" class="flow" tabindex={-1} hidden>
      <h2>{t('stay.result')}</h2>
      <If name="left">
        <Note state="ok" title={<Left ctx={ctx} name="left" />}>
          <Last ctx={ctx} />
        </Note>
      </If>
      <If name="soon">
        <Note state="attention" title={<Left ctx={ctx} name="soon" />}>
          <Last ctx={ctx} /> {t('stay.soon_text')}
        </Note>
      </If>
      <If name="none">
        <Note state="stop" title={t('stay.none')}>
          {t('stay.none_text')}
        </Note>
      </If>
      <If name="unknown">
        <Note state="unknown" title={t('stay.unknown')}>
          {t('stay.unknown_text')}
        </Note>
      </If>
      <If name="patent">
        <Note state="attention" title={t('stay.patent_title')}>
          {t('stay.patent_text')}
        </Note>
      </If>
      <If name="ended">
        <Note state="attention" title={t('stay.ended')}>
          {t('stay.ended_text')}
        </Note>
      </If>
      <If name="contract">
        <Note state="attention" title={t('stay.contract_title')}>
          {t('stay.exceptions_text')}
        </Note>
      </If>
      <div class="flow" hidden data-if="over">
        <Note state="stop" title={t('stay.over')}>
          {t('stay.over_text')}
        </Note>
        <ol class="todo">
          {STEPS.map((step) => (
            <li>{t(`stay.step.${step}`)}</li>
          ))}
        </ol>
        <p>
          <a href={pathOf(ctx, '/help#legal')}>{t('stay.lawyers')}</a> ·{' '}
          <a href={pathOf(ctx, '/help#russia')}>{t('stay.consulates')}</a>
        </p>
      </div>
      <p>
        {t('stay.no_permission')} <a href={pathOf(ctx, '/entry-check')}>{t('stay.ban')}</a>
      </p>
      <dl class="pairs">
        <Row label={t('stay.row.today')} name="today" />
        <Row label={t('stay.row.used')} name="used" />
        <Row label={t('stay.row.unbroken')} name="unbroken" />
        <Row label={t('stay.row.patent_until')} name="patent_until" />
        <Row label={t('stay.row.beyond')} name="beyond" />
        <Row label={t('stay.row.beyond_days')} name="beyond_days" />
      </dl>
      <div class="flow" hidden data-if="dates">
        <h3>{t('stay.dates')}</h3>
        <dl class="pairs">
          {DEADLINES.map((kind) => (
            <Row label={<DeadlineName ctx={ctx} kind={kind} />} name={`date_${kind}`}>
              {kind === 'patent' && ' …'}
              <Inline name={`passed_${kind}`}> ({t('stay.passed')})</Inline>
            </Row>
          ))}
        </dl>
      </div>
      <p>
        <b>{t('law.verify')}</b>
      </p>
      <p class="btns">
        <Act name="print" kind="second">
          {t('stay.print')}
        </Act>
      </p>
      <If name="calendar">
        <p class="btns">
          <Act name="calendar" kind="second">
            {t('stay.calendar')}
          </Act>
        </p>
        <p class="hint noprint">{t('stay.calendar_hint')}</p>
      </If>
    </section>
  )
}

// Its name leads to its rule, where there is one: the others are the person's own papers, or stand above.
const DeadlineName = ({ ctx: { t }, kind }: { ctx: Ctx; kind: (typeof DEADLINES)[number] }) => {
  const name = t(`stay.deadline.${kind}`)
  return RULE_OF.includes(kind) ? <a href={`#rule-${kind}`}>{name}</a> : <>{name}</>
}

const Left = ({ ctx: { t }, name }: { ctx: Ctx; name: string }) => (
  <>
    {t('stay.left')}: <Out name={name} />.
  </>
)

// For whoever is there, and for whoever would enter today.
const Last = ({ ctx: { t } }: { ctx: Ctx }) => (
  <>
    {['last', 'if_today'].map((name) => (
      <Inline name={name}>
        {t(`stay.row.${name}`)}: <Out name={name} />.
      </Inline>
    ))}
  </>
)

const Row = ({ label, name, children }: { label: Child; name: string; children?: Child }) => (
  <div hidden data-if={name}>
    <dt>{label}</dt>
    <dd>
      <Out name={name} />
      {children}
    </dd>
  </div>
)
