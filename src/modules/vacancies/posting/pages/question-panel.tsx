import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { Card } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { TextArea } from '#kernel/ui/fields.tsx'
import type { Vacancy } from '../../vacancies.ts'
import type { Posting } from '../postings.ts'
import { ANSWER_HOURS, isAskable, MOST_WORDS, type Question, questionsOf } from '../questions.ts'
import { LIST } from './list.tsx'

type Said = { value?: string; error?: string }

/** What was asked about an advert, for officers; and a field to ask while it is held and no answer is awaited. */
export async function AskPanel({ ctx, vacancy, said = {} }: { ctx: Ctx; vacancy: Vacancy; said?: Said }) {
  const { t } = ctx
  const questions = await questionsOf(ctx, vacancy.reference)
  const asks = isAskable(vacancy) && questions.every(({ answered_at }) => answered_at !== null)
  if (!asks && questions.length === 0) return null
  return (
    <Card id="question">
      <h2>{t('vacancies.question.title')}</h2>
      {questions.map((question) => (
        <Asked ctx={ctx} question={question} />
      ))}
      {asks && (
        <form
          method="post"
          action={localPath(ctx, `/work/vacancies/review/${vacancy.reference}/question`)}
          class="flow"
          novalidate
        >
          <TextArea
            name="words"
            label={t('vacancies.question.ask')}
            hint={t('vacancies.question.ask_hint', { hours: ANSWER_HOURS })}
            rows={3}
            value={said.value}
            error={said.error}
            maxlength={MOST_WORDS}
          />
          <Buttons>
            <Button kind="second" icon="send">
              {t('vacancies.question.send')}
            </Button>
          </Buttons>
        </form>
      )}
    </Card>
  )
}

/** The same for the employer: what is asked, and a field to answer. */
export async function AnswerPanel({ ctx, posting, said = {} }: { ctx: Ctx; posting: Posting; said?: Said }) {
  const { t } = ctx
  const questions = await questionsOf(ctx, posting.reference)
  if (questions.length === 0) return null
  return (
    <Card id="question">
      <h2>{t('vacancies.question.asked_you')}</h2>
      {questions.map((question) => (
        <Asked ctx={ctx} question={question} />
      ))}
      {questions.some(({ answered_at }) => answered_at === null) && (
        <form method="post" action={localPath(ctx, `${LIST}/${posting.reference}/answer`)} class="flow" novalidate>
          <TextArea
            name="words"
            label={t('vacancies.question.answer')}
            hint={t('vacancies.question.answer_hint')}
            rows={3}
            value={said.value}
            error={said.error}
            maxlength={MOST_WORDS}
          />
          <Buttons>
            <Button icon="send">{t('vacancies.question.send_answer')}</Button>
          </Buttons>
        </form>
      )}
    </Card>
  )
}

const Asked = ({ ctx, question }: { ctx: Ctx; question: Question }) => (
  <div>
    <p>
      <b>{question.words}</b> <span class="quiet">{ctx.format.dateTime(question.asked_at)}</span>
    </p>
    {question.answered_at ? (
      <p>
        <q>{question.answer}</q> <span class="quiet">{ctx.format.dateTime(question.answered_at)}</span>
      </p>
    ) : (
      <p class="quiet">{ctx.t('vacancies.question.waits')}</p>
    )}
  </div>
)
