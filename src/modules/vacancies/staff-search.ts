import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { parseReference } from '#kernel/ids.ts'
import { placePath } from '#kernel/places/places.ts'
import { anywhere, type Found, type SearchSource } from '#kernel/search/staff-search.ts'
import type { Vacancy } from './vacancies.ts'

type Row = Pick<
  Vacancy,
  'id' | 'reference' | 'title' | 'lang' | 'employer_name' | 'place_code' | 'country' | 'state'
> & {
  waits: boolean
}

/** Every advert, also those that are not public: by its reference, or part of its title or employer, the newest first. */
export const vacancySearch: SearchSource = {
  name: 'vacancies',
  permission: 'vacancy.review',
  label: 'vacancies.find.label',
  // As many as the function in the database sorts.
  most: 1_000,
  async find(ctx, text, limit, after) {
    const { rows } = await sql<Row>`
      select * from vacancies.find_for_staff(${parseReference(text)}, ${anywhere(text)}, ${after ?? null}::uuid,
        ${limit})`.execute(ctx.db)
    return Promise.all(rows.map((row) => foundOf(ctx, row)))
  },
}

async function foundOf(ctx: Ctx, row: Row): Promise<Found> {
  const place = await placePath(ctx, row.place_code ?? row.country)
  return {
    cursor: row.id,
    icon: 'work',
    title: row.title,
    lang: row.lang,
    href: `/work/vacancies/review/${row.reference}`,
    why: [row.reference, row.employer_name, place].filter(Boolean).join(' · '),
    state: row.waits
      ? { state: 'attention', label: ctx.t('vacancies.find.waits') }
      : {
          state: row.state === 'published' ? 'ok' : row.state === 'held' ? 'attention' : 'stop',
          label: ctx.t(`vacancies.code.state.${row.state}`),
        },
  }
}
