import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { keysFor } from '#kernel/access/secret-key.ts'
import { openWithAny, seal } from '#kernel/access/secrets.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId, newReference, parseReference } from '#kernel/ids.ts'
import type { NotificationKind } from '#kernel/notifications/kinds.ts'
import { notify } from '#kernel/notifications/notify.ts'
import { ancestorsIn } from '#kernel/places/atlas.ts'
import { placesAtlas } from '#kernel/places/places.ts'
import { problem } from '#kernel/problem.ts'
import { refusing } from './refusals.ts'
import { setBody } from './routes.ts'

/** Where an employment office finds who agreed. */
export const HOME_HELP = '/work/home-help'
/** So soon somebody should be rung. */
export const CALL_WITHIN = { hours: 7 * 24 }

/** What became of it: `expulsions.code.home.VALUE`. */
export const HOME_STATES = ['waiting', 'contacted', 'work', 'training', 'declined', 'not_reached'] as const
export type HomeState = (typeof HOME_STATES)[number]
export const AGREED_WAYS = ['desk', 'telephone'] as const

/** All that an employment office gets of a person. */
type HomeContact = { name: string; phone: string; reach: string | null }

/** Somebody waits for an offer. The mail says only that something waits. */
export const homeNews: NotificationKind = {
  kind: 'expulsions.home',
  label: 'expulsions.home.notice_kind',
  mail: 'now',
  gatherMinutes: 5,
  permission: 'home_help.follow',
}

const ownerOf = (id: string) => `expulsions.home_help ${id}`

/** What is given: `id` is new, and the same when a form is sent twice. */
export type HomeOffer = { id?: string; place_code: string; contact: HomeContact; way: (typeof AGREED_WAYS)[number] }
export type Given = 'given' | 'there' | 'no_office' | 'not_now'

/**
 * Gives name and safe contact to the employment office of a district (or of what it lies in), as the person agreed: for a measure, or
 * without one, since anybody who returned may be offered this, so that standing in the list tells nothing. The database looks that the
 * recipient is an employment office, and asks for the person's protection; `not_now` never says why.
 */
export async function giveHome(
  ctx: Ctx,
  measure_id: string | null,
  { id = newId(), place_code, contact, way }: HomeOffer,
): Promise<Given> {
  if (measure_id) authorise(ctx, 'expulsion.help', { type: 'measure', id: measure_id })
  else authorise(ctx, 'home_help.give')
  const around = [place_code, ...ancestorsIn(await placesAtlas(ctx), place_code)]
  const served = await ctx.db
    .selectFrom('expulsions.district_office')
    .select(['place_code', 'organisation_id'])
    .where('place_code', 'in', around)
    .orderBy(sql`array_position(${around}::text[], place_code)`)
    .executeTakeFirst()
  if (!served) return 'no_office'
  const [key] = keysFor(ctx.platform.config, 'expulsions')
  const sealed = seal(key!, Buffer.from(JSON.stringify(contact)), ownerOf(id))
  const { rows } = await refusing(
    sql<{ outcome: Given }>`
      select expulsions.give_home(${id}, ${newReference(12)}, ${measure_id}::uuid, ${served.place_code}, ${sealed}, ${way}, ${ctx.now})
        as outcome`.execute(ctx.db),
  )
  const { outcome } = rows[0]!
  if (outcome !== 'given') return outcome
  await notify(ctx, {
    to: { permission: 'home_help.follow', organisation_id: served.organisation_id },
    kind: homeNews.kind,
    key: 'expulsions.home.notice',
    href: HOME_HELP,
    dedupe: 'home help',
  })
  await audit(ctx, 'home_help.give', { type: 'home_help', id }, { way })
  return outcome
}

const recorded = (ctx: Ctx) =>
  ctx.db
    .selectFrom('expulsions.home_help')
    .select(['id', 'reference', 'agreed_at', 'state', 'closed_at', 'withdrawn_at'])
    .select(sql<string>`organisations.name_of(to_organisation, ${ctx.lang})`.as('office'))
    .orderBy('agreed_at', 'desc')
    .orderBy('id')

export type Recorded = Awaited<ReturnType<typeof homeHelpOf>>[number]

/** What the actor's office recorded for a measure. */
export const homeHelpOf = (ctx: Ctx, measure_id: string) => recorded(ctx).where('measure_id', '=', measure_id).execute()

/** What it recorded without a measure: the newest, or the one with this number or id. */
export const homeHelpWithout = (
  ctx: Ctx,
  one: { reference?: string; id?: string },
  limit: number,
): Promise<Recorded[]> =>
  recorded(ctx)
    .where('measure_id', 'is', null)
    .$if(one.reference !== undefined, (query) => query.where('reference', '=', parseReference(one.reference!) ?? ''))
    .$if(one.id !== undefined, (query) => query.where('id', '=', one.id!))
    .limit(limit)
    .execute()

