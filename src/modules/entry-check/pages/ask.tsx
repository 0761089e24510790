import type { Context } from 'hono'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { keptNothing } from '#kernel/http/limits.ts'
import { definePage, seeOther } from '#kernel/http/page.ts'
import { PROOF, ProofFields } from '#kernel/my-case/pages/my-case.tsx'
import { More } from '#kernel/ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '#kernel/ui/buttons.tsx'
import { CheckboxField } from '#kernel/ui/choices.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { HiddenField } from '#kernel/ui/fields.tsx'
import { Icon } from '#kernel/ui/icons.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { pathOf } from '#kernel/ui/navigation.ts'
import { Note } from '#kernel/ui/states.tsx'
import { ask, openAnswer } from '../asking.ts'
import { knowDevice } from '../limits.ts'
import { endTicket } from '../pins.ts'
import { nextTicket, readNext, whoLooked } from '../seen.ts'
import { slipUntil } from '../slips.ts'
import { sendsTexts } from '../text-messages.ts'
import { AnswerView, WhoLooked } from './answer-view.tsx'
import { padded } from './padded.ts'

export const ENTRY_CHECK = '/entry-check'

const Proof = z.object(PROOF)
const Question = z.object({ ...PROOF, tell: z.literal('yes').optional() })

/** "Am I banned from entry?": asked with what a desk gave to the person who was there. */
export const askPage = definePage({
  path: ENTRY_CHECK,
  access: 'public',
  get: (ctx) => <Ask ctx={ctx} values={{}} errors={{}} />,
  async post(ctx, c, form) {
    const read = readForm(Question, form)
    if (!read.ok) {
      keptNothing(c)
      c.status(422)
      return <Ask ctx={ctx} values={read.values} errors={read.errors} />
    }
    const { tell, ...proof } = read.value
    await ask(ctx, c, { ...proof, tell: tell === 'yes' })
    return seeOther(ctx, c, `${ENTRY_CHECK}/asked`)
  },
})

/** What everybody reads who asked, whoever they are. */
export const askedPage = definePage({
  path: `${ENTRY_CHECK}/asked`,
  access: 'public',
  get(ctx, c) {
    const { t } = ctx
    c.header('Cache-Control', 'no-store')
    knowDevice(ctx, c)
    return (
      <PublicPage
        ctx={ctx}
        title={t('entry_check.asked.title')}
        current={ENTRY_CHECK}
        path={`${ENTRY_CHECK}/asked`}
        robots="noindex"
      >
        <div class="flow">
          <Exit ctx={ctx} />
          <h1>{t('entry_check.asked.title')}</h1>
          <Note state="unknown" title={t('entry_check.asked.first')}>
            {t('entry_check.asked.text')}
          </Note>
          <form method="post" action={pathOf(ctx, `${ENTRY_CHECK}/answer`)} class="flow" autocomplete="off">
            <ProofFields ctx={ctx} values={{}} words={{}} />
            <Button icon="key">{t('entry_check.form.open')}</Button>
          </form>
        </div>
      </PublicPage>
    )
  },
})

/** Opens an answer. Reference and PIN stand in no address; nobody's browser keeps the page. */
export const answerPage = definePage({
  path: `${ENTRY_CHECK}/answer`,
  access: 'public',
  get: (ctx, c) => seeOther(ctx, c, ENTRY_CHECK),
  async post(ctx, c, form) {
    if (form.has('ticket')) return earlierChecks(ctx, c, String(form.get('ticket')))
    const read = readForm(Proof, form)
    if (!read.ok) {
      keptNothing(c)
      return padded(c, <Ask ctx={ctx} values={read.values} errors={read.errors} />, 422)
    }
    const opened = await openAnswer(ctx, c, read.value)
    if (typeof opened === 'string')
      return padded(c, <Ask ctx={ctx} values={read.values} errors={{}} outcome={opened} />, 422)
    // Looking is no writing. A wrong PIN is a guess, and counts.
    keptNothing(c)
    const { t } = ctx
    const { answer, open_until } = opened
    const slip = slipUntil(ctx, answer)
    const log = await whoLooked(ctx, opened.inquiry)
    return padded(
      c,
      <PublicPage
        ctx={ctx}
        title={t('entry_check.answer.page')}
        current={ENTRY_CHECK}
        path={ENTRY_CHECK}
        robots="noindex"
      >
        <div class="flow">
          <Exit ctx={ctx} />
          <div class="two">
            <div class="flow">
              <AnswerView ctx={ctx} answer={answer} reference={read.value.reference} open_until={open_until} />
              {slip === 'old' && (
                <p>
                  {t('entry_check.slip.old')} {t('entry_check.slip.old_text')}
                </p>
              )}
              {typeof slip !== 'string' && (
                <p>
                  <a href={pathOf(ctx, `${ENTRY_CHECK}/slip`)}>{t('entry_check.slip.link')}</a>
                </p>
              )}
              <EndPin ctx={ctx} ticket={endTicket(ctx, opened.proven)} />
            </div>
            <WhoLooked
              ctx={ctx}
              log={log}
              earlier={<Earlier ctx={ctx} ticket={nextTicket(ctx, opened.inquiry, log)} />}
            />
          </div>
        </div>
      </PublicPage>,
      200,
    )
  },
})

