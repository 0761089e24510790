import { FileProblem, LIMITS } from './table.ts'

/**
 * The text of a file: UTF-8 or UTF-16 with or without a byte order mark, else windows-1251, in which Russian
 * systems still export. That one fits any bytes, so what then holds control characters is no text.
 *
 * @throws {FileProblem} for binary data
 */
export function decodeText(bytes: Uint8Array): string {
  const text = decode(bytes)
  if (/[\u0000-\u0006\u000e-\u0019]/.test(text)) throw new FileProblem('unknown')
  return text
}

function decode(bytes: Uint8Array): string {
  const as = (encoding: string, fatal = false) => new TextDecoder(encoding, { fatal }).decode(bytes)
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return as('utf-16le')
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return as('utf-16be')
  const wide = wideOrder(bytes)
  if (wide) return as(wide)
  try {
    return as('utf-8', true)
  } catch {
    return as('windows-1251')
  }
}

// Delimiters and line ends are below 256 in every script: in UTF-16 they leave zero bytes, many, and all on one side.
// In a file that is no text they lie anywhere.
function wideOrder(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const seen = bytes.subarray(0, 4_000)
  const zeros: [even: number, odd: number] = [0, 0]
  seen.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2]!++
  })
  const [fewer, more] = [Math.min(...zeros), Math.max(...zeros)]
  if (more * 40 < seen.length || fewer * 20 > more) return null
  return zeros[1] > zeros[0] ? 'utf-16le' : 'utf-16be'
}

/**
 * A cell as it is kept: no blanks around it, no characters the database cannot hold, and without the apostrophe
 * that an export puts before what a spreadsheet would take for a formula.
 */
export function cleanCell(text: string): string {
  const clean = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff]/g, '')
  const trimmed = clean.replace(/\r\n?/g, '\n').trim().slice(0, LIMITS.cell).toWellFormed()
  return /^'[=+\-@]/.test(trimmed) ? trimmed.slice(1) : trimmed
}
