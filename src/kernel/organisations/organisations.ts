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

/** Founds an organisation with a name in at least one language; `country` by ISO 3166-1 alpha-2. Returns its id. */
export async function createOrganisation(
  ctx: Ctx,
  { kind, country, names }: { kind: OrganisationKind; country: string; names: Partial<Record<Lang, string>> },
): Promise<string> {
  authorise(ctx, 'organisation.administer')
  const id = newId()
  const given = LANGUAGES.flatMap((lang) =>
    names[lang]?.trim() ? [{ organisation_id: id, lang, name: names[lang].trim() }] : [],
  )
  if (given.length === 0) throw new Error('An organisation needs a name')
  await ctx.db.insertInto('organisations.organisation').values({ id, kind, country, created_at: ctx.now }).execute()
  await ctx.db.insertInto('organisations.organisation_name').values(given).execute()
  await audit(ctx, 'organisation.create', { type: 'organisation', id }, { kind, country })
  return id
}

export type Organisation = {
  id: string
  kind: OrganisationKind
  country: string
  names: Partial<Record<Lang, string>>
  closed_at: Temporal.Instant | null
}

/** All organisations with all their names, the oldest first. */
export async function listOrganisations(ctx: Ctx): Promise<Organisation[]> {
  const organisations = await ctx.db
    .selectFrom('organisations.organisation')
    .select(['id', 'kind', 'country', 'closed_at'])
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
