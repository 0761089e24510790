import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { Card, Crumb, Headline, More } from '#kernel/ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { DateField, readDate } from '#kernel/ui/date-field.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { HiddenField, TextArea } from '#kernel/ui/fields.tsx'
import type { IconName } from '#kernel/ui/icons.tsx'
import { Road } from '#kernel/ui/road.tsx'
import { Note, Tag } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { askPhone, type Event, getReceived, historyOf, moveReceived, noteReceived, type Received } from '../inbox.ts'
import { INBOX } from '../notices.ts'
import { ACTS, employerActs, REASONS } from '../states.ts'
import { LOOKS } from './own-applications.tsx'
import { ProfileView } from './profile-view.tsx'

const DECISIONS = ACTS.filter((act) => act !== 'withdraw')
const Decision = z.object({
  act: z.enum(DECISIONS),
  reason: z.enum(REASONS, 'applications.received.reason_missing').optional(),
  words: z.string().max(500).optional(),
})
const Words = z.object({ words: z.string('applications.received.note_missing').max(1000) })

/** One application before the employer: who it is as they shared it, what happened, and what can be decided. */
export const receivedPage = definePage({
  path: `${INBOX}/:reference`,
  access: 'application.handle',
  get: async (ctx, c) => <View ctx={ctx} received={await getReceived(ctx, c.req.param('reference')!)} />,
  async post(ctx, c, form) {
    const received = await getReceived(ctx, c.req.param('reference')!)
    const read = readForm(Decision, form)
    const start = {
      day: String(form.get('start_day') ?? ''),
      month: String(form.get('start_month') ?? ''),
      year: String(form.get('start_year') ?? ''),
    }
    const starts_on = readDate(start)
    const errors: FormErrors = read.ok ? {} : { ...read.errors }
    if (read.ok && read.value.act === 'decline' && !read.value.reason)
      errors.reason = 'applications.received.reason_missing'
    if (read.ok && read.value.act === 'hire' && !isNear(ctx, starts_on))
      errors.start = 'applications.received.start_wrong'
    if (!read.ok || Object.keys(errors).length > 0) {
      c.status(422)
      const typed = { ...read.values, ...start }
      return <View ctx={ctx} received={received} values={typed} errors={errors} />
    }
    const { act, reason, words } = read.value
    await moveReceived(ctx, received.reference, { act, reason, words, ...(starts_on && { starts_on }) })
    return seeOther(ctx, c, `${INBOX}/${received.reference}`)
  },
})

// Nobody is hired for a day of another year; a slip in the year would silence the questions after it.
const isNear = (ctx: Ctx, day: Temporal.PlainDate | null): boolean =>
  day !== null && Math.abs(plainDate(ctx.now).until(day).total('days')) <= 180

/** A note of the employer's own people. */
export const notePage = definePage({
  path: `${INBOX}/:reference/notes`,
  access: 'application.handle',
  async post(ctx, c, form) {
    const received = await getReceived(ctx, c.req.param('reference')!)
    const read = readForm(Words, form)
    if (!read.ok) {
      c.status(422)
      return <View ctx={ctx} received={received} errors={{ note: read.errors.words! }} />
    }
    await noteReceived(ctx, received.reference, read.value.words)
    return seeOther(ctx, c, `${INBOX}/${received.reference}`)
  },
})

/** Asks the person for the telephone. */
export const askPhonePage = definePage({
  path: `${INBOX}/:reference/phone`,
  access: 'application.handle',
  async post(ctx, c) {
    const { reference } = await getReceived(ctx, c.req.param('reference')!)
    await askPhone(ctx, reference)
    return seeOther(ctx, c, `${INBOX}/${reference}`)
  },
})

type Props = { ctx: Ctx; received: Received; values?: FormValues; errors?: FormErrors }

