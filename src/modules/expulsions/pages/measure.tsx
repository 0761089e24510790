import type { Context } from 'hono'
import { z } from 'zod'
import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { RuleText } from '#kernel/law/rule-text.tsx'
import { readAbout } from '#kernel/notifications/inbox.ts'
import { problem } from '#kernel/problem.ts'
import { Card, Crumb, Headline, Pairs } from '#kernel/ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { TextArea } from '#kernel/ui/fields.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { appealRule, appealTopic, findAppeal } from '../appeals.ts'
import { type Correction, decide, listCorrections, propose, wantedText } from '../corrections.ts'
import { CORRECTIONS, correctionsOf } from '../kinds.ts'
import { getMeasure, type KnownMeasure, type MeasureVersion, noteMeasure } from '../measures.ts'
import { BATCHES } from '../notices.ts'
import { isInForce } from '../public.ts'
import { reckonedFrom, statusText, termText } from '../term-text.ts'
import { Elsewhere } from './elsewhere.tsx'
import { Lacking } from './lacking.tsx'
import { Clock } from './proceedings.tsx'
import { orNotStated, StatusTag, Who } from './words.tsx'

const MEASURES = `${BATCHES}/measures`
const Proposal = z.object({
  wanted: z.enum(CORRECTIONS, 'expulsions.correct.wanted_missing'),
  reason: z.string('expulsions.correct.reason_missing').min(3).max(1000),
})

/** One measure: what is stated about it, version by version, and its correction by two officers. */
export const measurePage = definePage({
  path: `${MEASURES}/:reference`,
  access: 'expulsion.read',
  async get(ctx, c) {
    const measure = await ofRequest(ctx, c)
    await readAbout(ctx, { type: 'measure', id: measure.reference })
    return <Measure ctx={ctx} measure={measure} done={c.req.query('done')} />
  },
  async post(ctx, c, form) {
    const measure = await ofRequest(ctx, c)
    const read = readForm(Proposal, form)
    if (!read.ok) {
      c.status(422)
      return <Measure ctx={ctx} measure={measure} values={read.values} errors={read.errors} />
    }
    await propose(ctx, measure.id, read.value.wanted, read.value.reason)
    return seeOther(ctx, c, `${MEASURES}/${measure.reference}?done=proposed`)
  },
})

/** The decision of the second officer. */
export const correctionPage = definePage({
  path: `${MEASURES}/:reference/decision`,
  access: 'expulsion.correct',
  async post(ctx, c, form) {
    const measure = await ofRequest(ctx, c)
    const read = readForm(z.object({ correction: z.uuid(), outcome: z.enum(['confirmed', 'refused']) }), form)
    if (!read.ok) throw problem('bad_request')
    const open = (await listCorrections(ctx, { measure_id: measure.id, open: true })).find(
      ({ id }) => id === read.value.correction,
    )
    if (!open) throw problem('conflict', { detail: 'expulsions.conflict.done' })
    const decided = (await decide(ctx, open, read.value.outcome)) !== null || read.value.outcome === 'refused'
    return seeOther(ctx, c, `${MEASURES}/${measure.reference}?done=${decided ? read.value.outcome : 'proposed'}`)
  },
})

const ofRequest = (ctx: Ctx, c: Context) => getMeasure(ctx, c.req.param('reference')!)

type Props = { ctx: Ctx; measure: KnownMeasure; done?: string; values?: FormValues; errors?: FormErrors }

