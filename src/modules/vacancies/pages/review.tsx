import type { Context } from 'hono'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { findOccupations, occupationLabel } from '#kernel/occupations/occupations.ts'
import { Card, Crumb, Headline, More } from '#kernel/ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '#kernel/ui/buttons.tsx'
import { ErrorSummary } from '#kernel/ui/errors.tsx'
import { TextArea, TextField } from '#kernel/ui/fields.tsx'
import { Note, Tag, Undo } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { decideReview, undoDecision } from '../decisions.ts'
import { GroupPanel } from '../duplicates/group-panel.tsx'
import { AskPanel } from '../posting/pages/question-panel.tsx'
import { type ReviewReason, reviewHistory, reviewQueue } from '../reviews.ts'
import type { Sign } from '../risk/flags.ts'
import { SignsList } from '../risk/signs-list.tsx'
import { getVacancy, type Vacancy } from '../vacancies.ts'
import { VacancyBody, VacancyHead } from './advert.tsx'

const QUEUE = '/work/vacancies/review'
const Decision = z.object({
  decision: z.enum(['publish', 'reject']),
  occupation: z.string().max(120).optional(),
  note: z.string().max(500).optional(),
})

/** One advert before an officer: why it is here, what it says, and two equal decisions. */
export const reviewPage = definePage({
  path: '/work/vacancies/review/:reference',
  access: 'vacancy.review',
  async get(ctx, c) {
    return <Review ctx={ctx} vacancy={await ofRequest(ctx, c)} decided={c.req.query('decided')} />
  },
  async post(ctx, c, form) {
    const vacancy = await ofRequest(ctx, c)
    const result = readForm(Decision, form)
    const isco = result.ok ? await chosenOccupation(ctx, result.value.occupation) : null
    if (!result.ok || isco === undefined) {
      c.status(422)
      const errors = result.ok ? { occupation: 'vacancies.review.occupation_unknown' } : result.errors
      return <Review ctx={ctx} vacancy={vacancy} values={result.values} errors={errors} />
    }
    await decideReview(ctx, vacancy.reference, {
      decision: result.value.decision,
      isco,
      note: result.value.note ?? null,
    })
    return seeOther(ctx, c, `${QUEUE}/${vacancy.reference}?decided=${result.value.decision}`)
  },
})

/** Takes the last decision back. */
export const undoPage = definePage({
  path: '/work/vacancies/review/:reference/undo',
  access: 'vacancy.review',
  async post(ctx, c) {
    await undoDecision(ctx, c.req.param('reference')!)
    return seeOther(ctx, c, `${QUEUE}?undone=yes`)
  },
})

const ofRequest = (ctx: Ctx, c: Context) => getVacancy(ctx, c.req.param('reference')!)

/** The code typed or named; null for none, undefined when nothing has that name. */
async function chosenOccupation(ctx: Ctx, text: string | undefined): Promise<string | null | undefined> {
  if (!text) return null
  const code = /\b(\d{4})\b/.exec(text)?.[1]
  const found = await findOccupations(ctx, code ?? text, 1)
  return found[0]?.code
}

type Props = { ctx: Ctx; vacancy: Vacancy; decided?: string; values?: FormValues; errors?: FormErrors }

/** The whole of an advert before an officer; also for what is answered below its address. */
export async function Review({ ctx, vacancy, decided, values, errors }: Props) {
  const { t } = ctx
  const { reviews, reports } = await reviewHistory(ctx, vacancy.id)
  const open = reviews.filter(({ decision }) => decision === null)
  const words = Object.fromEntries(Object.entries(errors ?? {}).map(([field, key]) => [field, t(key)]))
  const undoable = reviews.some(({ decision, undone_at }) => decision !== null && undone_at === null)
  const next = decided ? (await reviewQueue(ctx, { limit: 1 })).items[0] : undefined
  return (
    <WorkPage ctx={ctx} title={vacancy.title} current={QUEUE} path={`${QUEUE}/${vacancy.reference}`}>
      <Crumb href={localPath(ctx, QUEUE)} label={t('vacancies.review.title')}>
        <span class="code">{vacancy.reference}</span>
      </Crumb>
      {decided && undoable && open.length === 0 && (
        <Undo
          ctx={ctx}
          action={localPath(ctx, `${QUEUE}/${vacancy.reference}/undo`)}
          title={t('vacancies.review.decided', { state: vacancy.state })}
        >
          {t('vacancies.review.decided_text')}
          {next && (
            <p>
              <a href={localPath(ctx, `${QUEUE}/${next.reference}`)}>{t('vacancies.review.next')}</a>
            </p>
          )}
        </Undo>
      )}
      <ErrorSummary ctx={ctx} errors={words} />
      <div class="two">
        <article class="flow">
          <Tag state={vacancy.state === 'published' ? 'ok' : vacancy.state === 'held' ? 'attention' : 'stop'}>
            {t(`vacancies.code.state.${vacancy.state}`)}
          </Tag>
          <VacancyHead ctx={ctx} vacancy={vacancy} />
          {open.length > 0 && (
            <p class="narrow">
              <LinkButton href="#decide" icon="down" kind="second">
                {t('vacancies.review.why')}
              </LinkButton>
            </p>
          )}
          <VacancyBody ctx={ctx} vacancy={vacancy} />
        </article>
        <aside class="flow">
          {open.length > 0 ? (
            <>
              <Card id="decide">
                <h2>{t('vacancies.review.why')}</h2>
                {open.map((review) => (
                  <Reason
                    ctx={ctx}
                    vacancy={vacancy}
                    reason={review.reason as ReviewReason}
                    evidence={review.evidence as Evidence}
                  />
                ))}
                {reports.map((report) => (
                  <Note state="attention" title={t(`vacancies.code.report_reason.${report.reason}`)}>
                    {ctx.format.dateTime(report.reported_at)}
                    {report.story && <p lang={report.lang}>{report.story}</p>}
                  </Note>
                ))}
              </Card>
              <DecisionForm
                ctx={ctx}
                vacancy={vacancy}
                values={values}
                words={words}
                label={vacancy.isco ? `${vacancy.isco} ${await occupationLabel(ctx, vacancy.isco)}` : ''}
              />
            </>
          ) : (
            <p class="quiet">{t('vacancies.review.nothing_open')}</p>
          )}
          {vacancy.state === 'published' && (
            <LinkButton kind="plain" href={localPath(ctx, `/vacancies/${vacancy.reference}`)}>
              {t('vacancies.review.public_page')}
            </LinkButton>
          )}
          {undoable && !decided && open.length === 0 && (
            <form method="post" action={localPath(ctx, `${QUEUE}/${vacancy.reference}/undo`)}>
              <Button kind="second" icon="undo">
                {t('ui.undo')}
              </Button>
            </form>
          )}
          <AskPanel ctx={ctx} vacancy={vacancy} said={{ value: values?.words, error: words.words }} />
          <GroupPanel ctx={ctx} vacancy={vacancy} />
          <History ctx={ctx} reviews={reviews.filter(({ decision }) => decision !== null)} />
        </aside>
      </div>
    </WorkPage>
  )
}

