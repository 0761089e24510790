import type { Ctx } from '#kernel/context.ts'
import { SURE } from '#kernel/occupations/map-occupation.ts'
import { occupationOf } from '#kernel/occupations/occupations.ts'
import { forgetReview, openReview } from './reviews.ts'
import type { Vacancy } from './vacancies.ts'

type Texts = Pick<Vacancy, 'title' | 'profession'>

/** What the texts of an advert say of its occupation: by columns where that is sure, and as the queue shows it to an officer. */
export async function readOccupation(ctx: Ctx, { title, profession }: Texts) {
  const found = await occupationOf(ctx, title, profession)
  const isSure = found !== null && found.confidence >= SURE
  return {
    isSure,
    columns: {
      isco: isSure ? found.isco : null,
      isco_by: isSure ? ('text' as const) : null,
      isco_confidence: found?.confidence ?? null,
    },
    suggestion: found ? { isco: found.isco, confidence: found.confidence } : {},
  }
}

/**
 * Maps an advert again by today's list of trades, as when it came in: what became sure leaves the review queue, what no
 * longer is enters it. What an officer mapped, or decided on as it stood, stays. To be called inside a transaction.
 */
export async function mapAgain(ctx: Ctx, vacancyId: string): Promise<void> {
  const vacancy = await ctx.db
    .selectFrom('vacancies.vacancy as v')
    .select(['v.title', 'v.profession', 'v.isco', 'v.isco_confidence'])
    .where('v.id', '=', vacancyId)
    .where('v.isco_by', 'is distinct from', 'officer')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('vacancies.review as r')
            .select('r.id')
            .whereRef('r.vacancy_id', '=', 'v.id')
            .where('r.decision', 'is not', null)
            .where('r.undone_at', 'is', null),
        ),
      ),
    )
    .forUpdate()
    .executeTakeFirst()
  if (!vacancy) return
  const { isSure, columns, suggestion } = await readOccupation(ctx, vacancy)
  const { isco, isco_confidence } = columns
  if (isco === vacancy.isco && Math.fround(isco_confidence ?? 0) === Math.fround(vacancy.isco_confidence ?? 0)) return
  await ctx.db.updateTable('vacancies.vacancy').set(columns).where('id', '=', vacancyId).execute()
  if (isSure) await forgetReview(ctx, vacancyId, 'occupation')
  else await openReview(ctx, vacancyId, 'occupation', suggestion)
}
