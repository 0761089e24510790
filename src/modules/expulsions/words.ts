import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '#kernel/root.ts'
import { fold } from '#kernel/search/fold.ts'

const rowsOf = (file: string): string[][] =>
  readFileSync(join(ROOT, 'data/expulsions', file), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))

const HEADINGS = Map.groupBy(rowsOf('headings.tsv'), ([field]) => field!)
// Folded once: a list of a hundred thousand rows asks for them half a million times.
const WORDS = Map.groupBy(
  rowsOf('words.tsv').map(([list, value, word]) => ({ list: list!, value: value!, word: fold(word!) })),
  ({ list }) => list,
)

/** How columns with this field are headed in lists: `data/expulsions/headings.tsv`. */
export const headingsOf = (field: string): string[] => (HEADINGS.get(field) ?? []).map(([, heading]) => heading!)

/** The values of a list that a cell names, by the words of `data/expulsions/words.tsv`: several when it names several. */
export function valuesNamed(list: string, text: string): string[] {
  const cell = ` ${fold(text)}`
  const named = (WORDS.get(list) ?? []).filter(({ word }) => cell.includes(` ${word}`))
  return [...new Set(named.map(({ value }) => value))]
}

/** The one value of a list that a cell is, word for word; undefined for anything else. */
export function valueIs(list: string, text: string): string | undefined {
  const cell = fold(text)
  return WORDS.get(list)?.find(({ word }) => word === cell)?.value
}