async function Measure({ ctx, measure, done, values, errors }: Props) {
  const { t } = ctx
  const latest = measure.versions[0]!
  await noteMeasure(ctx, measure.id, measure.record_id, 'notice')
  const path = `${MEASURES}/${measure.reference}`
  const corrections = may(ctx, 'expulsion.correct') ? await listCorrections(ctx, { measure_id: measure.id }) : []
  const open = corrections.filter(({ outcome }) => outcome === null)
  // What lists state waits beside what an officer proposes; of officers there is one at a time.
  const ofOfficer = open.some(({ stated_in, follows }) => !stated_in && !follows)
  const wanted = ofOfficer
    ? []
    : correctionsOf(latest.status, !isInForce(latest, plainDate(ctx.now))).filter(
        (value) => !open.some((one) => one.wanted === value),
      )
  const words = errorTexts(ctx, errors ?? {})
  return (
    <WorkPage
      ctx={ctx}
      title={t('expulsions.measure.title', { reference: measure.reference })}
      current={BATCHES}
      path={path}
    >
      <Crumb
        href={localPath(ctx, `${BATCHES}/${latest.batch}`)}
        label={t('expulsions.batch.title', { reference: latest.batch })}
      >
        <span class="code">{measure.reference}</span>
      </Crumb>
      <Headline
        title={t(`expulsions.code.measure.${latest.kind}`)}
        lead={<Who ctx={ctx} name={measure.names[0]} birth={measure.birth} />}
      >
        {may(ctx, 'expulsion.help') && (
          <LinkButton kind="second" icon="people" href={localPath(ctx, `${path}/person`)}>
            {t('expulsions.help.link')}
          </LinkButton>
        )}
      </Headline>
      {done && ['proposed', 'confirmed', 'refused'].includes(done) && (
        <Note state="ok" title={t(`expulsions.done.${done}`)} announce />
      )}
      <ErrorSummary ctx={ctx} errors={words} />
      <Card>
        <Pairs items={pairs(ctx, measure.versions)} />
        {latest.erased_at && (
          <p class="quiet">{t('expulsions.measure.erased', { date: ctx.format.date(latest.erased_at) })}</p>
        )}
        {may(ctx, 'expulsion.help') && <AppealLine ctx={ctx} measure={measure} />}
      </Card>
      <Lacking ctx={ctx} measure_id={measure.id} />
      <Elsewhere ctx={ctx} measure_id={measure.id} />
      {(measure.versions.length > 1 || latest.received_status) && <Versions ctx={ctx} versions={measure.versions} />}
      {open.length > 1 && <p>{t('expulsions.correct.each')}</p>}
      {corrections.map((correction) => (
        <CorrectionCard
          ctx={ctx}
          correction={correction}
          path={path}
          id={correction === open[0] ? 'decide' : undefined}
        />
      ))}
      {may(ctx, 'expulsion.correct') && wanted.length > 0 && (
        <form method="post" class="card flow">
          <h2>{t('expulsions.correct.title')}</h2>
          <p class="quiet">{t('expulsions.correct.lead')}</p>
          <RadioGroup
            name="wanted"
            label={t('expulsions.correct.wanted')}
            value={values?.wanted}
            error={words.wanted}
            options={wanted.map((value) => ({
              value,
              label: t(`expulsions.code.status.${value}`),
              hint: t(`expulsions.correct.hint.${value}`),
            }))}
          />
          <TextArea
            name="reason"
            label={t('expulsions.correct.reason')}
            hint={t('expulsions.correct.reason_hint')}
            value={values?.reason}
            error={words.reason}
            maxlength={1000}
            rows={3}
          />
          <Button kind="second">{t('expulsions.correct.propose')}</Button>
        </form>
      )}
    </WorkPage>
  )
}

/** How much time is left for an appeal, and the rule it is counted by. */
async function AppealLine({ ctx, measure }: { ctx: Ctx; measure: KnownMeasure }) {
  const clock = await findAppeal(ctx, measure.id)
  const topic = appealTopic(measure.versions[0]!.kind)
  return (
    <>
      <p>
        {ctx.t('expulsions.proceeding.clock')}:{' '}
        <Clock
          ctx={ctx}
          proceeding={{ appeal_until: clock?.appeal_until ?? null, status: clock?.appealed_on ? 'appealed' : 'open' }}
        />
      </p>
      <RuleText
        ctx={ctx}
        unknown={ctx.t('expulsions.clock.no_rule')}
        rule={await appealRule(ctx, topic, clock?.served_on ?? plainDate(ctx.now))}
      />
    </>
  )
}

