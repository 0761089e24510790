import type { Kysely } from 'kysely'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import { listVersion } from '../lists/lists.ts'
import {
  type Atlas,
  ancestorsIn,
  buildAtlas,
  descendantsIn,
  type NameKind,
  nameIn,
  type PlaceKind,
  pathIn,
} from './atlas.ts'
import { type FoundPlace, findIn, type ResolvedPlace, resolveIn } from './find.ts'
import { PLACES } from './load.ts'

// A page names twenty places, so the list is kept in memory. It belongs to its version, which every request asks for
// once: no process can go on with an old list, and nothing is lost with the process.
let kept: { version: string | null; atlas: Promise<Atlas> } | undefined
const ofRequest = new WeakMap<Ctx, Promise<Atlas>>()

/** All places, for code that needs many of them at once: see atlas.ts for what can be asked of it. */
export function placesAtlas(ctx: Ctx): Promise<Atlas> {
  const known = ofRequest.get(ctx)
  if (known) return known
  const atlas = atlasOf(ctx.db)
  ofRequest.set(ctx, atlas)
  return atlas
}

/** The place's name in the reader's language; the code itself when no list knows it. */
export async function placeName(ctx: Ctx, code: string): Promise<string> {
  return nameIn(await placesAtlas(ctx), ctx.lang, code)
}

/** The place and what it lies in: `Бохтар, Хатлон`; `Вилояти Тула, Русия`. */
export async function placePath(ctx: Ctx, code: string): Promise<string> {
  return pathIn(await placesAtlas(ctx), ctx.lang, code)
}

/** The place itself and everything that lies in it, for filters; empty when no list knows it. */
export async function descendants(ctx: Ctx, code: string): Promise<string[]> {
  return descendantsIn(await placesAtlas(ctx), code)
}

/** Places whose names begin like the text: any script, with or without Tajik letters, former names. Best first. */
export async function findPlaces(ctx: Ctx, text: string, limit = 10): Promise<FoundPlace[]> {
  return findIn(await placesAtlas(ctx), ctx.lang, text, limit)
}

/** The one place another system's text means, within `country` (alpha-2) when given; null when none or not surely one. */
export async function resolvePlace(
  ctx: Ctx,
  text: string,
  { country }: { country?: string } = {},
): Promise<ResolvedPlace | null> {
  return resolveIn(await placesAtlas(ctx), text, country)
}

/**
 * The Russian subdivision of a code of the address classifier, as the vacancy portal uses them: its first two digits
 * are the region (7700000000000 is Moscow). Null for anything else.
 */
export async function placeOfRussianCode(ctx: Ctx, code: string): Promise<string | null> {
  return (await placesAtlas(ctx)).foreign.get(`ru-region ${code.trim().slice(0, 2)}`) ?? null
}

/** The country (alpha-2) of a place; null when no list knows it. */
export async function countryOf(ctx: Ctx, code: string): Promise<string | null> {
  const atlas = await placesAtlas(ctx)
  return atlas.places.has(code) ? (ancestorsIn(atlas, code).at(-1) ?? code) : null
}

async function atlasOf(db: Kysely<DB>): Promise<Atlas> {
  const version = await listVersion(db, PLACES)
  if (kept && kept.version === version) return kept.atlas
  const atlas = readAtlas(db)
  const mine = { version, atlas }
  kept = mine
  // A read that failed must not be kept for those who come later.
  atlas.catch(() => {
    if (kept === mine) kept = undefined
  })
  return atlas
}

async function readAtlas(db: Kysely<DB>): Promise<Atlas> {
  const places = await db
    .selectFrom('places.place')
    .select(['code', 'kind', 'parent_code', 'time_zone', 'withdrawn_at'])
    .orderBy('code')
    .execute()
  const names = await db
    .selectFrom('places.place_name')
    .select(['code', 'lang', 'name', 'kind', 'folded', 'latin'])
    .execute()
  const foreign = await db.selectFrom('places.foreign_code').select(['scheme', 'value', 'code']).execute()
  return buildAtlas(
    places.map(({ withdrawn_at, ...place }) => ({
      ...place,
      kind: place.kind as PlaceKind,
      withdrawn: withdrawn_at !== null,
    })),
    names.map((name) => ({ ...name, kind: name.kind as NameKind })),
    foreign,
  )
}
