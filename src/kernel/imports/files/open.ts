import { openCsv } from './csv.ts'
import { openJson } from './json.ts'
import { type Document, FileProblem, LIMITS, type Table } from './table.ts'
import { decodeText } from './text.ts'
import { openXlsx } from './xlsx.ts'

const starts = (bytes: Uint8Array, ...signature: number[]) => signature.every((byte, i) => bytes[i] === byte)

/**
 * Opens a file by what is in it, whatever it is called. `sheet`: which one of a workbook; without it the first with rows, which has to
 * be the `only` one where nobody will see which was read.
 *
 * @throws {FileProblem} when it is none of CSV, XLSX, JSON and JSON Lines, or too large
 */
export async function openFile(
  bytes: Uint8Array,
  sheet: string | null = null,
  { only = false }: { only?: boolean } = {},
): Promise<Table | Document> {
  if (bytes.length === 0) throw new FileProblem('empty')
  if (bytes.length > LIMITS.bytes) throw new FileProblem('too_large', { megabytes: LIMITS.bytes / 2 ** 20 })
  if (starts(bytes, 0x50, 0x4b, 3, 4)) return openXlsx(bytes, sheet, only)
  refuseOthers(bytes)
  const text = decodeText(bytes)
  if (text.trim() === '') throw new FileProblem('empty')
  if (/^\s*<(!doctype|html|table|\?xml|meta|head|body|div)/i.test(text)) throw new FileProblem('web_page')
  if (/^\s*[[{]/.test(text)) return openJson(text)
  return openCsv(text)
}

function refuseOthers(bytes: Uint8Array) {
  if (starts(bytes, 0xd0, 0xcf, 0x11, 0xe0)) {
    // An encrypted workbook is an old container with a stream of this name, in UTF-16.
    const encrypted = Buffer.from(bytes).includes(Buffer.from('EncryptedPackage', 'utf16le'))
    throw new FileProblem(encrypted ? 'password' : 'old_excel')
  }
  if (starts(bytes, 0x25, 0x50, 0x44, 0x46)) throw new FileProblem('pdf')
  const pictures = [
    [0x89, 0x50, 0x4e, 0x47],
    [0xff, 0xd8, 0xff],
    [0x47, 0x49, 0x46, 0x38],
  ]
  if (pictures.some((signature) => starts(bytes, ...signature))) throw new FileProblem('picture')
  const archives = [
    [0x1f, 0x8b],
    [0x37, 0x7a, 0xbc, 0xaf],
    [0x52, 0x61, 0x72, 0x21],
    [0x50, 0x4b, 5, 6],
    [0x42, 0x5a, 0x68],
  ]
  if (archives.some((signature) => starts(bytes, ...signature))) throw new FileProblem('archive')
}
