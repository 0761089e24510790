import { may } from '../access/authorise.ts'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import type { IconName } from '../ui/icons.tsx'
import type { State } from '../ui/states.tsx'

/** Something a member of staff was looking for. */
export type Found = {
  /** Where a list goes on after it: the record's id. */
  cursor: string
  icon: IconName
  /** In the reader's language, or in its own with `lang`. */
  title: string
  lang?: string
  /** Below the language. */
  href: string
  /** What it is and why it was found, in one line. */
  why: string
  state: { state: State; label: string; icon?: IconName }
}

/** Where a part looks for what staff write into the search box. */
export type SearchSource = {
  name: string
  /** Asked only for whoever holds it; within that, row policies and the part itself decide what is seen. */
  permission: string
  /** Message key: what is found there. */
  label: string
  /** Of how many hits these are, where a part looks at no more of them than that. */
  most?: number
  /**
   * Where one goes on when the part found nothing here because it asks more than words: to its own form, with these fields
   * filled in. Posted, so that the words stand in no other address.
   */
  elsewhere?(ctx: Ctx, text: string): { lead: string; button: string; action: string; fields: Record<string, string> }
  /** The best hits first, at most `limit`; `after`: what stands behind the hit with this cursor. */
  find(ctx: Ctx, text: string, limit: number, after?: string): Promise<Found[]>
}

/** Shorter texts than this fit everything, and no index helps with them. */
export const SHORTEST = 3

/** The sources this actor may search. */
export const sourcesFor = (ctx: Ctx): SearchSource[] =>
  ctx.platform.parts.flatMap((part) => part.search ?? []).filter(({ permission }) => may(ctx, permission))

/**
 * Asks sources one after the other, for one hit more than `limit` each, so that one knows whether there are more. That
 * somebody searched, and where, stands in the audit; what they wrote does not: it may be a person's name.
 */
export async function findEverywhere(
  ctx: Ctx,
  sources: readonly SearchSource[],
  text: string,
  limit: number,
  after?: string,
): Promise<{ source: SearchSource; found: Found[]; more: boolean }[]> {
  const results = []
  for (const source of sources) {
    const found = await source.find(ctx, text, limit + 1, after)
    results.push({ source, found: found.slice(0, limit), more: found.length > limit })
  }
  const hits = results.reduce((sum, { found }) => sum + found.length, 0)
  const names = Object.fromEntries(sources.map(({ name }) => [`in_${name}`, true]))
  await audit(ctx, 'search.find', undefined, { ...names, hits })
  return results
}

/** Part of a text as a pattern of `ilike` that stands anywhere. */
export const anywhere = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`
