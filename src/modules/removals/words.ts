import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ListRow, readTable } from '#kernel/lists/lists.ts'
import { ROOT } from '#kernel/root.ts'
import { fold } from '#kernel/search/fold.ts'

const rowsOf = (file: string): ListRow[] => readTable(readFileSync(join(ROOT, 'data/removals', file), 'utf8'))

const HEADINGS = Map.groupBy(rowsOf('headings.tsv'), ({ field }) => field!)
const VALUES = new Map(rowsOf('words.tsv').map(({ list, value, word }) => [`${list} ${fold(word!)}`, value!]))

/** How columns with this field are headed in carriers' sheets: `data/removals/headings.tsv`. */
export const headingsOf = (field: string): string[] => (HEADINGS.get(field) ?? []).map(({ heading }) => heading!)

/** The value of a list that a cell is, by the words of `data/removals/words.tsv`; undefined for anything else. */
export const valueIs = (list: string, text: string): string | undefined => VALUES.get(`${list} ${fold(text)}`)
