import { type Selectable, sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import { actingAs, type Ctx } from '#kernel/context.ts'
import type { VacanciesPosting } from '#kernel/db/types.ts'
import { newId, newReference, parseReference } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import { anywhere } from '#kernel/search/staff-search.ts'
import { type Content, tidyContent } from './content.ts'

/** What an employer writes: as it is being written, and as it was put out. */
export type Posting = Omit<Selectable<VacanciesPosting>, 'state' | 'content' | 'published' | 'undo'> & {
  state: 'draft' | 'out' | 'closed'
  content: Content
  published: Content | null
  undo: Undo | null
}

/** What the last act replaced. */
export type Undo = { act: 'publish' | 'renew' | 'close'; state: Posting['state']; published: Content | null }

/** How a posting stands for its employer. A closed list: `vacancies.code.posting.VALUE`. */
export const STANDINGS = ['draft', 'checking', 'public', 'held', 'refused', 'expired', 'closed'] as const
export type Standing = (typeof STANDINGS)[number]

// `refused` also where an officer took it from the public, or the employer itself may not post now.
const STANDING = sql<Standing>`case
  when p.out_version > p.done_version then 'checking'
  when p.state <> 'out' then p.state
  when v.state = 'published' and v.expires_on < ((access.moment() at time zone 'Asia/Dushanbe')::date) then 'expired'
  when v.state = 'published' then 'public'
  when v.state = 'held' then 'held'
  else 'refused'
end`

export type PostingItem = Pick<Posting, 'id' | 'reference' | 'state' | 'changed_at' | 'published_at' | 'own_key'> & {
  title: string | null
  country: string | null
  standing: Standing
  expires_on: Temporal.PlainDate | null
}

/** The organisation that posts: of the member of staff or of the program that acts. */
export function postingFor(ctx: Ctx): { organisation_id: string; user_id: string | null } {
  authorise(ctx, 'vacancy.post')
  const acting = actingAs(ctx.actor)
  if (!acting) throw problem('forbidden')
  return { organisation_id: acting.organisation_id, user_id: ctx.actor.kind === 'staff' ? ctx.actor.user_id : null }
}

/** The own posting with this reference. @throws not_found */
export async function getPosting(ctx: Ctx, reference: string, { lock = false } = {}): Promise<Posting> {
  const { organisation_id } = postingFor(ctx)
  const query = ctx.db
    .selectFrom('vacancies.posting')
    .selectAll()
    .where('reference', '=', parseReference(reference) ?? '')
    .where('employer_id', '=', organisation_id)
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  if (!row) throw problem('not_found')
  return row as unknown as Posting
}

/** How it stands, and the columns in which something is to be put right. */
export async function standingOf(ctx: Ctx, { reference }: Pick<Posting, 'reference'>) {
  const { rows } = await sql<{ standing: Standing; correct: string[] }>`
    select ${STANDING} as standing, vacancies.columns_to_correct(p.reference) as correct
    from vacancies.posting p
    left join vacancies.vacancy v on v.reference = p.reference
    where p.reference = ${reference}`.execute(ctx.db)
  const [row] = rows
  if (!row) throw problem('not_found')
  return row
}

export type PostingFilter = { standing?: Standing; q?: string; after?: string; limit: number }

/** The own postings, what was changed last first. `after`: the last one seen. */
export async function listPostings(
  ctx: Ctx,
  { standing, q, after, limit }: PostingFilter,
): Promise<{ items: PostingItem[]; next: string | null }> {
  const { organisation_id } = postingFor(ctx)
  const part = q ? anywhere(q) : null
  const { rows } = await sql<PostingItem>`
    with own as (
      select p.id, p.reference, p.state, p.changed_at, p.published_at, p.own_key, p.content ->> 'title' as title,
        p.content ->> 'country' as country, v.expires_on, ${STANDING} as standing
      from vacancies.posting p
      left join vacancies.vacancy v on v.reference = p.reference
      where p.employer_id = ${organisation_id}
    )
    select own.*
    from own
    left join own seen on seen.id = ${after ?? null}::uuid
    where (${standing ?? null}::text is null or own.standing = ${standing ?? null})
      and (${part}::text is null or own.title ilike ${part} or own.own_key ilike ${part}
        or own.reference = ${(q && parseReference(q)) ?? ''})
      and (seen.id is null or (own.changed_at, own.id) < (seen.changed_at, seen.id))
    order by own.changed_at desc, own.id desc
    limit ${limit + 1}`.execute(ctx.db)
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? items.at(-1)!.id : null }
}

/** How many own postings stand how. */
export async function countPostings(ctx: Ctx): Promise<Record<Standing | 'all', number>> {
  const { organisation_id } = postingFor(ctx)
  const { rows } = await sql<{ standing: Standing; count: number }>`
    select ${STANDING} as standing, count(*)::int as count
    from vacancies.posting p
    left join vacancies.vacancy v on v.reference = p.reference
    where p.employer_id = ${organisation_id}
    group by 1`.execute(ctx.db)
  const of = (standing: Standing) => rows.find((row) => row.standing === standing)?.count ?? 0
  const counts = Object.fromEntries(STANDINGS.map((standing) => [standing, of(standing)])) as Record<Standing, number>
  return { ...counts, all: rows.reduce((sum, { count }) => sum + count, 0) }
}

/** A new draft; `own_key`: the employer's own number for it. Returns it. @throws conflict when another has this number */
export async function createPosting(
  ctx: Ctx,
  content: Content,
  { own_key = null }: { own_key?: string | null } = {},
): Promise<Posting> {
  const { organisation_id, user_id } = postingFor(ctx)
  const [id, reference] = [newId(), newReference()]
  const made = await ctx.db
    .insertInto('vacancies.posting')
    .values({
      ...{ id, reference, employer_id: organisation_id, content: JSON.stringify(tidyContent(content)), state: 'draft' },
      ...{ own_key, created_at: ctx.now, created_by: user_id, changed_at: ctx.now, changed_by: user_id },
    })
    .onConflict((conflict) => conflict.columns(['employer_id', 'own_key']).where('own_key', 'is not', null).doNothing())
    .executeTakeFirst()
  if (made.numInsertedOrUpdatedRows === 0n) throw problem('conflict', { detail: 'vacancies.posting.number_taken' })
  await audit(ctx, 'posting.create', { type: 'posting', id })
  return getPosting(ctx, reference)
}

/**
 * Keeps what is being written; nothing of it is public. Returns the new version.
 * @throws conflict when somebody saved since `version` was read
 */
export async function saveDraft(ctx: Ctx, reference: string, content: Content, version: number): Promise<number> {
  const posting = await getPosting(ctx, reference, { lock: true })
  if (posting.version !== version) throw problem('conflict')
  const tidy = tidyContent(content)
  if (sameContent(tidy, posting.content)) return version
  await ctx.db
    .updateTable('vacancies.posting')
    .set({
      content: JSON.stringify(tidy),
      version: version + 1,
      changed_at: ctx.now,
      changed_by: postingFor(ctx).user_id,
    })
    .where('id', '=', posting.id)
    .execute()
  return version + 1
}

/** Whether two wordings are the same, whatever the order of their columns. */
export const sameContent = (a: Content, b: Content | null): boolean =>
  b !== null &&
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([name, value]) => b[name] === value)
