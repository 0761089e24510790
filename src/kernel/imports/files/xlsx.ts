import { FileProblem, LIMITS, type Table, type TableRow } from './table.ts'
import { cleanCell } from './text.ts'
import { dateText, isDateFormat, numberText } from './xlsx-values.ts'
import { readXml, type XmlHandler } from './xml.ts'
import { openZip, type Zip } from './zip.ts'

// Shared strings are the one part that stands in memory as a whole.
const MOST_STRINGS = 2_000_000
const MOST_LETTERS = 64 * 2 ** 20

type Workbook = {
  zip: Zip
  sheets: { name: string; path: string }[]
  hidden: string[]
  strings: string[]
  dateStyles: Set<number>
  epoch1904: boolean
}

/**
 * An Excel workbook (Office Open XML): a sheet's cells as text, formulas by their last result. The sheet asked
 * for, else the first visible one that holds anything; with `only`, where nobody will see which, no other may. Read by hand on a ZIP and an XML library: exceljs reads the
 * parts in the order in which they stand in the file and so takes dates for numbers when the styles come last.
 *
 * @throws {FileProblem}
 */
export async function openXlsx(bytes: Uint8Array, wanted: string | null, only: boolean): Promise<Table> {
  const workbook = await readWorkbook(await openZip(bytes))
  const chosen = wanted === null ? await firstFilled(workbook, only) : sheetNamed(workbook, wanted)
  return {
    format: 'xlsx',
    sheets: workbook.sheets.map((sheet) => sheet.name),
    sheet: chosen.name,
    hidden: workbook.hidden,
    rows: readSheet(workbook, chosen.path),
  }
}

function sheetNamed({ sheets }: Workbook, wanted: string) {
  const found = sheets.find(({ name }) => name === wanted)
  if (!found) throw new FileProblem('no_sheet', { sheet: wanted, sheets: namesOf(sheets) })
  return found
}

async function firstFilled(workbook: Workbook, only: boolean) {
  const filled: Workbook['sheets'] = []
  for (const sheet of workbook.sheets) {
    if (!(await hasRows(workbook, sheet.path))) continue
    if (!only) return sheet
    filled.push(sheet)
  }
  if (filled.length > 1) throw new FileProblem('several_sheets', { sheets: namesOf(filled) })
  if (!filled[0]) throw new FileProblem('empty')
  return filled[0]
}

async function hasRows(workbook: Workbook, path: string): Promise<boolean> {
  for await (const _row of readSheet(workbook, path)) return true
  return false
}

const namesOf = (sheets: Workbook['sheets']) => sheets.map(({ name }) => name).join(', ')

