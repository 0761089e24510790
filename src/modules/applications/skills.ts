import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { searchListings, wordsOfAdverts } from '#modules/vacancies/public.ts'
import { needsOf } from './needs.ts'
import { LICENCES, type Licence, SPOKEN, type Spoken } from './profile.ts'

/** A paper or a language that work asks for: `licence.forklift`, `language.ru`. */
export type Skill = `licence.${Licence}` | `language.${Spoken}`

/** All of them, in the order of the lists. */
export const SKILLS: readonly Skill[] = [
  ...LICENCES.map((licence): Skill => `licence.${licence}`),
  ...SPOKEN.map((lang): Skill => `language.${lang}`),
]

/** The skill in words. */
export const skillWords = ({ t }: Ctx, skill: string): string => t(`applications.code.${skill}`)

const BATCH = 1_000
/** So many of the newest adverts are read: more would say nothing else. */
const READ = 20_000

/** How many of the newest adverts ask for each skill. */
export async function skillsAsked(ctx: Ctx): Promise<Map<Skill, number>> {
  const counts = new Map<Skill, number>()
  let cursor: string | null | undefined
  for (let read = 0; read < READ && cursor !== null; read += BATCH) {
    const { items, next } = await searchListings(ctx, { foreigners: 'all', limit: BATCH, ...(cursor && { cursor }) })
    cursor = next
    const adverts = await wordsOfAdverts(
      ctx,
      items.map(({ vacancy_id }) => vacancy_id),
    )
    for (const advert of adverts) {
      const { licences, languages } = needsOf(advert)
      const skills = [
        ...licences.map((licence): Skill => `licence.${licence}`),
        ...languages.map(({ lang }): Skill => `language.${lang}`),
      ]
      for (const skill of skills) counts.set(skill, (counts.get(skill) ?? 0) + 1)
    }
  }
  return counts
}

/** How many people who look for work have each skill. For statistics: nobody is named. Owner's connection. */
export async function skillsOfSeekers(ctx: Ctx): Promise<Map<Skill, number>> {
  const { rows } = await sql<{ skill: Skill; people: number }>`
    select skill, count(*)::int as people
    from applications.seeker s
    cross join lateral (
      select 'licence.' || licence as skill from unnest(s.licences) as licence
      union
      select 'language.' || (spoken ->> 'lang') from jsonb_array_elements(s.languages) as spoken
    ) had
    where s.ended_at is null
    group by skill`.execute(ctx.db)
  return new Map(rows.map(({ skill, people }) => [skill, people]))
}
