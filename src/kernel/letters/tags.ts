import {
  type PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  PDFOperator,
  PDFOperatorNames,
  type PDFPage,
  type PDFRef,
} from 'pdf-lib'

/** What a part of a letter is to whoever has it read out (ISO 32000-1, 14.8.4). */
type Role = 'H1' | 'H2' | 'P' | 'Table' | 'TR' | 'TH' | 'TD' | 'Figure'
type Part = { role: Role | 'Document'; alt?: string; kids: (Part | Mark)[] }
type Mark = { page: PDFPage; id: number }

/** The parts of a letter in the order in which they are read. Lines, shades and page numbers are none: they are left out. */
export class Tags {
  readonly #whole: Part = { role: 'Document', kids: [] }
  readonly #open: Part[] = [this.#whole]
  readonly #marks = new Map<PDFPage, Part[]>()

  /** All that is drawn meanwhile belongs to a part of this kind. `alt`: what stands for a picture. */
  part(role: Role, draw: () => void, alt?: string): void {
    const part: Part = { role, alt, kids: [] }
    this.#open.at(-1)!.kids.push(part)
    this.#open.push(part)
    draw()
    this.#open.pop()
  }

  /** Draws something that is read: of the part that is open, else a paragraph of its own. */
  read(page: PDFPage, draw: () => void): void {
    const part = this.#open.at(-1)!
    if (part === this.#whole) return this.part('P', () => this.read(page, draw))
    const marks = this.#marks.get(page) ?? []
    this.#marks.set(page, marks)
    const id = marks.push(part) - 1
    part.kids.push({ page, id })
    wrapped(page, [PDFOperatorNames.BeginMarkedContentSequence, [PDFName.of(part.role), `<</MCID ${id}>>`]], draw)
  }

  /** Draws something that is only looked at. */
  skip(page: PDFPage, draw: () => void): void {
    wrapped(page, [PDFOperatorNames.BeginMarkedContent, [PDFName.of('Artifact')]], draw)
  }

  /** Writes the tree into the document, when all is drawn. */
  close({ context, catalog }: PDFDocument): void {
    const refs = new Map<Part, PDFRef>()
    const add = (part: Part, parent: PDFRef): PDFRef => {
      const ref = context.nextRef()
      refs.set(part, ref)
      const { role, alt } = part
      const kids = part.kids.map((kid) =>
        'role' in kid ? add(kid, ref) : context.obj({ Type: 'MCR', Pg: kid.page.ref, MCID: kid.id }),
      )
      context.assign(
        ref,
        context.obj({
          ...{ Type: 'StructElem', S: role, P: parent, K: kids },
          ...(alt !== undefined && { Alt: PDFHexString.fromText(alt) }),
        }),
      )
      return ref
    }
    const root = context.nextRef()
    const whole = add(this.#whole, root)
    // From a page and the number of a mark on it back to its part.
    const pages = [...this.#marks]
    const parents = pages.flatMap(([page, marks], index) => {
      page.node.set(PDFName.of('StructParents'), PDFNumber.of(index))
      page.node.set(PDFName.of('Tabs'), PDFName.of('S'))
      return [index, context.register(context.obj(marks.map((part) => refs.get(part)!)))]
    })
    context.assign(
      root,
      context.obj({
        ...{ Type: 'StructTreeRoot', K: [whole] },
        ...{ ParentTree: { Nums: parents }, ParentTreeNextKey: pages.length },
      }),
    )
    catalog.set(PDFName.of('StructTreeRoot'), root)
    catalog.set(PDFName.of('MarkInfo'), context.obj({ Marked: true }))
  }
}

function wrapped(page: PDFPage, [begin, of]: Parameters<typeof PDFOperator.of>, draw: () => void): void {
  page.pushOperators(PDFOperator.of(begin, of))
  draw()
  page.pushOperators(PDFOperator.of(PDFOperatorNames.EndMarkedContent))
}
