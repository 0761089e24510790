import type { TableRow } from './files/table.ts'
import type { ImportField } from './kind.ts'

/** A column of the file as it is offered for mapping. */
export type Column = { column: number; heading: string; samples: string[] }

/** Field name → column number. */
export type Mapping = Record<string, number>

const SAMPLES = 3
const HEADING_SEARCH = 20

/**
 * Splits a file's first rows into the headings and what follows: the row that names most fields, else the first one; two rows where the
 * second divides titles of the first. `beside`: words that add nothing to a heading, see `guessMapping`.
 */
export function splitHeadings(
  first: TableRow[],
  fields: readonly ImportField[],
  beside: readonly string[] = [],
): { headings: TableRow; rest: TableRow[] } | null {
  const bare = bareWith(beside)
  const names = new Set(fields.flatMap(variants).flatMap((variant) => [folded(variant), bare(variant)]))
  const isName = (cell: string) => names.has(folded(cell)) || (bare(cell) !== '' && names.has(bare(cell)))
  const lasting = new Set(
    fields
      .filter(({ lasts }) => lasts)
      .flatMap(variants)
      .map(bare),
  )
  const mayEnd = (cell: string, text: string) => lasting.has(bare(cell)) || isName(`${cell}: ${text}`) || !isName(cell)
  const score = (row: TableRow) => row.cells.filter(isName).length
  const candidates = first.slice(0, HEADING_SEARCH).flatMap((row, at) => {
    // A row that only numbers the columns is no title.
    const over = first.slice(0, at).findLast(({ cells }) => cells.some((text) => /\p{L}/u.test(text)))
    const alone = { headings: titled(row, over, bare, mayEnd), rest: factsOf(first.slice(at + 1)), score: score(row) }
    const next = first[at + 1]
    const two = next && joined(row, next, isName, score(next) >= SURELY_HEADINGS)
    return two
      ? [
          {
            headings: titled(two, over, bare, mayEnd),
            rest: factsOf(first.slice(at + 2)),
            score: Math.max(...[two, row, next].map(score)),
          },
          alone,
        ]
      : [alone]
  })
  return candidates.reduce<(typeof candidates)[number] | null>(
    (best, one) => (best && best.score >= one.score ? best : one),
    null,
  )
}

// Printed forms number their columns under the headings: «1 2 3 4» is nobody's row.
function factsOf(rows: TableRow[]): TableRow[] {
  const figures = rows[0]?.cells.filter(Boolean) ?? []
  return figures.length > 2 && figures.every((text, at) => text === String(at + 1)) ? rows.slice(1) : rows
}

// A row that names so many fields is no row of facts, though a figure stands in it.
const SURELY_HEADINGS = 3

/**
 * A title over two columns tells what their «from» and «to» are of, also where a number or a format of days stands beside these (`bare`);
 * so does the first of them, where it names it: «Visa from», «to», and before a «to» alone whatever `mayEnd`: what nobody knows, «Visa»,
 * what lasts, «Patent», and what has such an end, «Term of the ban». A title of the whole file stands over its first heading.
 */
function titled(
  row: TableRow,
  over: TableRow | undefined,
  bare: (text: string) => string,
  mayEnd: (cell: string, text: string) => boolean,
): TableRow {
  const start = row.cells.findIndex(Boolean) + 1
  const whole = over?.cells.slice(0, start).findLast(Boolean)
  const cells = row.cells.map((text, column) => {
    if (!OF_A_PAIR.has(bare(text))) return text
    const before = row.cells[column - 1] ?? ''
    const above = over?.cells.slice(start, column + 1).findLast(Boolean)
    const isPair = [text, before].some((one) => BEGINNINGS.has(bare(one)))
    const stray = !isPair && mayEnd(before, text) ? before : ''
    const title = namedBefore(before) || (above !== whole && above) || stray
    return title && title !== whole ? `${title}: ${text.replace(/^\d{1,2}[.):\s]+/, '')}` : text
  })
  return { ...row, cells }
}

// What the first heading of a pair says that it is of; nothing where it is none, or «from» alone.
function namedBefore(text: string): string {
  const words = (text.match(/\p{L}+/gu) ?? []).filter((word) => !FORMATS.includes(fold(word)))
  return FIRST_OF_A_PAIR.has(fold(words.at(-1) ?? '')) ? words.slice(0, -1).join(' ') : ''
}

/**
 * Headings of two rows as one; null where the second is none: it has figures, or stands under headings that are whole, and is not `sure`.
 */
function joined(upper: TableRow, lower: TableRow, isName: (cell: string) => boolean, sure: boolean): TableRow | null {
  const width = Math.max(upper.cells.length, lower.cells.length)
  const cell = (row: TableRow, column: number) => row.cells[column] ?? ''
  // Some programs write a merged cell's text into each of its cells.
  const above = (column: number) =>
    column > 0 && cell(upper, column) === cell(upper, column - 1) ? '' : cell(upper, column)
  const below = (column: number) => (cell(lower, column) === cell(upper, column) ? '' : cell(lower, column))
  if ((!sure && lower.cells.some((text) => /\p{N}/u.test(text))) || new Set(upper.cells.filter(Boolean)).size < 2)
    return null
  const cells: string[] = []
  let [title, fills] = ['', false]
  for (let column = 0; column < width; column++) {
    const [over, under] = [above(column), below(column)]
    if (!sure && over && under && !isName(under) && (above(column + 1) || !below(column + 1))) return null
    if (over || !under) title = under && over.replace(/[:\s]+$/, '')
    fills ||= !over && under !== ''
    cells.push(title ? `${title}: ${under}` : over || under)
  }
  return fills ? { number: upper.number, cells } : null
}

