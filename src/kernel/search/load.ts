import type { Kysely, Transaction } from 'kysely'
import type { DB } from '../db/types.ts'
import { type ListRow, loadList } from '../lists/lists.ts'
import { FOLD_VERSION } from './fold.ts'
import { countWords, replaceWords, type WordCount } from './vocabulary.ts'

// What each source of words reads: files below data/, and the columns that hold words.
const SOURCES: Record<string, Record<string, readonly string[]>> = {
  occupations: { 'occupations/terms.tsv': ['term'] },
  places: {
    'places/countries.tsv': ['tg', 'ru', 'en'],
    'places/tajikistan.tsv': ['tg', 'ru', 'en'],
    'places/russia.tsv': ['tg', 'ru', 'en'],
    'places/destinations.tsv': ['tg', 'ru', 'en'],
    'places/names.tsv': ['name'],
  },
  // The statisticians' words are no slips, but nobody means them.
  labels: { 'occupations/isco08.tsv': ['tg', 'ru', 'en'], 'occupations/esco.tsv': ['term'] },
  common: { 'search/common.tsv': ['words'] },
  lookalikes: { 'search/lookalikes.tsv': ['words'] },
  // How somebody wants to work or be housed: narrows nothing down where nothing says so.
  wishes: { 'search/wishes.tsv': ['words'] },
}

// Who mistypes one word means a word that stands alone rather than one that is only part of names.
const weighed = (text: string) => (text.includes(' ') ? [text] : [text, text, text])

// Goes up when other rows are made of the same files.
const GENERATION = 3

/** Brings the words of the shipped lists into the vocabulary; false when they are there already. Owner's connection. */
export function loadVocabulary(db: Kysely<DB>): Promise<boolean> {
  const files = Object.values(SOURCES).flatMap((source) => Object.keys(source))
  return loadList(db, 'search', files, load, 10 * FOLD_VERSION + GENERATION)
}

async function load(db: Transaction<DB>, tables: ListRow[][]): Promise<void> {
  let at = 0
  const words: Record<string, ReadonlyMap<string, WordCount>> = {}
  for (const [source, files] of Object.entries(SOURCES)) {
    const texts: string[] = []
    for (const columns of Object.values(files)) {
      for (const row of tables[at++]!) texts.push(...columns.flatMap((column) => weighed(row[column] ?? '')))
    }
    words[source] = countWords(texts)
  }
  await replaceWords(db, words)
}
