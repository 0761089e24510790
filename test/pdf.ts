import jsqr from 'jsqr'
import { extractImages, extractText, getDocumentProxy } from 'unpdf'

// A CommonJS module whose types are those of an ES module.
const readSquare = jsqr as unknown as typeof jsqr.default

export type ReadPdf = { text: string; pages: number; lang: string | null; square: string | null }

/** What a PDF says to whoever copies its text, and to a camera that sees the square code on its last page. */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const document = await getDocumentProxy(new Uint8Array(bytes))
  const { text, totalPages } = await extractText(document, { mergePages: true })
  const lang = (await document.getMetadata()).info as { Language?: string }
  const [image] = await extractImages(document, totalPages)
  return {
    text: text.replace(/\s+/g, ' '),
    pages: totalPages,
    lang: lang.Language ?? null,
    square: image ? (readSquare(toRgba(image), image.width, image.height)?.data ?? null) : null,
  }
}

type Image = Awaited<ReturnType<typeof extractImages>>[number]

function toRgba({ data, width, height, channels }: Image): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let channel = 0; channel < 3; channel++)
      rgba[pixel * 4 + channel] = data[pixel * channels + Math.min(channel, channels - 1)]!
  return rgba
}
