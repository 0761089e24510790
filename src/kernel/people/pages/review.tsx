import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { problem } from '../../problem.ts'
import { Crumb, Headline, More } from '../../ui/blocks.tsx'
import { Button, LinkButton } from '../../ui/buttons.tsx'
import { HiddenField } from '../../ui/fields.tsx'
import { Note, Undo } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { type Agreement, type Line, linesOf, type Side, sidesOf } from '../comparison.ts'
import { beginLookup, noteLook } from '../looks.ts'
import {
  countReviews,
  type Decided,
  decideReview,
  decisionsOf,
  getReview,
  REVIEW_DECISIONS,
  type Review,
  reviewQueue,
  shownOf,
  takesTwo,
  undoReview,
} from '../reviews.ts'
import { Meter } from './meter.tsx'
import { pairCode, QUEUE } from './review-queue.tsx'
import { Row } from './review-row.tsx'
import { birthText, langOf, namesText, probabilityText } from './words.ts'

const Decision = z.object({ decision: z.enum(REVIEW_DECISIONS), shown: z.string() })
const Undoing = z.object({ last: z.uuid().optional() })

/** Two records side by side, what agrees and what not, and three equal decisions. */
export const personReviewPage = definePage({
  path: '/work/people/review/:id',
  access: 'person.review',
  async get(ctx, c) {
    const review = await ofRequest(ctx, c)
    const lookup = { id: await beginLookup(ctx, 'review', null), purpose: 'review' as const }
    // First: of what comes to either side from now on the decision is none.
    const shown = await shownOf(ctx, review)
    const sides = await sidesOf(ctx, review)
    for (const id of new Set(sides.map(({ person_id }) => person_id))) await noteLook(ctx, id, lookup, 'compared')
    return <Comparison ctx={ctx} review={review} sides={sides} shown={shown} decided={c.req.query('decided')} />
  },
  async post(ctx, c, form) {
    const { id } = await ofRequest(ctx, c)
    const read = readForm(Decision, form)
    if (!read.ok) throw problem('bad_request')
    const state = await decideReview(ctx, id, read.value.decision, read.value.shown)
    return seeOther(ctx, c, `${QUEUE}/${id}?decided=${state}`)
  },
})

/** Takes the last decision about a pair back. */
export const personReviewUndoPage = definePage({
  path: '/work/people/review/:id/undo',
  access: 'person.review',
  async post(ctx, c, form) {
    const { id } = await ofRequest(ctx, c)
    const read = readForm(Undoing, form)
    if (!read.ok) throw problem('bad_request')
    await undoReview(ctx, id, read.value.last)
    return seeOther(ctx, c, `${QUEUE}/${id}?decided=undone`)
  },
})

async function ofRequest(ctx: Ctx, c: Context): Promise<Review> {
  const id = z.uuid().safeParse(c.req.param('id'))
  if (!id.success) throw problem('not_found')
  return getReview(ctx, id.data)
}

type ComparisonProps = { ctx: Ctx; review: Review; sides: [Side, Side]; shown: string; decided?: string }