// `quotes`: as reviews kept them before they kept signs.
type Evidence = { signs?: Sign[]; quotes?: string[]; isco?: string; confidence?: number }

async function Reason({
  ctx,
  vacancy,
  reason,
  evidence,
}: {
  ctx: Ctx
  vacancy: Vacancy
  reason: ReviewReason
  evidence: Evidence
}) {
  const { t } = ctx
  return (
    <div>
      <Tag state={reason === 'occupation' ? 'unknown' : 'attention'}>{t(`vacancies.code.review_reason.${reason}`)}</Tag>
      {[...new Set(evidence.quotes)].map((quote) => (
        <p>
          <q lang={vacancy.lang}>{quote}</q>
        </p>
      ))}
      {evidence.signs && <SignsList ctx={ctx} signs={evidence.signs} lang={vacancy.lang} />}
      {reason === 'occupation' && (
        <p class="quiet">
          {evidence.isco
            ? t('vacancies.review.guess', {
                label: `${evidence.isco} ${await occupationLabel(ctx, evidence.isco)}`,
                confidence: ctx.format.number(evidence.confidence ?? 0, { maximumFractionDigits: 2 }),
              })
            : t('vacancies.review.no_guess')}
        </p>
      )}
    </div>
  )
}

async function DecisionForm({
  ctx,
  vacancy,
  values,
  words,
  label,
}: {
  ctx: Ctx
  vacancy: Vacancy
  values?: FormValues
  words: Record<string, string>
  label: string
}) {
  const { t } = ctx
  const proposals = await findOccupations(ctx, vacancy.title, 8)
  const shown = vacancy.state === 'published'
  return (
    <form method="post" class="card flow">
      <h2>{t('vacancies.review.decide')}</h2>
      <TextField
        name="occupation"
        label={t('vacancies.review.occupation')}
        hint={t('vacancies.review.occupation_hint')}
        value={values?.occupation ?? label}
        error={words.occupation}
        options={proposals.map(({ code, label }) => `${code} ${label}`)}
      />
      <TextArea
        name="note"
        label={t('vacancies.review.note')}
        rows={2}
        value={values?.note}
        error={words.note}
        maxlength={500}
      />
      <Buttons>
        <Button kind="second" name="decision" value="publish" icon="s-ok">
          {t(shown ? 'vacancies.review.keep' : 'vacancies.review.publish')}
        </Button>
        <Button kind="second" name="decision" value="reject" icon="s-stop">
          {t(shown ? 'vacancies.review.withdraw' : 'vacancies.review.reject')}
        </Button>
      </Buttons>
      <p class="quiet">{t('vacancies.review.undo_hint')}</p>
    </form>
  )
}

type Decided = Awaited<ReturnType<typeof reviewHistory>>['reviews']

function History({ ctx, reviews }: { ctx: Ctx; reviews: Decided }) {
  const { t } = ctx
  if (reviews.length === 0) return null
  return (
    <More icon="clock" label={t('vacancies.review.history')}>
      <ul class="flow">
        {reviews.map((review) => (
          <li>
            <b>{t(`vacancies.code.decision.${review.decision}`)}</b> ·{' '}
            {t(`vacancies.code.review_reason.${review.reason}`)}
            {review.undone_at && ` · ${t('vacancies.review.undone')}`}
            <br />
            <span class="quiet">
              {review.decided_by_name} · {ctx.format.dateTime(review.decided_at!)}
            </span>
            {review.note && <p>{review.note}</p>}
          </li>
        ))}
      </ul>
    </More>
  )
}
