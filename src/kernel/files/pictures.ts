import { problem } from '../problem.ts'

/** The kinds of pictures that are taken in. */
const PICTURES = ['image/jpeg', 'image/png', 'image/webp'] as const

/** Longest side of a kept picture, in pixels: enough to read a scanned page. */
const LONGEST_SIDE = 2_560
/** A small file may unfold to far more than fits into memory. */
const MOST_PIXELS = 50_000_000

export const isPicture = (type: string): boolean => (PICTURES as readonly string[]).includes(type)

/**
 * The picture drawn anew: turned as its camera held it, at most 2,560 pixels long, without EXIF, GPS, thumbnails or
 * anything else that was in the file beside the picture.
 * @throws the problem `invalid` for what is not a whole picture, or has more than 50 million pixels.
 */
export async function redraw(content: Uint8Array): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp')
  try {
    return await sharp(content, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      .autoOrient()
      .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true })
      .toBuffer()
  } catch {
    throw problem('invalid', { detail: 'files.problem.picture' })
  }
}