async function View({ ctx, received, values = {}, errors = {} }: Props) {
  const { t, format } = ctx
  const { reference, snapshot, shared, state, vacancy_reference } = received
  const words = errorTexts(ctx, errors)
  const path = `${INBOX}/${reference}`
  return (
    <WorkPage ctx={ctx} title={shared.name} current={INBOX} path={path}>
      <Crumb href={localPath(ctx, INBOX)} label={t('applications.inbox.title')}>
        <span class="code">{reference}</span>
      </Crumb>
      <ErrorSummary ctx={ctx} errors={words} />
      <Headline
        title={shared.name}
        lead={
          <>
            <a href={localPath(ctx, `/vacancies/${vacancy_reference}`)} lang={snapshot.lang}>
              {snapshot.title}
            </a>{' '}
            · {t('applications.own.applied', { date: format.dateTime(received.applied_at) })}
          </>
        }
      />
      <div class="two">
        <div class="flow">
          <p>
            <Tag state={LOOKS[state]}>{t(`applications.code.state.${state}`)}</Tag>
          </p>
          {employerActs(state).length > 0 && (
            <p class="narrow noprint">
              <LinkButton kind="second" href="#decide" icon="down">
                {t('applications.received.decide')}
              </LinkButton>
            </p>
          )}
          <ProfileView
            ctx={ctx}
            profile={shared.profile}
            more={[[t('applications.received.phone'), <Phone ctx={ctx} received={received} />]]}
          />
          <h2>{t('applications.received.history')}</h2>
          <Road level={3} stations={(await historyOf(ctx, received)).map((event) => station(ctx, event))} />
          <form method="post" action={localPath(ctx, `${path}/notes`)} class="flow">
            <TextArea
              id="note"
              name="words"
              label={t('applications.received.note')}
              hint={t('applications.received.note_hint')}
              error={words.note}
              rows={3}
              maxlength={1000}
            />
            <Button kind="second">{t('applications.received.note_save')}</Button>
          </form>
        </div>
        <aside class="flow">
          <Decide ctx={ctx} received={received} values={values} words={words} />
          <Note state="unknown" icon="lock" title={t('applications.received.private')}>
            {t('applications.received.private_text')}
          </Note>
        </aside>
      </div>
    </WorkPage>
  )
}

function Phone({ ctx, received }: { ctx: Ctx; received: Received }) {
  const { t } = ctx
  const { shared, phone_asked_at, reference } = received
  if (shared.phone) return <a href={`tel:${shared.phone}`}>{shared.phone}</a>
  if (phone_asked_at) return <>{t('applications.received.phone_asked', { date: ctx.format.date(phone_asked_at) })}</>
  return (
    <form method="post" action={localPath(ctx, `${INBOX}/${reference}/phone`)}>
      <Button kind="second" icon="phone">
        {t('applications.received.ask_phone')}
      </Button>
    </form>
  )
}

type DecideProps = { ctx: Ctx; received: Received; values: FormValues; words: FormErrors }

// Decisions about a person are equal: none is filled, none chosen before.
function Decide({ ctx, received: { state, reference }, values, words }: DecideProps) {
  const { t } = ctx
  const acts = employerActs(state)
  if (acts.length === 0) return null
  const { day, month, year } = plainDate(ctx.now)
  const today = { day: String(day), month: String(month), year: String(year) }
  return (
    <Card id="decide">
      <h2>{t('applications.received.decide')}</h2>
      {acts.map((act) => (
        <More label={t(`applications.received.${act}`)} open={values.act === act || acts.length === 1}>
          <form method="post" action={localPath(ctx, `${INBOX}/${reference}`)} class="flow">
            <HiddenField name="act" value={act} />
            {act === 'decline' && (
              <RadioGroup
                name="reason"
                label={t('applications.received.reason')}
                value={values.reason}
                error={words.reason}
                options={REASONS.map((value) => ({ value, label: t(`applications.code.reason.${value}`) }))}
              />
            )}
            {act === 'hire' && (
              <DateField
                ctx={ctx}
                name="start"
                label={t('applications.received.start')}
                error={words.start}
                value={values.act === 'hire' ? values : today}
              />
            )}
            {act !== 'reopen' && (
              <TextArea
                id={`words-${act}`}
                name="words"
                label={t('applications.received.words')}
                value={values.act === act ? values.words : undefined}
                rows={3}
                maxlength={500}
              />
            )}
            <Buttons>
              <Button kind="second">{t(`applications.received.${act}_do`)}</Button>
            </Buttons>
          </form>
        </More>
      ))}
    </Card>
  )
}

const ICONS: Record<string, IconName> = {
  ...{ apply: 'inbox', invite: 'send', decline: 'x', hire: 's-ok', reopen: 'undo', note: 'doc' },
  ...{ ask_phone: 'phone', release_phone: 'phone', hide_phone: 'lock' },
}

const station = ({ t, format }: Ctx, { at, act, by, reason, words }: Event) => ({
  icon: ICONS[act] ?? 'info',
  heading: t(`applications.event.${act}`),
  content: (
    <>
      <p class="quiet">
        {format.dateTime(at)}
        {by && ` · ${by}`}
      </p>
      {reason && <p>{t(`applications.code.reason.${reason}`)}</p>}
      {words && <p>{words}</p>}
    </>
  ),
})
