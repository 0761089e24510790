import { type Kysely, sql, type Transaction } from 'kysely'
import type { DB } from '../db/types.ts'
import { LANGUAGES } from '../i18n/languages.ts'
import { inBatches, type ListRow, loadList } from '../lists/lists.ts'
import { FOLD_VERSION, fold } from '../search/fold.ts'

/** The list's name in `lists.version`. */
export const OCCUPATIONS = 'occupations'

const FILES = ['isco08.tsv', 'terms.tsv', 'esco.tsv'].map((file) => `occupations/${file}`)

/** Brings the occupations of `data/occupations` into the database; false when they are there already. Owner's connection. */
export function loadOccupations(db: Kysely<DB>): Promise<boolean> {
  return loadList(db, OCCUPATIONS, FILES, load, FOLD_VERSION)
}

async function load(db: Transaction<DB>, tables: ListRow[][]): Promise<void> {
  const [occupations, ...terms] = tables as [ListRow[], ...ListRow[][]]
  await saveOccupations(db, occupations)
  // Labels and terms are no records: they are replaced as they are.
  await db.deleteFrom('occupations.occupation_label').execute()
  for (const batch of inBatches(occupations.flatMap(labelsOf))) {
    await db.insertInto('occupations.occupation_label').values(batch).execute()
  }
  await db.deleteFrom('occupations.term').execute()
  for (const batch of inBatches(terms.flat().map(termOf)))
    await db.insertInto('occupations.term').values(batch).execute()
}

// Groups stand before their parts in the file's order of levels, so that the foreign key holds row by row.
async function saveOccupations(db: Transaction<DB>, occupations: ListRow[]): Promise<void> {
  const rows = occupations
    .map((row) => ({
      code: row.code!,
      level: Number(row.level),
      parent_code: row.code!.slice(0, -1) || null,
      withdrawn_at: null,
    }))
    .toSorted((a, b) => a.level - b.level)
  for (const batch of inBatches(rows)) {
    await db
      .insertInto('occupations.occupation')
      .values(batch)
      .onConflict((conflict) =>
        conflict.column('code').doUpdateSet((set) => ({
          level: set.ref('excluded.level'),
          parent_code: set.ref('excluded.parent_code'),
          withdrawn_at: null,
        })),
      )
      .execute()
  }
  await db
    .updateTable('occupations.occupation')
    .set({ withdrawn_at: sql`now()` })
    .where('withdrawn_at', 'is', null)
    .where(sql<boolean>`code <> all(${rows.map(({ code }) => code)})`)
    .execute()
}

// English is the classification's own wording; the others wait for a reviewer.
const labelsOf = (row: ListRow) =>
  LANGUAGES.filter((lang) => row[lang]).map((lang) => ({
    code: row.code!,
    lang,
    label: row[lang]!,
    reviewed: lang === 'en',
  }))

const termOf = (row: ListRow) => ({
  isco: row.isco!,
  lang: row.lang!,
  term: row.term!,
  folded: fold(row.term!),
  source: row.source!,
  reviewed: row.reviewed === 'yes',
})