async function readWorkbook(zip: Zip): Promise<Workbook> {
  if (!zip.has('xl/workbook.xml')) throw new FileProblem('archive')
  const targets = new Map<string, string>()
  await readAll(zip, 'xl/_rels/workbook.xml.rels', {
    open(name, { Id, Target }) {
      if (name === 'Relationship' && Id && Target)
        targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`)
    },
  })
  const sheets: Workbook['sheets'] = []
  const hidden: string[] = []
  let epoch1904 = false
  await readAll(zip, 'xl/workbook.xml', {
    open(name, attributes) {
      if (name === 'workbookPr') epoch1904 = ['1', 'true'].includes(attributes.date1904 ?? '')
      if (name !== 'sheet') return
      if (/hidden/i.test(attributes.state ?? '')) return void hidden.push(cleanCell(attributes.name ?? ''))
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? ''
      const path = targets.get(id)
      // A chart has a sheet of its own, without rows.
      if (path && zip.has(path) && !path.includes('chartsheets/'))
        sheets.push({ name: cleanCell(attributes.name ?? ''), path })
    },
  })
  if (sheets.length === 0) throw new FileProblem('empty')
  return { zip, sheets, hidden, epoch1904, strings: await readStrings(zip), dateStyles: await readDateStyles(zip) }
}

async function readStrings(zip: Zip): Promise<string[]> {
  const strings: string[] = []
  let letters = 0
  let text = ''
  let inText = false
  let phonetic = false
  await readAll(zip, 'xl/sharedStrings.xml', {
    open(name) {
      if (name === 'si') text = ''
      if (name === 'rPh') phonetic = true
      if (name === 't') inText = !phonetic
    },
    text(part) {
      if (inText && text.length < LIMITS.cell) text += part
    },
    close(name) {
      if (name === 't') inText = false
      if (name === 'rPh') phonetic = false
      if (name === 'si') {
        letters += text.length
        if (strings.push(text) > MOST_STRINGS || letters > MOST_LETTERS) throw new FileProblem('bomb')
      }
    },
  })
  return strings
}

/** Which cell styles show a number as a date: the numbers of their `xf` among `cellXfs`. */
async function readDateStyles(zip: Zip): Promise<Set<number>> {
  const formats = new Map<number, string>()
  const styles = new Set<number>()
  let inCells = false
  let index = 0
  await readAll(zip, 'xl/styles.xml', {
    open(name, { numFmtId, formatCode }) {
      if (name === 'numFmt') formats.set(Number(numFmtId), formatCode ?? '')
      if (name === 'cellXfs') inCells = true
      if (name === 'xf' && inCells) {
        if (isDateFormat(Number(numFmtId), formats.get(Number(numFmtId)))) styles.add(index)
        index++
      }
    },
    close(name) {
      if (name === 'cellXfs') inCells = false
    },
  })
  return styles
}

async function readAll(zip: Zip, path: string, handler: XmlHandler): Promise<void> {
  if (!zip.has(path)) return
  for await (const _ of readXml(zip.read(path), handler));
}

async function* readSheet(workbook: Workbook, path: string): AsyncGenerator<TableRow> {
  const ready: TableRow[] = []
  let row: TableRow = { number: 0, cells: [] }
  let cell = { column: -1, type: 'n', style: -1, text: '' }
  let inValue = false
  const handler: XmlHandler = {
    open(name, attributes) {
      if (name === 'row') {
        row = { number: rowNumber(attributes.r) ?? row.number + 1, cells: [] }
        cell.column = -1
      } else if (name === 'c') {
        const column = attributes.r ? columnOf(attributes.r) : cell.column + 1
        cell = { column, type: attributes.t ?? 'n', style: Number(attributes.s ?? 0), text: '' }
      } else if (name === 'v' || name === 't') inValue = true
    },
    text(part) {
      if (inValue && cell.text.length < LIMITS.cell) cell.text += part
    },
    close(name) {
      if (name === 'v' || name === 't') inValue = false
      else if (name === 'c' && cell.column < LIMITS.columns) {
        const text = cleanCell(valueOf(workbook, cell))
        if (text === '') return
        while (row.cells.length < cell.column) row.cells.push('')
        row.cells[cell.column] = text
      } else if (name === 'row' && row.cells.length > 0) ready.push(row)
    },
  }
  for await (const _ of readXml(workbook.zip.read(path), handler)) {
    yield* ready
    ready.length = 0
  }
}

function valueOf(
  { strings, dateStyles, epoch1904 }: Workbook,
  cell: { type: string; style: number; text: string },
): string {
  if (cell.type === 's') return strings[Number(cell.text)] ?? ''
  if (cell.type === 'b') return cell.text === '1' ? 'true' : 'false'
  if (cell.type !== 'n' || cell.text === '') return cell.text
  const value = Number(cell.text)
  if (!Number.isFinite(value)) return cell.text
  return dateStyles.has(cell.style) ? dateText(value, epoch1904) : numberText(value)
}

const rowNumber = (text: string | undefined) => (/^[1-9]\d{0,6}$/.test(text ?? '') ? Number(text) : undefined)

/** `C14` → 2. */
function columnOf(reference: string): number {
  let column = 0
  for (const letter of /^[A-Za-z]*/.exec(reference)![0].toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}
