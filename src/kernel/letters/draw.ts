import QRCode from 'qrcode'
import { A4, LINE, Paper, wrap } from './paper.ts'
import type { Issued, Part, Sheet } from './sheet.ts'
import { type Face, newDocument } from './typeface.ts'

const BODY = 11
const SMALL = 9
const QR = 84
const CELL = 4

/** A letter as PDF: A4, selectable text with the typeface in it, page numbers, and a square code that leads to its verification. */
export async function drawLetter(sheet: Sheet, issued: Issued): Promise<Buffer> {
  const { document, plain, bold } = await newDocument()
  const paper = new Paper(document)
  const body = { face: plain, size: BODY }
  const small = { face: plain, size: SMALL }

  paper.write(
    sheet.from.flatMap((line) => wrap(line, { face: bold, size: 12 }, LINE)),
    { face: bold, size: 12 },
  )
  paper.y -= 8
  paper.rule(paper.y)
  paper.y -= 6
  const top = paper.y
  const half = LINE / 2 - 10
  const number = issued.number ? [`${issued.words.number} ${issued.number}`] : []
  paper.write([issued.date, ...number], { face: plain, size: 10 })
  const left = paper.y
  if (sheet.to.length > 0) {
    paper.y = top
    const x = A4.left + half + 20
    paper.write([issued.words.to], small, x)
    paper.write(
      sheet.to.flatMap((line) => wrap(line, { face: bold, size: BODY }, half)),
      { face: bold, size: BODY },
      x,
    )
  }
  paper.y = Math.min(paper.y, left) - 18
  paper.write(wrap(sheet.heading, { face: bold, size: 15 }, LINE), { face: bold, size: 15 }, A4.left, 'H1')
  paper.y -= 6
  for (const part of sheet.parts) drawPart(paper, part, plain, bold)

  if (sheet.signed) {
    paper.ensure(54)
    paper.y -= 40
    paper.rule(paper.y, A4.left, A4.left + 190)
    paper.write([issued.words.signature], small)
  }
  if (issued.verification) await drawVerification(paper, issued.verification, small)
  paper.pages.forEach((page, index) => {
    const text = [issued.number, issued.words.page(index + 1, paper.pages.length)].filter(Boolean).join(' · ')
    const x = A4.width - A4.right - plain.width(text, 8)
    paper.tags.skip(page, () => page.drawText(text, { x, y: 34, size: 8, font: plain.font }))
  })

  paper.tags.close(document)
  document.setTitle(sheet.heading, { showInWindowTitleBar: true })
  document.setLanguage(issued.lang)
  document.setProducer('Hamsafar')
  document.setCreator('Hamsafar')
  const at = new Date(issued.at.epochMilliseconds)
  document.setCreationDate(at)
  document.setModificationDate(at)
  return Buffer.from(await document.save())

  function drawPart(on: Paper, part: Part, text: Face, strong: Face): void {
    if (part.kind === 'text') {
      on.write(wrap(part.text, body, LINE), body)
      on.y -= 6
    } else if (part.kind === 'heading') {
      // Not alone at the foot of a page.
      on.ensure(60)
      on.y -= 6
      on.write(wrap(part.text, { face: strong, size: 12 }, LINE), { face: strong, size: 12 }, A4.left, 'H2')
      on.y -= 2
    } else if (part.kind === 'pairs') drawPairs(on, part.rows, text, strong)
    else drawTable(on, part, text, strong)
  }
}

function drawPairs(paper: Paper, rows: readonly (readonly [string, string])[], plain: Face, bold: Face): void {
  const label = 165
  paper.tags.part('Table', () => {
    for (const [name, value] of rows) {
      const names = wrap(name, { face: plain, size: 10 }, label - 12)
      const values = wrap(value, { face: bold, size: 10 }, LINE - label)
      const height = Math.max(names.length, values.length) * 14
      paper.ensure(Math.min(height, 200))
      const top = paper.y
      paper.tags.part('TR', () => {
        paper.write(names, { face: plain, size: 10, leading: 14 }, A4.left, 'TH')
        if (paper.y >= top) return
        const after = paper.y
        paper.y = top
        paper.write(values, { face: bold, size: 10, leading: 14 }, A4.left + label, 'TD')
        paper.y = Math.min(paper.y, after) - 3
      })
    }
  })
  paper.y -= 8
}

type Table = Extract<Part, { kind: 'table' }>

function drawTable(paper: Paper, { columns, rows }: Table, plain: Face, bold: Face): void {
  const whole = columns.reduce((sum, { width }) => sum + width, 0)
  const widths = columns.map(({ width }) => (width / whole) * LINE)
  const lefts = widths.map((_, index) => A4.left + widths.slice(0, index).reduce((sum, width) => sum + width, 0))
  const cells = (texts: readonly string[], face: Face) =>
    texts.map((text, index) => wrap(text, { face, size: SMALL }, widths[index]! - 2 * CELL))
  const heightOf = (lines: readonly string[][]) => Math.max(...lines.map(({ length }) => length)) * 12 + 2 * CELL
  const row = (lines: readonly string[][], face: Face) => {
    const height = heightOf(lines)
    if (face === bold) paper.shade(paper.y - height, height)
    paper.tags.part('TR', () =>
      lines.forEach((cell, index) =>
        paper.tags.part(face === bold ? 'TH' : 'TD', () =>
          cell.forEach((line, n) =>
            paper.put(line, lefts[index]! + CELL, paper.y - CELL - 9 - n * 12, { face, size: SMALL }),
          ),
        ),
      ),
    )
    paper.y -= height
    paper.rule(paper.y)
  }
  const head = cells(
    columns.map(({ label }) => label),
    bold,
  )
  paper.ensure(heightOf(head) + 40)
  paper.tags.part('Table', () => {
    row(head, bold)
    for (const texts of rows) {
      // No cell is longer than a page: what people write into one is cut by the forms that take it in.
      const lines = cells(texts, plain)
      if (paper.ensure(heightOf(lines))) row(head, bold)
      row(lines, plain)
    }
  })
  paper.y -= 12
}

async function drawVerification(
  paper: Paper,
  { address, lines }: NonNullable<Issued['verification']>,
  small: { face: Face; size: number },
): Promise<void> {
  paper.ensure(QR + 20)
  paper.y = A4.bottom + QR + 4
  paper.rule(paper.y)
  const square = await QRCode.toBuffer(address, { type: 'png', errorCorrectionLevel: 'M', margin: 2, scale: 6 })
  const image = await paper.page.doc.embedPng(square)
  const draw = () => paper.page.drawImage(image, { x: A4.left, y: A4.bottom - 4, width: QR, height: QR })
  paper.tags.part('Figure', () => paper.tags.read(paper.page, draw), address)
  paper.y -= 8
  const x = A4.left + QR + 12
  paper.write(
    lines.flatMap((line) => wrap(line, small, LINE - QR - 12)),
    small,
    x,
  )
}
