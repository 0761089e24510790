import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import { Pairs } from '#kernel/ui/blocks.tsx'
import { Icon } from '#kernel/ui/icons.tsx'
import { pathOf } from '#kernel/ui/navigation.ts'
import { NotStated, type State, stateIcon } from '#kernel/ui/states.tsx'
import { termText } from '#modules/expulsions/public.ts'
import { type Answer, isFresh, type Stated } from '../answers.ts'
import type { AnswerKind } from '../finding.ts'
import type { SeenPage } from '../seen.ts'
import { HowToAppeal } from './how-to-appeal.tsx'

// "Not found" is unknown, never ok.
const STATES: Record<AnswerKind, State> = {
  listed: 'stop',
  controlled: 'attention',
  not_found: 'unknown',
  identity: 'unknown',
}

type Props = { ctx: Ctx; answer: Answer; reference: string; open_until: Temporal.Instant; card?: boolean }

/** What the lists say, with what to do next. `card`: for paper, without links. */
export function AnswerView({ ctx, answer, reference, open_until, card }: Props) {
  const { t, format } = ctx
  const { kind, list } = answer
  // Nothing may point at a date that is not there.
  const isOpen = kind === 'controlled' && !answer.measures.every(({ ends_on }) => ends_on)
  const Heading = card ? 'h2' : 'h1'
  return (
    <article class={`answer ${STATES[kind]}`} lang={ctx.lang}>
      <header>
        <Icon name={kind === 'identity' ? 'person' : stateIcon(STATES[kind])} />
        <Heading>{t(`entry_check.answer.${kind}.title`)}</Heading>
      </header>
      <div class="flow">
        <p>
          <b>{t(`entry_check.answer.${kind}.first`)}</b>{' '}
          {t(`entry_check.answer.${isOpen ? 'controlled_open' : kind}.then`)}
        </p>
        {answer.measures.map((measure) => (
          <Measure ctx={ctx} measure={measure} />
        ))}
        <Pairs
          items={[
            [
              t('entry_check.answer.list'),
              list.on
                ? t('entry_check.answer.version', {
                    version: list.version,
                    date: format.date(Temporal.Instant.from(list.on)),
                  })
                : t('entry_check.answer.no_list'),
            ],
            [t('entry_check.answer.checked'), format.dateTime(Temporal.Instant.from(answer.at))],
            [t('entry_check.answer.reference'), <span class="code">{reference}</span>],
            [t('entry_check.answer.open_until'), format.date(open_until)],
          ]}
        />
        {!isFresh(answer, ctx.now) && (
          <p>
            <b>{t('entry_check.answer.old')}</b>
          </p>
        )}
        <h2>{t(`entry_check.answer.${kind}.do`)}</h2>
        <ol class="todo">
          {STEPS[isOpen ? 'controlled_open' : kind].map((step) => (
            <li>
              {step === 'days' && !card ? (
                <a href={pathOf(ctx, '/days')}>{t('entry_check.step.days')}</a>
              ) : (
                t(`entry_check.step.${step}`)
              )}
            </li>
          ))}
        </ol>
        {answer.measures.length > 0 && <HowToAppeal ctx={ctx} measures={answer.measures} card={card} />}
        <p>
          {t('entry_check.answer.whom')}{' '}
          {card ? (
            `${ctx.platform.config.origin}${pathOf(ctx, '/help')}`
          ) : (
            <a href={pathOf(ctx, '/help#legal')}>{t('entry_check.answer.help')}</a>
          )}
        </p>
        {kind !== 'not_found' && <p class="quiet">{t('entry_check.answer.not_me')}</p>}
      </div>
    </article>
  )
}

const STEPS: Record<AnswerKind | 'controlled_open', readonly string[]> = {
  listed: ['wait', 'copy', 'lawyer', 'appeal', 'home'],
  controlled: ['controlled', 'papers', 'lawyer', 'copy'],
  controlled_open: ['controlled_open', 'papers', 'lawyer', 'copy'],
  not_found: ['days', 'passport', 'again', 'doubt'],
  identity: ['office', 'bring', 'wait'],
}

function Measure({ ctx, measure }: { ctx: Ctx; measure: Stated }) {
  const { t, format } = ctx
  const stated = (text: string | null) => text ?? <NotStated ctx={ctx} />
  const day = (text: string | null) => stated(text && format.date(Temporal.PlainDate.from(text)))
  return (
    <Pairs
      items={[
        [t('entry_check.measure.kind'), t(`expulsions.code.measure.${measure.kind}`)],
        [t('entry_check.measure.issuer'), stated(measure.issuer)],
        [t('entry_check.measure.decision'), stated(measure.decision_no)],
        [t('entry_check.measure.decision_on'), day(measure.decision_on)],
        [t('entry_check.measure.starts_on'), day(measure.starts_on)],
        [
          t('entry_check.measure.ends_on'),
          measure.lasts
            ? reckoned(ctx, measure, measure.lasts)
            : measure.term === 'until'
              ? day(measure.ends_on)
              : t(`expulsions.code.term.${measure.term}`),
        ],
        [t('entry_check.measure.status'), t(`expulsions.code.status.${measure.status}`)],
      ]}
    />
  )
}

// An end that was counted from a length, or that is open because nobody knows from when it counts.
function reckoned(
  ctx: Ctx,
  { kind, term, ends_on, decision_on, starts_on, executed_on }: Stated,
  lasts: string,
): string {
  const day = (text: string | null | undefined) => (text ? Temporal.PlainDate.from(text) : null)
  return termText(ctx, {
    ...{ kind, term, lasts, ends_on: day(ends_on), decision_on: day(decision_on) },
    ...{ starts_on: day(starts_on), executed_on: day(executed_on) },
  })
}

type LogProps = {
  ctx: Ctx
  log: SeenPage
  /** The way to the checks before these. */
  earlier: Child
}

/** Who checked this person, and why: themselves, desks, officers of the registry; protected services unnamed. */
export const WhoLooked = ({ ctx, log: { seen, left }, earlier }: LogProps) => {
  const { t, format } = ctx
  return (
    <aside class="card flow">
      <h2>{t('entry_check.seen.title')}</h2>
      <ul class="bullets">
        {seen.map(({ at, way, agrees, organisation, purpose }) => (
          <li>
            {way === 'own' ? t('entry_check.seen.own') : (organisation ?? t('entry_check.seen.unnamed'))}
            <br />
            <span class="quiet">
              {format.dateTime(at)}
              {purpose && way !== 'own' && ` · ${t(`people.code.purpose.${purpose}`)}`}
            </span>
            {agrees !== 'wholly' && (
              <>
                <br />
                {t(`entry_check.seen.${agrees}`)}
              </>
            )}
          </li>
        ))}
      </ul>
      {left > 0 && (
        <>
          <p>{t('entry_check.seen.left', { left })}</p>
          {earlier}
        </>
      )}
      <p class="quiet">{t('entry_check.seen.wrong')}</p>
    </aside>
  )
}