function pairs(ctx: Ctx, versions: readonly MeasureVersion[]) {
  const { t, format } = ctx
  const version = versions[0]!
  // A decision comes with no letter: the one that the list came with still says where the row is from.
  const letter = versions.find((one) => one.letter)?.letter
  const day = (date: Temporal.PlainDate | null) => orNotStated(ctx, date && format.date(date))
  return [
    [t('expulsions.fact.status'), <StatusTag ctx={ctx} status={version.status} />],
    [t('expulsions.fact.status_on'), day(version.status_on)],
    [t('expulsions.fact.term'), <Term ctx={ctx} version={version} />],
    [t('expulsions.fact.starts'), day(version.starts_on)],
    [t('expulsions.fact.ground'), orNotStated(ctx, version.ground)],
    [t('expulsions.fact.issuer'), orNotStated(ctx, version.issuer)],
    [t('expulsions.fact.decision'), orNotStated(ctx, version.decision_no)],
    [t('expulsions.fact.decided'), day(version.decision_on)],
    [t('expulsions.fact.executed'), day(version.executed_on)],
    [t('expulsions.fact.border_point'), orNotStated(ctx, version.border_point)],
    [t('expulsions.fact.document'), orNotStated(ctx, version.document_hint)],
    [t('expulsions.fact.letter'), orNotStated(ctx, letter)],
  ] as const
}

function Term({ ctx, version }: { ctx: Ctx; version: MeasureVersion }) {
  const from = reckonedFrom(version)
  return (
    <>
      {termText(ctx, version)}
      {from && <p class="quiet">{ctx.t('expulsions.term.perhaps', { date: ctx.format.date(from) })}</p>}
    </>
  )
}

const Versions = ({ ctx, versions }: { ctx: Ctx; versions: readonly MeasureVersion[] }) => (
  <Table
    caption={ctx.t('expulsions.measure.versions')}
    columns={['date', 'status', 'term', 'ground', 'batch'].map((key) => ({
      label: ctx.t(`expulsions.version.${key}`),
    }))}
    rows={versions.map((version) => [
      ctx.format.dateTime(version.stated_at),
      <>
        <StatusTag ctx={ctx} status={version.status} />
        {version.received_status && (
          <p class="quiet">
            {ctx.t('expulsions.version.received', {
              status: statusText(ctx, version.received_status, version.received_status_on),
            })}
          </p>
        )}
      </>,
      termText(ctx, version),
      orNotStated(ctx, version.ground),
      <a href={localPath(ctx, `${BATCHES}/${version.batch}`)} class="code">
        {version.batch}
      </a>,
    ])}
  />
)

type Decision = { ctx: Ctx; correction: Correction; path: string; id: string | undefined }

function CorrectionCard({ ctx, correction, path, id }: Decision) {
  const { t, format } = ctx
  const own = ctx.actor.kind === 'staff' && ctx.actor.user_id === correction.proposed_by
  return (
    <Card id={id}>
      <h2>{t('expulsions.correct.proposed', { wanted: wantedText(ctx, correction) })}</h2>
      {correction.reason && <p>{correction.reason}</p>}
      {correction.stated_in && <p>{t('expulsions.correct.stated_in', { reference: correction.stated_in })}</p>}
      {correction.follows && <p>{t('expulsions.correct.follows')}</p>}
      <p class="quiet">
        {[correction.proposed_by_name, format.dateTime(correction.proposed_at)].filter(Boolean).join(' · ')}
      </p>
      {correction.withdrawn_why ? (
        <p>
          {t(`expulsions.correct.withdrawn.${correction.withdrawn_why}`, { date: format.date(correction.decided_at!) })}
        </p>
      ) : correction.outcome ? (
        <p>{t(`expulsions.correct.outcome.${correction.outcome}`, { date: format.date(correction.decided_at!) })}</p>
      ) : own ? (
        <Note state="attention" title={t('expulsions.correct.other_officer')}>
          {t('expulsions.correct.until', { date: format.dateTime(correction.due_at) })}
        </Note>
      ) : (
        <form method="post" action={localPath(ctx, `${path}/decision`)} class="flow">
          <input type="hidden" name="correction" value={correction.id} />
          <p>{t('expulsions.correct.until', { date: format.dateTime(correction.due_at) })}</p>
          {correction.proposed_by === null && <p>{t('expulsions.correct.two')}</p>}
          <Buttons>
            <Button kind="second" icon="s-ok" name="outcome" value="confirmed">
              {t('expulsions.correct.confirm')}
            </Button>
            <Button kind="second" icon="s-stop" name="outcome" value="refused">
              {t('expulsions.correct.refuse')}
            </Button>
          </Buttons>
        </form>
      )}
    </Card>
  )
}
