import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { openCsv } from '../../imports/files/csv.ts'
import { FileProblem } from '../../imports/files/table.ts'
import { decodeText } from '../../imports/files/text.ts'
import { readBirth } from './birth.ts'
import { HEADINGS } from './lists.ts'
import type { PersonName } from './names.ts'
import { foldValue, type PersonRecord } from './roll.ts'

/** A list cannot be read as asked; the message says why, for the person who brought it. */
export class ListProblem extends Error {}

/** Field → headings. `name`, `document` and `extra` may have several. */
export type Columns = Record<string, string[]>

const FIELDS = [
  'id',
  'family',
  'given',
  'patronymic',
  'name',
  'birth',
  'document',
  'sex',
  'citizenship',
  'district',
  'phone',
  'extra',
]
const ONCE = ['id', 'family', 'given', 'patronymic', 'birth', 'sex']
const VALUES = ['citizenship', 'district', 'phone']

/**
 * Reads `id=rec_id,family=surname,…`.
 * @throws {ListProblem} for an unknown field, one without a heading, or one named twice that can only be one
 */
export function readColumns(text: string): Columns {
  const columns: Columns = {}
  for (const piece of text.split(/,(?=\s*\w+\s*=)/)) {
    const [, field, heading] = /^\s*(\w+)\s*=\s*(.*?)\s*$/s.exec(piece) ?? []
    if (!field || !heading) throw new ListProblem(`"${piece.trim()}" in --columns is not of the form field=heading.`)
    if (!FIELDS.includes(field))
      throw new ListProblem(`--columns knows no field "${field}". There is: ${FIELDS.join(', ')}.`)
    if (columns[field] && ONCE.includes(field)) throw new ListProblem(`--columns names ${field} twice.`)
    columns[field] = [...(columns[field] ?? []), heading]
  }
  return columns
}

/** What was read of a list. `columns`: as which its columns were read. `unread`: how many cells of a field hold something that is no date or sex; `sha256`: of the file. */
export type List = {
  records: PersonRecord[]
  headings: string[]
  columns: Columns
  unread: { birth: number; sex: number }
  sha256: string
}

/**
 * Reads a list of people from a CSV file. Without `columns` the headings are recognised; a list without an id is numbered by its rows.
 * @throws {ListProblem} for a file that cannot be read, a heading that is not there, two rows with one id, nothing to compare by
 */
export async function readList(file: string, columns: Columns | null): Promise<List> {
  const { table, sha256 } = await openRows(file)
  const rows = table[Symbol.asyncIterator]()
  try {
    const first = await rows.next()
    if (first.done) throw new ListProblem(`${file} is empty.`)
    const cells = first.value.cells.map((cell) => cell.trim())
    const asked = columns ?? guessColumns(cells)
    const places = Object.fromEntries(
      Object.entries(asked).map(([field, headings]) => [
        field,
        headings.map((heading) => placeOf(cells, heading, file)),
      ]),
    )
    if (!['family', 'given', 'name', 'document'].some((field) => places[field]))
      throw new ListProblem(
        `${file} names no column with names or documents: say which with --columns. Its headings: ${cells.join(', ')}.`,
      )
    const list = await readRecords({ [Symbol.asyncIterator]: () => rows }, places, file)
    if (list.records.length === 0) throw new ListProblem(`${file} has headings, but no rows.`)
    return { ...list, sha256, columns: asked, headings: valuePlaces(places).map(({ column }) => cells[column]!) }
  } catch (error) {
    if (error instanceof FileProblem) throw new ListProblem(`${file}: a quotation mark is never closed.`)
    throw error
  }
}

async function openRows(file: string) {
  try {
    const bytes = await readFile(file)
    const table = openCsv(decodeText(bytes)).rows as AsyncIterable<{ number: number; cells: string[] }>
    return { table, sha256: createHash('sha256').update(bytes).digest('hex') }
  } catch (error) {
    if (error instanceof FileProblem) throw new ListProblem(`${file} is no CSV file.`)
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new ListProblem(`There is no file ${file}.`)
    if (code === 'EACCES' || code === 'EPERM') throw new ListProblem(`${file} may not be read.`)
    if (code === 'EISDIR') throw new ListProblem(`${file} is a folder.`)
    throw error
  }
}

const plainHeading = (text: string) => foldValue(text.replaceAll('_', ' '))

function guessColumns(cells: readonly string[]): Columns {
  const columns: Columns = {}
  for (const [field, headings] of HEADINGS) {
    const heading = headings
      .map((known) => cells.find((cell) => plainHeading(cell) === plainHeading(known)))
      .find((found) => found !== undefined)
    if (heading !== undefined) columns[field] = [heading]
  }
  return columns
}

function placeOf(cells: readonly string[], heading: string, file: string): number {
  const exact = cells.indexOf(heading)
  const at = exact >= 0 ? exact : cells.findIndex((cell) => cell.toLowerCase() === heading.toLowerCase())
  if (at < 0) throw new ListProblem(`${file} has no column "${heading}". Its headings: ${cells.join(', ')}.`)
  return at
}

type Places = Record<string, number[] | undefined>

const valuePlaces = (places: Places) =>
  [...VALUES, 'extra'].flatMap((field) => (places[field] ?? []).map((column) => ({ field, column })))

async function readRecords(rows: AsyncIterable<{ number: number; cells: string[] }>, places: Places, file: string) {
  const records: PersonRecord[] = []
  const unread = { birth: 0, sex: 0 }
  const ids = new Set<string>()
  const values = valuePlaces(places)
  const birthAt = places.birth?.[0]
  const sexAt = places.sex?.[0]
  for await (const { number, cells } of rows) {
    const cell = (field: string) => cells[places[field]?.[0] ?? -1]?.trim() ?? ''
    const id = places.id ? cell('id') : String(number)
    if (id === '') throw new ListProblem(`${file}, line ${number}: the id is empty.`)
    if (ids.has(id)) throw new ListProblem(`${file}, line ${number}: the id ${id} is there twice.`)
    ids.add(id)
    const parts: PersonName = { family: cell('family'), given: cell('given'), patronymic: cell('patronymic') }
    const names = (places.name ?? []).map((column) => ({ whole: cells[column] ?? '' }))
    const birth = birthAt === undefined ? null : readBirth(cells[birthAt] ?? '')
    if (birth === null && birthAt !== undefined && (cells[birthAt] ?? '') !== '') unread.birth++
    const sex = sexAt === undefined ? null : readSex(cells[sexAt] ?? '')
    if (sex === null && sexAt !== undefined && (cells[sexAt] ?? '') !== '') unread.sex++
    records.push({
      id,
      names: [parts, ...names],
      birth,
      sex,
      documents: (places.document ?? []).map((column) => cells[column] ?? ''),
      values: values.map(({ column }) => cells[column] ?? ''),
    })
  }
  return { records, unread }
}

/** The sex that a cell states in Tajik, Russian, English or by the numbers of ISO 5218; null for anything else. */
export function readSex(text: string): 'male' | 'female' | null {
  if (/^\s*(1|m|male|man|м|муж\p{L}*|мард\p{L}*)\.?\s*$/iu.test(text)) return 'male'
  if (/^\s*(2|f|female|woman|ж|жен\p{L}*|зан\p{L}*)\.?\s*$/iu.test(text)) return 'female'
  return null
}
