import { type Kysely, sql, type Transaction } from 'kysely'
import type { DB } from '../db/types.ts'
import { LANGUAGES } from '../i18n/languages.ts'
import { inBatches, type ListRow, loadList } from '../lists/lists.ts'
import { FOLD_VERSION } from '../search/fold.ts'
import { foldPlace, latinPlace, SPELLING_VERSION } from './spelling.ts'

/** The list's name in `lists.version`. */
export const PLACES = 'places'

const PLACE_FILES = ['countries.tsv', 'tajikistan.tsv', 'russia.tsv', 'destinations.tsv']
const FILES = [...PLACE_FILES, 'names.tsv', 'codes.tsv'].map((file) => `places/${file}`)

/** Brings the places of `data/places` into the database; false when they are there already. Owner's connection. */
export function loadPlaces(db: Kysely<DB>): Promise<boolean> {
  return loadList(db, PLACES, FILES, load, FOLD_VERSION * 1000 + SPELLING_VERSION)
}

async function load(db: Transaction<DB>, tables: ListRow[][]): Promise<void> {
  const places = tables.slice(0, PLACE_FILES.length).flat()
  const [names, codes] = tables.slice(PLACE_FILES.length) as [ListRow[], ListRow[]]
  await savePlaces(db, places)
  // Labels and look-ups are no records: they are replaced as they are.
  await db.deleteFrom('places.place_name').execute()
  for (const batch of inBatches([...places.flatMap(currentNames), ...names.map(otherName)])) {
    await db.insertInto('places.place_name').values(batch).execute()
  }
  await db.deleteFrom('places.foreign_code').execute()
  const foreign = codes.map((row) => ({ scheme: row.scheme!, value: row.value!, code: row.code! }))
  for (const batch of inBatches(foreign)) await db.insertInto('places.foreign_code').values(batch).execute()
}

// Parents stand before their children in the files' order, so that the foreign key holds row by row.
async function savePlaces(db: Transaction<DB>, places: ListRow[]): Promise<void> {
  const rows = places.map((row) => ({
    code: row.code!,
    kind: row.kind!,
    parent_code: row.parent || null,
    time_zone: row.time_zone || null,
    withdrawn_at: null,
  }))
  for (const batch of inBatches(rows)) {
    await db
      .insertInto('places.place')
      .values(batch)
      .onConflict((conflict) =>
        conflict.column('code').doUpdateSet((set) => ({
          kind: set.ref('excluded.kind'),
          parent_code: set.ref('excluded.parent_code'),
          time_zone: set.ref('excluded.time_zone'),
          withdrawn_at: null,
        })),
      )
      .execute()
  }
  await db
    .updateTable('places.place')
    .set({ withdrawn_at: sql`now()` })
    .where('withdrawn_at', 'is', null)
    .where(sql<boolean>`code <> all(${rows.map(({ code }) => code)})`)
    .execute()
}

const currentNames = (row: ListRow) =>
  LANGUAGES.filter((lang) => row[lang]).map((lang) => nameRow(row.code!, lang, 'current', row[lang]!))

const otherName = (row: ListRow) => nameRow(row.code!, row.lang!, row.kind!, row.name!, row.until)

function nameRow(code: string, lang: string, kind: string, name: string, until?: string) {
  const until_year = until ? Number(until) : null
  return { code, lang, kind, name, until_year, folded: foldPlace(name), latin: latinPlace(name) }
}
