import type { Child } from 'hono/jsx'
import { z } from 'zod'
import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { problem } from '#kernel/problem.ts'
import { Card, Crumb, Headline } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { DateField, readDate } from '#kernel/ui/date-field.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { TextArea, TextField } from '#kernel/ui/fields.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { officeOf, rowsOf } from '../batches.ts'
import { OUTLIVE } from '../kinds.ts'
import { noteMeasure } from '../measures.ts'
import { BATCHES } from '../notices.ts'
import { type Answered, answer, findQuestion, type Question } from '../questions.ts'
import { readLength } from '../reading.ts'
import { LengthField, Who } from './words.tsx'

const Answer = z.object({
  answer: z.string('expulsions.answer.missing').min(1).max(1000),
  term: z.enum(['until', 'lasts', 'indefinite', 'silent']).optional(),
  ends_day: z.string().max(2).optional(),
  ends_month: z.string().max(2).optional(),
  ends_year: z.string().max(4).optional(),
  lasts: z.string().max(100).optional(),
  executed_on_day: z.string().max(2).optional(),
  executed_on_month: z.string().max(2).optional(),
  executed_on_year: z.string().max(4).optional(),
  ground: z.string().max(500).optional(),
})

/** One question about one row, and its answer. What it brings is joined to the row and goes to everybody who had it. */
export const questionPage = definePage({
  path: `${BATCHES}/questions/:id`,
  access: 'expulsion.read',
  async get(ctx, c) {
    return <Ask ctx={ctx} question={await ofRequest(ctx, c.req.param('id')!)} />
  },
  async post(ctx, c, form) {
    const question = await ofRequest(ctx, c.req.param('id')!)
    const read = readForm(Answer, form)
    const errors: FormErrors = read.ok ? {} : { ...read.errors }
    const change: Answered = {}
    if (read.ok) {
      const { term, ground, ends_day: day, ends_month: month, ends_year: year } = read.value
      const ends_on = term === 'until' ? readDate({ day, month, year }) : null
      if (term === 'until' && !ends_on) errors.ends = 'expulsions.answer.no_day'
      if (ends_on && (await endsBeforeIt(ctx, question, ends_on))) errors.ends = 'expulsions.answer.ends_before_start'
      if (term === 'until' && ends_on) Object.assign(change, { term, ends_on })
      if (term === 'indefinite') change.term = term
      const lasts = term === 'lasts' ? readLength(read.value.lasts ?? '') : null
      if (lasts) change.lasts = lasts
      else if (term === 'lasts') errors.lasts = 'expulsions.answer.no_length'
      const { executed_on_day, executed_on_month, executed_on_year } = read.value
      if (executed_on_day || executed_on_month || executed_on_year) {
        const executed_on = readDate({ day: executed_on_day, month: executed_on_month, year: executed_on_year })
        if (!executed_on) errors.executed_on = 'expulsions.answer.no_day'
        else if (Temporal.PlainDate.compare(executed_on, plainDate(ctx.now)) > 0)
          errors.executed_on = 'expulsions.proceeding.date_ahead'
        else if (await isBeforeDecision(ctx, question, executed_on))
          errors.executed_on = 'expulsions.import.executed_before'
        else if (countsFromExecution(question)) change.executed_on = executed_on
      }
      if (ground) change.ground = ground
    }
    if (!read.ok || Object.keys(errors).length > 0) {
      c.status(422)
      return <Ask ctx={ctx} question={question} values={read.values} errors={errors} />
    }
    const joined = await answer(ctx, question, read.value.answer, change)
    const next = joined ? `${question.batch}?done=answered` : `measures/${question.measure}?done=proposed`
    return seeOther(ctx, c, `${BATCHES}/${next}`)
  },
})

async function ofRequest(ctx: Ctx, id: string): Promise<Question> {
  const found = z.uuid().safeParse(id).success ? await findQuestion(ctx, id) : undefined
  if (!found) throw problem('not_found')
  return found
}

// What nobody can mean: a last day before the measure was decided on or began.
async function endsBeforeIt(ctx: Ctx, question: Question, ends_on: Temporal.PlainDate): Promise<boolean> {
  const [row] = await rowsOf(ctx, question.batch_id, { measure_id: question.measure_id, limit: 1 })
  return [row?.decision_on, row?.starts_on].some((day) => day && Temporal.PlainDate.compare(ends_on, day) < 0)
}