async function Comparison({ ctx, review, sides, shown, decided }: ComparisonProps) {
  const { t, format } = ctx
  const path = `${QUEUE}/${review.id}`
  const [left, right] = sides
  const lines = linesOf([left, right], review.explanation)
  const decisions = await decisionsOf(ctx, review.id)
  const last = decided === 'undone' ? undefined : decisions.find(({ undone_at }) => !undone_at)?.id
  const { all, at } = await countReviews(ctx, { id: review.id })
  const next = await nextOf(ctx, review)
  const two = !review.adverse && !review.settled_at && (await takesTwo(ctx, review))
  const probability = probabilityText(ctx, review.probability)
  return (
    <WorkPage ctx={ctx} title={t('people.review.title')} current={QUEUE} path={path}>
      <Crumb href={localPath(ctx, QUEUE)} label={t('people.review.list')}>
        {at === null ? t('people.review.pair', { code: pairCode(review.id) }) : t('people.review.at', { at, all })}
      </Crumb>
      <Headline title={t('people.review.title')} />
      {decided && <Decided ctx={ctx} review={review} last={last} next={next} />}
      <div class="verdict">
        <Meter ctx={ctx} probability={review.probability} />
        <p>
          <b>{t('people.probability', { value: probability })}.</b> {summary(ctx, lines)}{' '}
          {review.proposed && t('people.review.proposed')} {review.adverse && t('people.review.adverse')}
          {two && t('people.review.two')}
        </p>
      </div>
      <table class="compare">
        <caption class="vh">{t('people.review.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="vh">{t('people.field.name')}</span>
            </th>
            <th scope="col">
              {t(leftHeading(review, left))}
              <small>{origin(ctx, left)}</small>
              {left.others.length > 0 && <small>{counted(ctx, left)}</small>}
            </th>
            <th scope="col">
              {t('people.review.right')}
              <small>{counted(ctx, right)}</small>
            </th>
            <th scope="col">{t('people.review.how')}</th>
          </tr>
        </thead>
        <tbody>
          {await Promise.all(lines.map((line) => Row({ ctx, line })))}
          {sides.some(({ others }) => others.length > 0) && (
            <tr>
              <th scope="row">{t('people.review.with')}</th>
              <td class="a">{others(left)}</td>
              <td class="b">{others(right)}</td>
              <td class="how" />
            </tr>
          )}
        </tbody>
      </table>
      {review.settled_at ? null : (
        <form method="post" action={localPath(ctx, path)} class="decide">
          <HiddenField name="shown" value={shown} />
          <div class="btns">
            {REVIEW_DECISIONS.map((decision, index) => (
              <Button
                kind="second"
                name="decision"
                value={decision}
                icon={DECISION_ICON[decision]}
                shortcut={String(index + 1)}
              >
                {t(`people.code.decision.${decision}`)}
              </Button>
            ))}
            {next && (
              <LinkButton kind="plain" href={localPath(ctx, `${QUEUE}/${next}`)} shortcut="ArrowRight">
                {t('people.review.skip')}
              </LinkButton>
            )}
          </div>
          <p class="quiet">{t('people.review.hint')}</p>
        </form>
      )}
      <More icon="info" label={t('people.review.reckoned')}>
        <p>
          {review.explanation
            .map(({ field, weight }) =>
              t('people.review.weight', {
                field: t(`people.field.${field}`),
                weight: format.number(weight, { signDisplay: 'exceptZero', maximumFractionDigits: 1 }),
              }),
            )
            .join(' ')}
        </p>
        <p class="quiet">{t('people.review.reckoned_by', { version: review.weights_version })}</p>
      </More>
      <Opinions ctx={ctx} path={path} decisions={decisions} shown={!decided} />
    </WorkPage>
  )
}

// Beside 1, 2 and 3, and the same on every keyboard: letters are elsewhere on Cyrillic ones.
const UNDO_KEY = '0'
const DECISION_ICON = { same: 'eq', different: 'ne', unclear: 's-unknown' } as const

async function nextOf(ctx: Ctx, { id }: Review): Promise<string | null> {
  const after = (await reviewQueue(ctx, 1, id))[0] ?? (await reviewQueue(ctx, 1))[0]
  return after && after.id !== id ? after.id : null
}

// Only what came in a file is a row of a list; of a pair that an officer proposed both are here already.
const leftHeading = ({ proposed }: Review, { kind }: Side) =>
  proposed ? 'people.review.left_person' : kind === 'file' ? 'people.review.left' : 'people.review.left_record'

const origin = (ctx: Ctx, { label, row_number, received_at }: Side) =>
  [
    label,
    row_number && ctx.t('people.row', { row: ctx.format.number(row_number) }),
    ctx.t('people.received', { date: ctx.format.date(received_at) }),
  ]
    .filter(Boolean)
    .join(', ')

const counted = ({ t, format }: Ctx, { since, sources }: Side) =>
  t('people.review.right_hint', { since: format.date(since), count: sources })

/** Everybody with whom a side is counted as one: who decides about it decides about them. */
const others = (side: Side): Child =>
  side.others.map(({ names, birth }) => {
    const text = [...namesText(names), birthText(birth)].filter(Boolean).join(' · ')
    return <p lang={langOf(text)}>{text}</p>
  })

/** In two sentences at most: what agrees, what does not. */
function summary({ t, format }: Ctx, lines: readonly Line[]): string {
  const named = (agreement: Agreement) =>
    lines.filter((line) => line.agreement === agreement).map(({ field }) => t(`people.field.${field}`).toLowerCase())
  const parts = (['equal', 'alike', 'differs'] as const).map((agreement) => {
    const fields = named(agreement)
    return fields.length > 0 && t(`people.review.sum_${agreement}`, { fields: format.list(fields) })
  })
  return parts.filter(Boolean).join(' ')
}

function Decided({
  ctx,
  review,
  last,
  next,
}: {
  ctx: Ctx
  review: Review
  /** What can be taken back. */
  last: string | undefined
  next: string | null
}) {
  const { t } = ctx
  const onward = next && (
    <p>
      <a href={localPath(ctx, `${QUEUE}/${next}`)} aria-keyshortcuts="ArrowRight">
        {t('people.review.next')}
      </a>
    </p>
  )
  if (!last)
    return (
      <Note state="ok" title={t('people.review.undone')} announce focus>
        {onward}
      </Note>
    )
  return (
    <Undo
      ctx={ctx}
      action={localPath(ctx, `${QUEUE}/${review.id}/undo`)}
      fields={<input type="hidden" name="last" value={last} />}
      title={t(`people.code.review_state.${review.state}`)}
      shortcut={UNDO_KEY}
    >
      {onward}
    </Undo>
  )
}

const Opinions = ({
  ctx,
  path,
  decisions,
  shown,
}: {
  ctx: Ctx
  path: string
  decisions: readonly Decided[]
  shown: boolean
}) => {
  const last = decisions.find(({ undone_at }) => !undone_at)
  return decisions.length === 0 ? null : (
    <More icon="clock" label={ctx.t('people.review.opinions')}>
      <ul class="flow">
        {decisions.map(({ decision, at, name, undone_at, of_these }) => (
          <li>
            <b>{ctx.t(`people.code.decision.${decision}`)}</b>
            {undone_at ? ` · ${ctx.t('people.undone')}` : of_these === false && ` · ${ctx.t('people.review.lapsed')}`} ·{' '}
            <span class="quiet">{[name, ctx.format.dateTime(at)].filter(Boolean).join(' · ')}</span>
          </li>
        ))}
      </ul>
      {shown && last && (
        <form method="post" action={`${localPath(ctx, path)}/undo`}>
          <input type="hidden" name="last" value={last.id} />
          <Button kind="plain" icon="undo">
            {ctx.t('people.take_back')}
          </Button>
        </form>
      )}
    </More>
  )
}
