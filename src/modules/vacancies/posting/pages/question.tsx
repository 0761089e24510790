import { z } from 'zod'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, seeOther } from '#kernel/http/page.ts'
import { Review } from '../../pages/review.tsx'
import { getVacancy } from '../../vacancies.ts'
import { getPosting } from '../postings.ts'
import { answerReviewer, askPoster, MOST_WORDS } from '../questions.ts'
import { LIST } from './list.tsx'
import { EditPosting } from './posting.tsx'

const Words = z.object({ words: z.string('vacancies.question.missing').max(MOST_WORDS) })

/** An officer asks the employer about a held advert. */
export const askPosterPage = definePage({
  path: '/work/vacancies/review/:reference/question',
  access: 'vacancy.review',
  async post(ctx, c, form) {
    const vacancy = await getVacancy(ctx, c.req.param('reference')!)
    const read = readForm(Words, form)
    if (read.ok) {
      await askPoster(ctx, vacancy.reference, read.value.words)
      return seeOther(ctx, c, `/work/vacancies/review/${vacancy.reference}#question`)
    }
    c.status(422)
    return <Review ctx={ctx} vacancy={vacancy} values={read.values} errors={read.errors} />
  },
})

/** The employer answers. */
export const answerReviewerPage = definePage({
  path: `${LIST}/:reference/answer`,
  access: 'vacancy.post',
  async post(ctx, c, form) {
    const posting = await getPosting(ctx, c.req.param('reference')!)
    const read = readForm(Words, form)
    if (read.ok) {
      await answerReviewer(ctx, posting.reference, read.value.words)
      return seeOther(ctx, c, `${LIST}/${posting.reference}?done=answered`)
    }
    c.status(422)
    const answer = { value: read.values.words, error: ctx.t(read.errors.words!) }
    return <EditPosting ctx={ctx} posting={posting} content={posting.content} answer={answer} />
  },
})
