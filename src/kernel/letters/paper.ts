import { type PDFDocument, type PDFPage, rgb } from 'pdf-lib'
import { Tags } from './tags.ts'
import { type Face, writable } from './typeface.ts'

/** A4 in points, with margins for filing on the left. */
export const A4 = { width: 595.28, height: 841.89, left: 70, right: 45, top: 50, bottom: 62 } as const
export const LINE = A4.width - A4.left - A4.right
const INK = rgb(0.09, 0.1, 0.16)
const FAINT = rgb(0.72, 0.74, 0.8)
const SHADE = rgb(0.93, 0.94, 0.97)

type Style = { face: Face; size: number; leading?: number }

/** Pages that are written from top to bottom; `y` is where the next line begins, counted from the foot. */
export class Paper {
  readonly pages: PDFPage[] = []
  readonly tags = new Tags()
  y = 0
  readonly #document: PDFDocument
  constructor(document: PDFDocument) {
    this.#document = document
    this.turn()
  }

  /** Begins a new page. */
  turn(): void {
    this.pages.push(this.#document.addPage([A4.width, A4.height]))
    this.y = A4.height - A4.top
  }

  get page(): PDFPage {
    return this.pages.at(-1)!
  }

  /** Turns the page unless so many points are left on it. Answers whether it did. */
  ensure(points: number): boolean {
    if (this.y - points >= A4.bottom) return false
    this.turn()
    return true
  }

  /** Lines one below the other, a paragraph unless told otherwise; a long text runs on to the next page. */
  write(
    lines: readonly string[],
    { face, size, leading = size * 1.4 }: Style,
    x: number = A4.left,
    role: Parameters<Tags['part']>[0] = 'P',
  ): void {
    this.tags.part(role, () => {
      for (const line of lines) {
        this.ensure(leading)
        this.y -= leading
        this.put(line, x, this.y + leading * 0.28, { face, size })
      }
    })
  }

  /** One line at a place. */
  put(line: string, x: number, y: number, { face, size }: Style): void {
    if (line) this.tags.read(this.page, () => this.page.drawText(line, { x, y, size, font: face.font, color: INK }))
  }

  rule(y: number, from: number = A4.left, to: number = A4.width - A4.right): void {
    this.tags.skip(this.page, () =>
      this.page.drawLine({ start: { x: from, y }, end: { x: to, y }, thickness: 0.6, color: FAINT }),
    )
  }

  shade(y: number, height: number): void {
    this.tags.skip(this.page, () => this.page.drawRectangle({ x: A4.left, y, width: LINE, height, color: SHADE }))
  }
}

/** A text as lines no wider than so many points; a word that is wider than a line is broken. */
export function wrap(text: string, { face, size }: Style, width: number): string[] {
  return text
    .split('\n')
    .flatMap((paragraph) => paragraphLines(writable(face, paragraph), { face, size }, width, face.width(' ', size)))
}

function paragraphLines(text: string, { face, size }: Style, width: number, space: number): string[] {
  const lines: string[] = []
  let [line, used] = ['', 0]
  for (const word of text.split(/[ \u00a0]+/).flatMap((whole) => broken(whole, { face, size }, width))) {
    const wide = face.width(word, size)
    if (line && used + space + wide > width) {
      lines.push(line)
      ;[line, used] = [word, wide]
    } else {
      ;[line, used] = line ? [`${line} ${word}`, used + space + wide] : [word, wide]
    }
  }
  return [...lines, line]
}

function broken(word: string, { face, size }: Style, width: number): string[] {
  if (face.width(word, size) <= width) return [word]
  const parts: string[] = []
  let part = ''
  for (const letter of word) {
    if (part && face.width(part + letter, size) > width) {
      parts.push(part)
      part = ''
    }
    part += letter
  }
  return [...parts, part]
}