// Nor that it was carried out before it was decided.
async function isBeforeDecision(ctx: Ctx, question: Question, executed_on: Temporal.PlainDate): Promise<boolean> {
  const [row] = await rowsOf(ctx, question.batch_id, { measure_id: question.measure_id, limit: 1 })
  return Boolean(
    row?.decision_on && countsFromExecution(question) && Temporal.PlainDate.compare(executed_on, row.decision_on) < 0,
  )
}

// Others count from their start or their decision: when they were carried out says nothing of their end.
const countsFromExecution = ({ kind }: Question) => (OUTLIVE as readonly string[]).includes(kind)

type Props = { ctx: Ctx; question: Question; values?: FormValues; errors?: FormErrors }

async function Ask({ ctx, question, values = {}, errors = {} }: Props) {
  const { t, format } = ctx
  const [row] = await rowsOf(ctx, question.batch_id, { measure_id: question.measure_id, limit: 1 })
  if (row) await noteMeasure(ctx, row.measure_id, row.record_id, 'notice')
  const words = errorTexts(ctx, errors)
  const follows: Record<string, Child> = {
    until: (
      <DateField
        ctx={ctx}
        name="ends"
        label={t('expulsions.answer.ends')}
        error={words.ends}
        value={{ day: values.ends_day, month: values.ends_month, year: values.ends_year }}
      />
    ),
    lasts: <LengthField ctx={ctx} value={values.lasts} error={words.lasts} />,
  }
  const mine = question.to_organisation === officeOf(ctx) && may(ctx, 'expulsion.answer')
  return (
    <WorkPage
      ctx={ctx}
      title={t('expulsions.question.title')}
      current={BATCHES}
      path={`${BATCHES}/questions/${question.id}`}
    >
      <Crumb
        href={localPath(ctx, `${BATCHES}/${question.batch}`)}
        label={t('expulsions.batch.title', { reference: question.batch })}
      >
        <span class="code">{question.measure}</span>
      </Crumb>
      <Headline
        title={t(`expulsions.code.about.${question.about}`)}
        lead={<Who ctx={ctx} name={row?.names?.[0]} birth={row?.birth ?? null} />}
      />
      <ErrorSummary ctx={ctx} errors={words} />
      <Card>
        <p>{question.words ?? t(`expulsions.question.words.${question.about}`)}</p>
        {question.cell && <p>{t('expulsions.question.cell', { cell: question.cell })}</p>}
        {question.from_organisation === question.to_organisation && <p>{t('expulsions.question.own')}</p>}
        <p class="quiet">
          {t(`expulsions.code.measure.${question.kind}`)} ·{' '}
          {t('expulsions.questions.until', { date: format.date(question.due_at) })}
        </p>
      </Card>
      {question.answered_at ? (
        <Card>
          <h2>{t('expulsions.questions.answered', { date: format.date(question.answered_at) })}</h2>
          {question.answer && <p>{question.answer}</p>}
          {question.stated_in && <p>{t('expulsions.correct.stated_in', { reference: question.stated_in })}</p>}
        </Card>
      ) : (
        mine && (
          <form method="post" class="card flow">
            <h2>{t('expulsions.answer.title')}</h2>
            {question.about === 'term' && (
              <>
                <RadioGroup
                  name="term"
                  label={t('expulsions.answer.term')}
                  value={values.term}
                  error={words.term}
                  options={(['until', 'lasts', 'indefinite', 'silent'] as const).map((value) => ({
                    value,
                    label: t(`expulsions.answer.term.${value}`),
                    follow: follows[value],
                  }))}
                />
                {countsFromExecution(question) && (
                  <DateField
                    ctx={ctx}
                    name="executed_on"
                    label={t('expulsions.column.executed_on')}
                    hint={t('expulsions.answer.executed_hint')}
                    error={words.executed_on}
                    value={{
                      day: values.executed_on_day,
                      month: values.executed_on_month,
                      year: values.executed_on_year,
                    }}
                  />
                )}
              </>
            )}
            {question.about === 'ground' && (
              <TextField name="ground" label={t('expulsions.answer.ground')} value={values.ground} maxlength={500} />
            )}
            <TextArea
              name="answer"
              label={t('expulsions.answer.words')}
              hint={t('expulsions.answer.words_hint')}
              value={values.answer}
              error={words.answer}
              maxlength={1000}
              rows={3}
            />
            <Button>{t('expulsions.answer.send')}</Button>
          </form>
        )
      )}
    </WorkPage>
  )
}
