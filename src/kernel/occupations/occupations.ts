import type { Kysely } from 'kysely'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import type { Lang } from '../i18n/languages.ts'
import { listVersion } from '../lists/lists.ts'
import { type AskedOccupations, askedOccupationsIn } from './asked-occupations.ts'
import { type FoundOccupation, findOccupationsIn } from './find-occupations.ts'
import { OCCUPATIONS } from './load.ts'
import { mapOccupation, type OccupationMapping } from './map-occupation.ts'
import {
  buildIndex,
  buildList,
  labelIn,
  type Occupation,
  type OccupationIndex,
  type OccupationLabel,
  type OccupationList,
  searchTermsIn,
} from './occupation-index.ts'

type Rows = { occupations: Occupation[]; labels: OccupationLabel[] }
type Kept = {
  version: string | null
  rows: Promise<Rows>
  list: Promise<OccupationList>
  /** Made when words are first asked for: most pages only read labels. */
  index?: Promise<OccupationIndex>
}

// Kept in memory per version of the list, which every request asks for once: no process goes on with an old list.
let kept: Kept | undefined
const ofRequest = new WeakMap<Ctx, Promise<Kept>>()

function keptFor(ctx: Ctx): Promise<Kept> {
  const known = ofRequest.get(ctx) ?? keptOf(ctx.db)
  ofRequest.set(ctx, known)
  return known
}

async function keptOf(db: Kysely<DB>): Promise<Kept> {
  const version = await listVersion(db, OCCUPATIONS)
  if (kept && kept.version === version) return kept
  const rows = readRows(db)
  const mine: Kept = { version, rows, list: rows.then(({ occupations, labels }) => buildList(occupations, labels)) }
  kept = mine
  forgetFailed(mine, mine.list)
  return mine
}

// A read that failed must not be kept for those who come later.
const forgetFailed = (mine: Kept, reading: Promise<unknown>) =>
  reading.catch(() => {
    if (kept === mine) kept = undefined
  })

/** The classification and its labels, for code that asks many times. */
const occupationList = async (ctx: Ctx): Promise<OccupationList> => (await keptFor(ctx)).list

/** All names of all occupations, for code that asks many times: see occupation-index.ts for what can be asked of it. */
export async function occupationIndex(ctx: Ctx): Promise<OccupationIndex> {
  const mine = await keptFor(ctx)
  if (!mine.index) {
    mine.index = readIndex(ctx.db, mine.rows)
    forgetFailed(mine, mine.index)
  }
  return mine.index
}

/** The unit groups of codes of any level: `7` stands for all of major group 7. */
export async function unitGroupsOf(ctx: Ctx, codes: readonly string[]): Promise<string[]> {
  const { occupations } = await occupationList(ctx)
  return [...occupations.values()]
    .filter(({ code, level }) => level === 4 && codes.some((asked) => code.startsWith(asked)))
    .map(({ code }) => code)
}

/** The group's name in the language (the reader's, if not said); the code itself when no list knows it. Any level. */
export async function occupationLabel(ctx: Ctx, code: string, lang: Lang = ctx.lang): Promise<string> {
  return labelIn(await occupationList(ctx), lang, code)
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

async function readRows(db: Kysely<DB>): Promise<Rows> {
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
  return {
    occupations: occupations.map(({ withdrawn_at, ...occupation }) => ({
      ...occupation,
      withdrawn: withdrawn_at !== null,
    })),
    labels,
  }
}

async function readIndex(db: Kysely<DB>, rows: Promise<Rows>): Promise<OccupationIndex> {
  const { occupations, labels } = await rows
  const terms = await db
    .selectFrom('occupations.term')
    .select(['isco', 'lang', 'term', 'source'])
    .orderBy('isco')
    .orderBy('lang')
    .orderBy('term')
    .execute()
  return buildIndex(occupations, labels, terms)
}
