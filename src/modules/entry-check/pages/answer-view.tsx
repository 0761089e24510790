import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { Pairs } from '#kernel/ui/blocks.tsx'
import { Icon } from '#kernel/ui/icons.tsx'
import { pathOf } from '#kernel/ui/navigation.ts'
import { NotStated, type State, stateIcon } from '#kernel/ui/states.tsx'
import { type Answer, isFresh, type Seen, type Stated } from '../answers.ts'
import type { AnswerKind } from '../finding.ts'

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
  const Heading = card ? 'h2' : 'h1'
  return (
    <article class={`answer ${STATES[kind]}`} lang={ctx.lang}>
      <header>
        <Icon name={kind === 'identity' ? 'person' : stateIcon(STATES[kind])} />
        <Heading>{t(`entry_check.answer.${kind}.title`)}</Heading>
      </header>
      <div class="flow">
        <p>
          <b>{t(`entry_check.answer.${kind}.first`)}</b> {t(`entry_check.answer.${kind}.then`)}
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
          {STEPS[kind].map((step) => (
            <li>{t(`entry_check.step.${step}`)}</li>
          ))}
        </ol>
        <p>
          {t('entry_check.answer.whom')}{' '}
          {card ? (
            `${ctx.platform.config.origin}${pathOf(ctx, '/help')}`
          ) : (
            <a href={pathOf(ctx, '/help#legal')}>{t('entry_check.answer.help')}</a>
          )}
        </p>
        <p class="quiet">{t('entry_check.answer.not_me')}</p>
      </div>
    </article>
  )
}

const STEPS: Record<AnswerKind, readonly string[]> = {
  listed: ['wait', 'copy', 'lawyer', 'appeal', 'home'],
  controlled: ['controlled', 'papers', 'lawyer', 'copy'],
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
          measure.term === 'until' ? day(measure.ends_on) : t(`expulsions.code.term.${measure.term}`),
        ],
        [t('entry_check.measure.status'), t(`expulsions.code.status.${measure.status}`)],
      ]}
    />
  )
}

/** Who checked this person, and why: themselves, desks, officers of the registry; protected services unnamed. */
export async function WhoLooked({ ctx, seen }: { ctx: Ctx; seen: readonly Seen[] }) {
  const { t, format } = ctx
  const ids = [...new Set(seen.flatMap(({ organisation_id }) => organisation_id ?? []))]
  const { rows } = await sql<{ id: string; name: string | null }>`
    select id, organisations.name_of(id, ${ctx.lang}) as name from unnest(${ids}::uuid[]) id`.execute(ctx.db)
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return (
    <aside class="card flow">
      <h2>{t('entry_check.seen.title')}</h2>
      <ul class="bullets">
        {seen.map(({ at, way, organisation_id, purpose }) => (
          <li>
            {way === 'own'
              ? t('entry_check.seen.own')
              : (names.get(organisation_id ?? '') ?? t('entry_check.seen.unnamed'))}
            <br />
            <span class="quiet">
              {format.dateTime(Temporal.Instant.from(at))}
              {purpose && way !== 'own' && ` · ${t(`people.code.purpose.${purpose}`)}`}
            </span>
          </li>
        ))}
      </ul>
      <p class="quiet">{t('entry_check.seen.wrong')}</p>
    </aside>
  )
}