// The checks before those that stand beside the answer. Opened by what that page held, so that the PIN is not asked again.
async function earlierChecks(ctx: Ctx, c: Context, ticket: string): Promise<Response> {
  const said = readNext(ctx, ticket)
  if (!said) return padded(c, <Ask ctx={ctx} values={{}} errors={{}} outcome="none" />, 422)
  keptNothing(c)
  const { t } = ctx
  const log = await whoLooked(ctx, said.inquiry, said.from)
  return padded(
    c,
    <PublicPage
      ctx={ctx}
      title={t('entry_check.answer.page')}
      current={ENTRY_CHECK}
      path={ENTRY_CHECK}
      robots="noindex"
    >
      <div class="flow">
        <Exit ctx={ctx} />
        <h1>{t('entry_check.seen.earlier')}</h1>
        <WhoLooked ctx={ctx} log={log} earlier={<Earlier ctx={ctx} ticket={nextTicket(ctx, said.inquiry, log)} />} />
      </div>
    </PublicPage>,
    200,
  )
}

const Earlier = ({ ctx, ticket }: { ctx: Ctx; ticket: string }) => (
  <form method="post" action={pathOf(ctx, `${ENTRY_CHECK}/answer`)}>
    <HiddenField name="ticket" value={ticket} />
    <Button kind="second">{ctx.t('entry_check.seen.earlier')}</Button>
  </form>
)

// Folded: it cannot be taken back.
const EndPin = ({ ctx, ticket }: { ctx: Ctx; ticket: string }) => (
  <More icon="key" label={ctx.t('entry_check.end.title')}>
    <p>{ctx.t('entry_check.end.text')}</p>
    <p>{ctx.t('entry_check.end.slips')}</p>
    <form method="post" action={pathOf(ctx, `${ENTRY_CHECK}/pin`)}>
      <HiddenField name="ticket" value={ticket} />
      <Button kind="danger">{ctx.t('entry_check.end.end')}</Button>
    </form>
  </More>
)

type Props = { ctx: Ctx; values: FormValues; errors: FormErrors; outcome?: 'wrong' | 'none' }

const Ask = ({ ctx, values, errors, outcome }: Props) => {
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  return (
    <PublicPage ctx={ctx} title={t('entry_check.title')} description={t('entry_check.description')} path={ENTRY_CHECK}>
      <div class="flow">
        <Exit ctx={ctx} />
        <h1>{t('entry_check.title')}</h1>
        <p>{t('entry_check.lead')}</p>
        <ErrorSummary ctx={ctx} errors={words} />
        {outcome && (
          <Note state={outcome === 'none' ? 'unknown' : 'stop'} title={t(`entry_check.${outcome}.title`)} announce>
            {t(`entry_check.${outcome}.text`)}
          </Note>
        )}
        <form method="post" action={pathOf(ctx, ENTRY_CHECK)} class="flow" autocomplete="off">
          <ProofFields ctx={ctx} values={values} words={words} />
          {sendsTexts(ctx) && (
            <CheckboxField
              name="tell"
              label={t('entry_check.form.tell')}
              hint={t('entry_check.form.tell_hint')}
              checked={values.tell === 'yes'}
            />
          )}
          <Buttons>
            <Button end="right">{t('entry_check.form.ask')}</Button>
            <Button kind="second" icon="key" formaction={pathOf(ctx, `${ENTRY_CHECK}/answer`)}>
              {t('entry_check.form.open')}
            </Button>
          </Buttons>
        </form>
        <p class="note unknown">
          <Icon name="lock" />
          <span>{t('entry_check.private')}</span>
        </p>
        <More icon="info" label={t('entry_check.how.title')} open>
          <ol class="todo">
            {['desk', 'face', 'pin', 'ask'].map((step) => (
              <li>{t(`entry_check.how.${step}`)}</li>
            ))}
          </ol>
          <p>
            <a href={pathOf(ctx, '/help')}>{t('entry_check.how.where')}</a>
          </p>
          {sendsTexts(ctx) && (
            <p>
              {t('entry_check.how.or')}{' '}
              <a href={pathOf(ctx, `${ENTRY_CHECK}/telephone`)}>{t('entry_check.how.telephone')}</a>
            </p>
          )}
        </More>
        <More icon="shield" label={t('entry_check.forced.title')}>
          <p>{t('entry_check.forced.text')}</p>
          <p>
            <a href={pathOf(ctx, `${ENTRY_CHECK}/pin`)}>{t('entry_check.end.title')}</a>
          </p>
        </More>
        <p>
          <a href={pathOf(ctx, `${ENTRY_CHECK}/verify`)}>{t('entry_check.verify.link')}</a>
        </p>
      </div>
    </PublicPage>
  )
}

/** The way out, for whoever is not alone with the telephone. */
export const Exit = ({ ctx }: { ctx: Ctx }) => (
  <p class="noprint">
    <LinkButton kind="second" icon="x" href={pathOf(ctx, '/vacancies')}>
      {ctx.t('entry_check.exit')}
    </LinkButton>
  </p>
)
