import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import type { Holder } from '#kernel/my-case/holders.ts'
import { problem } from '#kernel/problem.ts'
import type { Facts, Profile } from './profile.ts'
import { openFor, sealFor } from './sealing.ts'

/** Somebody who looks for work, as they themselves see it. */
export type Seeker = { id: string; facts: Facts; profile: Profile; assisted_by: string | null }

/** Which parts of the profile employers may find; null: none, the person is not to be found. */
export type Offer = { languages: boolean; licences: boolean; places: boolean } | null

const columnsOf = ({ trade, isco, languages, licences, place_codes }: Profile) => ({
  ...{ trade, isco, licences, place_codes },
  languages: JSON.stringify(languages),
})

/** Keeps who the holder is and what they can do. The same form again changes nothing. */
export async function addSeeker(ctx: Ctx, { id }: Holder, facts: Facts, profile: Profile): Promise<void> {
  const assisted_by = ctx.actor.kind === 'staff' ? ctx.actor.organisation_id : null
  await ctx.db
    .insertInto('applications.seeker')
    .values({
      ...{ id, lang: ctx.lang, facts_sealed: sealFor(ctx, 'seeker.facts', id, facts), ...columnsOf(profile) },
      ...{ assisted_by, created_at: ctx.now, changed_at: ctx.now },
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

/** The seeker behind an opened case; null when the case has none, or all was withdrawn. */
export async function findSeeker(ctx: Ctx, { id }: Holder): Promise<Seeker | null> {
  const row = await ctx.db
    .selectFrom('applications.seeker')
    .select(['id', 'facts_sealed', 'trade', 'isco', 'languages', 'licences', 'place_codes', 'assisted_by'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row?.facts_sealed) return null
  const { facts_sealed, assisted_by, ...profile } = row
  return {
    id,
    facts: openFor<Facts>(ctx, 'seeker.facts', id, facts_sealed),
    profile: profile as unknown as Profile,
    assisted_by,
  }
}

/** The same. @throws not_found */
export async function getSeeker(ctx: Ctx, holder: Holder): Promise<Seeker> {
  const seeker = await findSeeker(ctx, holder)
  if (!seeker) throw problem('not_found')
  return seeker
}

/** Changes what the person says of themselves. What employers were shown already stays as it was shown. */
export async function changeProfile(ctx: Ctx, { id }: Holder, profile: Profile): Promise<void> {
  await ctx.db
    .updateTable('applications.seeker')
    .set({ ...columnsOf(profile), changed_at: ctx.now })
    .where('id', '=', id)
    .execute()
}

/** What employers may find of the holder now. */
export async function currentOffer(ctx: Ctx): Promise<Offer> {
  const { rows } = await sql<NonNullable<Offer>>`select * from applications.my_candidate()`.execute(ctx.db)
  return rows[0] ?? null
}

/** Lets employers find the parts of the profile that the person agreed to, and no more; null: nothing any more. */
export async function setOffer(ctx: Ctx, profile: Profile, offer: Offer): Promise<void> {
  if (!offer) {
    await sql`select applications.stop_offer()`.execute(ctx.db)
    return
  }
  await sql`
    select applications.offer(
      ${newId()}, ${profile.isco}::text[], ${offer.languages ? JSON.stringify(profile.languages) : null}::jsonb,
      ${offer.licences ? profile.licences : null}::text[], ${offer.places ? profile.place_codes : null}::text[], ${ctx.now}
    )`.execute(ctx.db)
}
