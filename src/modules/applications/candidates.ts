import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import type { AdvertWords } from '#modules/vacancies/public.ts'
import { organisationOf } from './inbox.ts'
import { type Lack, lacksOf, placesOf } from './matching.ts'
import { needsOf } from './needs.ts'
import type { Profile } from './profile.ts'

/** Somebody who agreed to be found: nobody's name, and of the profile only what they agreed to (null: not shown). */
export type Candidate = {
  id: string
  isco: string[]
  since: Temporal.Instant
  approached: boolean
  lacks: Lack[]
} & { [K in 'languages' | 'licences' | 'place_codes']: Profile[K] | null }

const HANDLE = 'application.handle'
/** So many are looked at, the newest first. */
const LOOKED_AT = 500

/** Who can do this work and agreed to be found by employers: those who lack least first, from the `from`th on; and how many in all. */
export async function candidatesFor(
  ctx: Ctx,
  advert: AdvertWords,
  { from, most }: { from: number; most: number },
): Promise<{ items: Candidate[]; total: number }> {
  authorise(ctx, HANDLE)
  if (!advert.isco) return { items: [], total: 0 }
  const { rows } = await sql<Omit<Candidate, 'lacks'>>`
    select c.id, c.isco, c.languages, c.licences, c.place_codes, c.since,
      exists (
        select from applications.approach a where a.candidate_id = c.id and a.vacancy_id = ${advert.id}
      ) as approached
    from applications.candidate c
    where c.isco && ${[advert.isco]}::text[]
    order by c.since desc, c.id
    limit ${LOOKED_AT}`.execute(ctx.db)
  const [needs, places] = [needsOf(advert), await placesOf(ctx, advert)]
  const items = rows
    .map((row) => ({ ...row, lacks: lacksOf(needs, row, places) }))
    .toSorted((a, b) => a.lacks.length - b.lacks.length)
    .slice(from - 1, from - 1 + most)
  return { items, total: rows.length }
}

/** Asks a candidate to apply; they find it in *My case*. Asked again, nothing changes. @throws not_found */
export async function approach(ctx: Ctx, candidate_id: string, advert: AdvertWords): Promise<void> {
  authorise(ctx, HANDLE)
  const there = await ctx.db
    .selectFrom('applications.candidate')
    .select('id')
    .where('id', '=', candidate_id)
    .executeTakeFirst()
  if (!there) throw problem('not_found')
  await ctx.db
    .insertInto('applications.approach')
    .values({
      ...{ id: newId(), candidate_id, vacancy_id: advert.id, vacancy_reference: advert.reference },
      ...{ vacancy_title: advert.title, organisation_id: organisationOf(ctx), at: ctx.now },
    })
    .onConflict((conflict) => conflict.columns(['candidate_id', 'vacancy_id']).doNothing())
    .execute()
  await audit(ctx, 'application.approach', { type: 'vacancy', id: advert.reference })
}

/** The adverts for which employers asked the holder to apply. */
export async function ownApproaches(
  ctx: Ctx,
): Promise<{ vacancy_id: string; vacancy_reference: string; vacancy_title: string }[]> {
  // The row policy of an employer would show theirs: it is asked as a person only.
  return ctx.db
    .selectFrom('applications.approach')
    .select(['vacancy_id', 'vacancy_reference', 'vacancy_title'])
    .where('candidate_id', '=', sql<string>`applications.my_candidate_id()`)
    .orderBy('at', 'desc')
    .limit(20)
    .execute()
}