/** The person takes their agreement back: the office sees nothing of it from now on. Repeating it changes nothing. */
export async function withdrawHome(ctx: Ctx, id: string): Promise<void> {
  authorise(ctx, 'home_help.give', { type: 'home_help', id })
  const { rows } = await sql<{ office: string | null }>`
    select expulsions.withdraw_home(${id}, ${ctx.now}) as office`.execute(ctx.db)
  if (rows[0]!.office) await audit(ctx, 'home_help.withdraw', { type: 'home_help', id })
}

export type HomeHelp = {
  id: string
  reference: string
  contact: HomeContact
  place_code: string
  agreed_at: Temporal.Instant
  state: HomeState
  contacted_at: Temporal.Instant | null
  closed_at: Temporal.Instant | null
}

/** Who waits for an offer at the actor's employment office, the longest wait first; with `all`, who got an outcome too. */
export async function listHomeHelp(
  ctx: Ctx,
  { all = false, limit }: { all?: boolean; limit: number },
): Promise<HomeHelp[]> {
  const { rows } = await sql<Omit<HomeHelp, 'contact'> & { sealed: Buffer }>`
    select *
    from expulsions.home_help_here()
    where ${all} or closed_at is null
    order by closed_at is not null, agreed_at, id
    limit ${limit}`.execute(ctx.db)
  const keys = keysFor(ctx.platform.config, 'expulsions')
  return rows.map(({ sealed, ...row }) => ({
    ...row,
    contact: JSON.parse(openWithAny(keys, sealed, ownerOf(row.id)).toString('utf8')),
  }))
}

/** The office notes what became of it. @throws not_found for what is not there for it, or no more */
export async function markHome(ctx: Ctx, id: string, state: HomeState): Promise<void> {
  authorise(ctx, 'home_help.follow', { type: 'home_help', id })
  const { rows } = await sql<{ marked: boolean }>`
    select expulsions.mark_home(${id}, ${state}, ${ctx.now}) as marked`.execute(ctx.db)
  if (!rows[0]!.marked) throw problem('not_found')
  await audit(ctx, 'home_help.mark', { type: 'home_help', id }, { state })
}

/** Which office serves which district. */
export const listDistrictOffices = (ctx: Ctx) =>
  ctx.db
    .selectFrom('expulsions.district_office as d')
    .select(['d.place_code', 'd.organisation_id'])
    .select(sql<string>`organisations.name_of(d.organisation_id, ${ctx.lang})`.as('office'))
    .orderBy('d.place_code')
    .execute()

/** The organisations that are marked as employment offices, by their ids: only they can serve a district. */
export async function employmentOffices(ctx: Ctx): Promise<Set<string>> {
  const rows = await ctx.db
    .selectFrom('expulsions.body')
    .select('organisation_id')
    .where('kind', '=', 'employment')
    .where((e) => sql<boolean>`expulsions.is_employment_office(${e.ref('organisation_id')})`)
    .execute()
  return new Set(rows.map(({ organisation_id }) => organisation_id))
}

/**
 * Marks an authority as an employment office. What is something else in the exchange stays that. @throws conflict for that, and for
 * what cannot be one: police, security, border, protected services, whatever is no authority
 */
export async function markEmploymentOffice(ctx: Ctx, organisation_id: string): Promise<void> {
  const body = await ctx.db
    .selectFrom('expulsions.body')
    .select('kind')
    .where('organisation_id', '=', organisation_id)
    .executeTakeFirst()
  if (body && body.kind !== 'employment') throw problem('conflict', { detail: 'expulsions.home.other_kind' })
  await setBody(ctx, organisation_id, 'employment')
}

/**
 * Sets which employment office serves a district; null: none does any more. The database refuses every other organisation.
 * @throws conflict for one that is not marked
 */
export async function setDistrictOffice(ctx: Ctx, place_code: string, organisation_id: string | null): Promise<void> {
  authorise(ctx, 'expulsion.route')
  if (organisation_id === null)
    await ctx.db.deleteFrom('expulsions.district_office').where('place_code', '=', place_code).execute()
  else
    await refusing(
      ctx.db
        .insertInto('expulsions.district_office')
        .values({ place_code, organisation_id, set_at: ctx.now })
        .onConflict((conflict) => conflict.column('place_code').doUpdateSet({ organisation_id, set_at: ctx.now }))
        .execute(),
    )
  await audit(ctx, 'home_help.set_office', { type: 'place', id: place_code })
}
