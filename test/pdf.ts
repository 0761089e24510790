import jsqr from 'jsqr'
import { extractImages, extractText, getDocumentProxy } from 'unpdf'

// A CommonJS module whose types are those of an ES module.
const readSquare = jsqr as unknown as typeof jsqr.default

export type ReadPdf = {
  text: string
  pages: number
  lang: string | null
  title: string | null
  square: string | null
  /** What is read out, part by part, as `ROLE text`; a picture with what stands for it. */
  parts: string[]
  /** Text that no part has, and that is not marked as left out either. */
  loose: string[]
}

/** What a PDF says to whoever copies its text, and to a camera that sees the square code on its last page. */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const document = await getDocumentProxy(new Uint8Array(bytes))
  const { text, totalPages } = await extractText(document, { mergePages: true })
  const { Language, Title } = (await document.getMetadata()).info as { Language?: string; Title?: string }
  const [image] = await extractImages(document, totalPages)
  return {
    text: text.replace(/\s+/g, ' '),
    pages: totalPages,
    lang: Language ?? null,
    title: Title ?? null,
    square: image ? (readSquare(toRgba(image), image.width, image.height)?.data ?? null) : null,
    ...(await partsOf(document)),
  }
}

type Tree = { role: string; alt?: string; children: (Tree | { type: string; id: string })[] }
type Item = { type?: string; id?: string; str?: string }

async function partsOf(document: Awaited<ReturnType<typeof getDocumentProxy>>) {
  const [parts, loose]: [string[], string[]] = [[], []]
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number)
    const texts = new Map<string, string>()
    const open: (string | null)[] = []
    for (const item of (await page.getTextContent({ includeMarkedContent: true })).items as Item[]) {
      if (item.type?.startsWith('begin')) open.push(item.id ?? null)
      else if (item.type === 'endMarkedContent') open.pop()
      else if (open.length === 0) loose.push(item.str!)
      else if (open.at(-1)) texts.set(open.at(-1)!, `${texts.get(open.at(-1)!) ?? ''}${item.str} `)
    }
    const tell = ({ role, alt, children }: Tree) => {
      const own = children.flatMap((child) => ('id' in child ? [texts.get(child.id) ?? ''] : []))
      if (own.length > 0) parts.push(`${role} ${alt ?? own.join('').replace(/\s+/g, ' ').trim()}`)
      for (const child of children) if ('role' in child) tell(child)
    }
    tell((await page.getStructTree()) as Tree)
  }
  return { parts, loose: loose.filter((text) => text.trim() !== '') }
}

type Image = Awaited<ReturnType<typeof extractImages>>[number]

function toRgba({ data, width, height, channels }: Image): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let channel = 0; channel < 3; channel++)
      rgba[pixel * 4 + channel] = data[pixel * channels + Math.min(channel, channels - 1)]!
  return rgba
}
