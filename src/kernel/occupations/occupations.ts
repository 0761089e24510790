import type { Kysely } from 'kysely'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import type { Lang } from '../i18n/languages.ts'
import { listVersion } from '../lists/lists.ts'
import { type AskedOccupations, askedOccupationsIn } from './asked-occupations.ts'
import { type FoundOccupation, findOccupationsIn } from './find-occupations.ts'
import { OCCUPATIONS } from './load.ts'
import { mapOccupation, type OccupationMapping } from './map-occupation.ts'
import { buildIndex, labelIn, type OccupationIndex, searchTermsIn } from './occupation-index.ts'

// Kept in memory per version of the list, which every request asks for once: no process goes on with an old list.
let kept: { version: string | null; index: Promise<OccupationIndex> } | undefined
const ofRequest = new WeakMap<Ctx, Promise<OccupationIndex>>()

/** All occupations, for code that asks many times: see occupation-index.ts for what can be asked of it. */
export function occupationIndex(ctx: Ctx): Promise<OccupationIndex> {
  const known = ofRequest.get(ctx)
  if (known) return known
  const index = indexOf(ctx.db)
  ofRequest.set(ctx, index)
  return index
}

/** The group's name in the language (the reader's, if not said); the code itself when no list knows it. Any level. */
export async function occupationLabel(ctx: Ctx, code: string, lang: Lang = ctx.lang): Promise<string> {
  return labelIn(await occupationIndex(ctx), lang, code)
}

/** Unit groups by the beginning of any of their names in any language, or of their code. Best first. */
export async function findOccupations(ctx: Ctx, text: string, limit = 10): Promise<FoundOccupation[]> {
  return findOccupationsIn(await occupationIndex(ctx), ctx.lang, text, limit)
}

/** All folded names of a unit group in all languages, for the search document. */
export async function searchTerms(ctx: Ctx, code: string): Promise<string[]> {
  return searchTermsIn(await occupationIndex(ctx), code)
}

/** The trades that folded words of a search name, see `askedOccupationsIn`. */
export async function askedOccupations(
  ctx: Ctx,
  words: readonly string[],
  mayBeBegun: (word: string) => boolean,
  mayBeAkin: (word: string) => boolean,
): Promise<AskedOccupations | null> {
  return askedOccupationsIn(await occupationIndex(ctx), words, mayBeBegun, mayBeAkin)
}

/** The unit group a title means, see `mapOccupation`. */
export async function occupationOf(
  ctx: Ctx,
  title: string,
  profession?: string | null,
): Promise<OccupationMapping | null> {
  return mapOccupation(await occupationIndex(ctx), title, profession)
}

async function indexOf(db: Kysely<DB>): Promise<OccupationIndex> {
  const version = await listVersion(db, OCCUPATIONS)
  if (kept && kept.version === version) return kept.index
  const mine = { version, index: readIndex(db) }
  kept = mine
  // A read that failed must not be kept for those who come later.
  mine.index.catch(() => {
    if (kept === mine) kept = undefined
  })
  return mine.index
}

async function readIndex(db: Kysely<DB>): Promise<OccupationIndex> {
  const occupations = await db
    .selectFrom('occupations.occupation')
    .select(['code', 'level', 'parent_code', 'withdrawn_at'])
    .orderBy('code')
    .execute()
  const labels = await db
    .selectFrom('occupations.occupation_label')
    .select(['code', 'lang', 'label'])
    .orderBy('code')
    .execute()
  const terms = await db
    .selectFrom('occupations.term')
    .select(['isco', 'lang', 'term', 'source'])
    .orderBy('isco')
    .orderBy('lang')
    .orderBy('term')
    .execute()
  return buildIndex(
    occupations.map(({ withdrawn_at, ...occupation }) => ({ ...occupation, withdrawn: withdrawn_at !== null })),
    labels,
    terms,
  )
}
