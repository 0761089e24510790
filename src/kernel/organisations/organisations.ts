import { authorise } from '../access/authorise.ts'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { LANGUAGES, type Lang } from '../i18n/languages.ts'
import { newId } from '../ids.ts'
import { problem } from '../problem.ts'

/** What bodies there are; the same list stands in the table's check. */
export const ORGANISATION_KINDS = [
  'authority',
  'consulate',
  'centre',
  'ngo',
  'international',
  'employer',
  'agency',
  'carrier',
  'institute',
] as const
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number]

const ADMINISTER = 'organisation.administer'

type Names = Partial<Record<Lang, string>>

/** Founds an organisation with a name in at least one language; `country` by ISO 3166-1 alpha-2. Returns its id. */
export async function createOrganisation(
  ctx: Ctx,
  { kind, country, names }: { kind: OrganisationKind; country: string; names: Names },
): Promise<string> {
  authorise(ctx, ADMINISTER)
  const id = newId()
  const given = namesOf(id, names)
  await ctx.db.insertInto('organisations.organisation').values({ id, kind, country, created_at: ctx.now }).execute()
  await ctx.db.insertInto('organisations.organisation_name').values(given).execute()
  await audit(ctx, 'organisation.create', { type: 'organisation', id }, { kind, country })
  return id
}

/** Gives an organisation these names instead of those it has, in at least one language. */
export async function renameOrganisation(ctx: Ctx, id: string, names: Names): Promise<void> {
  authorise(ctx, ADMINISTER, { type: 'organisation', id })
  const given = namesOf(id, names)
  await ctx.db
    .deleteFrom('organisations.organisation_name')
    .where('organisation_id', '=', id)
    .where(
      'lang',
      'not in',
      given.map(({ lang }) => lang),
    )
    .execute()
  await ctx.db
    .insertInto('organisations.organisation_name')
    .values(given)
    .onConflict((conflict) =>
      conflict.columns(['organisation_id', 'lang']).doUpdateSet((e) => ({ name: e.ref('excluded.name') })),
    )
    .execute()
  await audit(ctx, 'organisation.rename', { type: 'organisation', id })
}

/**
 * Closes an organisation, so that nobody can work for it any more, or opens it again. The one that the actor works for
 * now stays open: 409.
 */
export async function closeOrganisation(ctx: Ctx, id: string, closed: boolean): Promise<void> {
  authorise(ctx, ADMINISTER, { type: 'organisation', id })
  if (ctx.actor.kind === 'staff' && ctx.actor.organisation_id === id)
    throw problem('conflict', { detail: 'organisations.own_stays_open' })
  await ctx.db
    .updateTable('organisations.organisation')
    .set({ closed_at: closed ? ctx.now : null })
    .where('id', '=', id)
    .execute()
  await audit(ctx, closed ? 'organisation.close' : 'organisation.reopen', { type: 'organisation', id })
}

function namesOf(organisation_id: string, names: Names) {
  const given = LANGUAGES.flatMap((lang) =>
    names[lang]?.trim() ? [{ organisation_id, lang, name: names[lang].trim() }] : [],
  )
  if (given.length === 0) throw new Error('An organisation needs a name')
  return given
}

export type Organisation = {
  id: string
  kind: OrganisationKind
  country: string
  names: Names
  created_at: Temporal.Instant
  closed_at: Temporal.Instant | null
}

/** All organisations with all their names, the oldest first. */
export async function listOrganisations(ctx: Ctx): Promise<Organisation[]> {
  const organisations = await ctx.db
    .selectFrom('organisations.organisation')
    .select(['id', 'kind', 'country', 'created_at', 'closed_at'])
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const names = await ctx.db
    .selectFrom('organisations.organisation_name')
    .select(['organisation_id', 'lang', 'name'])
    .execute()
  return organisations.map((organisation) => ({
    ...organisation,
    kind: organisation.kind as OrganisationKind,
    names: Object.fromEntries(
      names.filter((name) => name.organisation_id === organisation.id).map(({ lang, name }) => [lang, name]),
    ),
  }))
}

/** The organisation with this id, open or closed; 404 without one. */
export async function getOrganisation(ctx: Ctx, id: string): Promise<Organisation> {
  const found = (await listOrganisations(ctx)).find((organisation) => organisation.id === id)
  if (!found) throw problem('not_found')
  return found
}

/** Its name in a language, or in the next one it has. */
export function nameOf({ names }: Pick<Organisation, 'names'>, lang: Lang): string {
  return names[lang] ?? LANGUAGES.map((other) => names[other]).find(Boolean) ?? ''
}

/** The one open organisation with this id or this name in any language; 404 without one, 409 with several. */
export async function findOrganisation(ctx: Ctx, idOrName: string): Promise<Organisation> {
  const wanted = idOrName.trim().toLowerCase()
  const found = (await listOrganisations(ctx)).filter(
    ({ id, names, closed_at }) =>
      !closed_at && (id === wanted || Object.values(names).some((name) => name.toLowerCase() === wanted)),
  )
  if (found.length > 1) throw problem('conflict', { detail: 'organisations.ambiguous' })
  if (!found[0]) throw problem('not_found', { detail: 'organisations.unknown' })
  return found[0]
}
