import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import fontkit from '@pdf-lib/fontkit'
import { PDFDocument, type PDFFont } from 'pdf-lib'

/** A weight of the typeface in one document: knows what it can write, and how wide that is. */
export type Face = { font: PDFFont; width(text: string, size: number): number }

const require = createRequire(import.meta.url)
// Golos Text by ParaType, SIL Open Font License 1.1: has every letter of Tajik, Russian and Latin. Of a typeface whose outlines
// have odd lengths (PT Sans, Noto Sans) the subset would lack letters on paper, though not in the copied text.
const PLAIN = require.resolve('@expo-google-fonts/golos-text/400Regular/GolosText_400Regular.ttf')
const BOLD = require.resolve('@expo-google-fonts/golos-text/700Bold/GolosText_700Bold.ttf')
let read: Promise<[Buffer, Buffer]> | undefined

/** A new document with its two weights; only the letters that are used go into the file. */
export async function newDocument(): Promise<{ document: PDFDocument; plain: Face; bold: Face }> {
  read ??= Promise.all([readFile(PLAIN), readFile(BOLD)])
  const document = await PDFDocument.create()
  document.registerFontkit(fontkit)
  // Ligatures would come out of a copied text as one strange letter.
  const embed = async (bytes: Buffer) =>
    faceOf(await document.embedFont(bytes, { subset: true, features: { liga: false } }))
  const [plain, bold] = await read
  return { document, plain: await embed(plain), bold: await embed(bold) }
}

function faceOf(font: PDFFont): Face {
  const known = new Map<string, number>()
  return {
    font,
    width(text, size) {
      const one = known.get(text) ?? font.widthOfTextAtSize(text, 1)
      known.set(text, one)
      return one * size
    },
  }
}

const ALIKE: Record<string, string> = { ʻ: '‘', '\t': ' ' }

/** The text with only what the typeface can write; what it cannot stands as a question mark, never as nothing. */
export function writable({ font }: Face, text: string): string {
  const has = charactersOf(font)
  return Array.from(text.normalize('NFC'), (letter) => ALIKE[letter] ?? letter)
    .map((letter) => (has.has(letter.codePointAt(0)!) ? letter : '?'))
    .join('')
}

const sets = new WeakMap<PDFFont, Set<number>>()
function charactersOf(font: PDFFont): Set<number> {
  const known = sets.get(font) ?? new Set(font.getCharacterSet())
  sets.set(font, known)
  return known
}