/** The columns that hold anything, each with its first values. */
export function describeColumns(headings: TableRow, rows: TableRow[]): Column[] {
  const width = Math.max(headings.cells.length, ...rows.map((row) => row.cells.length))
  return Array.from({ length: width }, (_, column) => ({
    column,
    heading: (headings.cells[column] ?? '').slice(0, 200),
    samples: [...new Set(rows.map((row) => row.cells[column] ?? '').filter((cell) => cell !== ''))]
      .slice(0, SAMPLES)
      .map((cell) => cell.slice(0, 120)),
  })).filter(({ heading, samples }) => heading !== '' || samples.length > 0)
}

/**
 * Guesses which column means which field: first by headings that are equal but for case, signs and Tajik letters
 * typed without their marks, then but for the words that add nothing (`beside`, formats of dates, numbering), then, where a field allows
 * it, by a heading that contains a known one. No column is used twice. Left to a person: one of several columns that are headed alike,
 * and a heading that may stand over the next column too, which has none.
 */
export function guessMapping(
  fields: readonly ImportField[],
  columns: readonly Column[],
  beside: readonly string[] = [],
): Mapping {
  const mapping: Mapping = {}
  const bare = bareWith(beside)
  const free = new Set(
    columns.map((column) => ({ ...column, folded: folded(column.heading), bare: bare(column.heading) })),
  )
  const known = fields.map((field) => ({
    field,
    variants: variants(field).map((variant) => ({ folded: folded(variant), bare: bare(variant) })),
  }))
  type Heading = { folded: string; bare: string }
  const isOverTwo = ({ column }: Column) =>
    columns.some((next) => next.column === column + 1 && next.heading === '' && next.samples.length > 0)
  const assign = (fits: (heading: Heading, variant: Heading, field: ImportField) => boolean, part = false) => {
    for (const { field, variants } of known)
      for (const variant of variants) {
        if (field.name in mapping) break
        const hits = [...free].filter((one) => one.folded !== '' && fits(one, variant, field))
        const [hit, other] = hits
        if (!hit || (field.exact && isOverTwo(hit))) continue
        if (other && !field.again && (field.exact || part)) continue
        if (part && OF_A_PAIR.has(wordsOf(hit.heading).at(-1)!)) continue
        mapping[field.name] = hit.column
        free.delete(hit)
        if (!other || !field.again || field.again in mapping) continue
        mapping[field.again] = other.column
        free.delete(other)
      }
  }
  assign((heading, variant) => heading.folded === variant.folded)
  assign((heading, variant) => heading.bare !== '' && heading.bare === variant.bare)
  assign(
    (heading, variant, field) => !field.exact && variant.folded.length >= 5 && heading.folded.includes(variant.folded),
    true,
  )
  return mapping
}

/**
 * Headings that name, among other words, a field that no column was found for and that needs an exact heading: nobody knows whether
 * they are it. `others`: headings that are known to be none.
 */
export function unclearHeadings(
  fields: readonly ImportField[],
  columns: readonly Column[],
  mapping: Mapping,
  others: readonly string[] = [],
): string[] {
  const wanted = fields.filter(({ exact, name }) => exact && !(name in mapping))
  const known = wanted
    .flatMap(variants)
    .map((variant) => ` ${wordsOf(variant).join(' ')} `)
    .filter((variant) => variant.length > 4)
  const used = new Set(Object.values(mapping))
  // What is headed like a field that was found is a second column of it.
  const none = new Set([...others, ...fields.filter(({ name }) => name in mapping).flatMap(variants)].map(folded))
  return columns
    .filter(({ column }) => !used.has(column))
    .map(({ heading }) => heading)
    .filter(
      (heading) =>
        !none.has(folded(heading)) && known.some((variant) => ` ${wordsOf(heading).join(' ')} `.includes(variant)),
    )
}

// A heading that ends so is one of a pair, and which one matters.
const FIRST_OF_A_PAIR = new Set('с со от аз from since начало огоз'.split(' '))
const OF_A_PAIR = new Set([...FIRST_OF_A_PAIR, ...'по до то to until till окончание конец анчом'.split(' ')])

// What says of nothing in particular that it begins.
const BEGINNINGS = new Set([
  ...FIRST_OF_A_PAIR,
  ...['датас', 'датаначала', 'началосрока', 'началодействия', 'start', 'startdate', 'санаиогоз'],
])

// How a day is to be written there.
const FORMATS = 'дд мм гггг гг dd mm yyyy yy рр сссс'.split(' ')

/** Words of a heading without those that add nothing to it, and without its number. */
function bareWith(beside: readonly string[]): (text: string) => string {
  const idle = new Set([...FORMATS, ...beside].map(fold))
  return (text) =>
    wordsOf(text)
      .filter((word, at) => !idle.has(word) && !(at === 0 && /^\d{1,2}$/.test(word)))
      .join('')
}

const TAJIK: Record<string, string> = { ғ: 'г', ӣ: 'и', қ: 'к', ӯ: 'у', ҳ: 'х', ҷ: 'ч', ё: 'е' }

function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[ғӣқӯҳҷё]/g, (letter) => TAJIK[letter]!)
}

const wordsOf = (text: string) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? []

const folded = (text: string) => wordsOf(text).join('')

const variants = (field: ImportField) => [field.name, ...field.headings].filter((variant) => folded(variant) !== '')
