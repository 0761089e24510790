import type { NativeFormat } from '#kernel/imports/kind.ts'
import { ADVERT_LINES } from './lines.ts'
import { type AdvertReading, readAdvert } from './read-advert.ts'
import { TRUDVSEM_API, TRUDVSEM_BULK } from './trudvsem.ts'

/** The structures that are understood without mapping columns; the first that recognises a document reads it. */
export const ADVERT_FORMATS: readonly NativeFormat[] = [TRUDVSEM_API, TRUDVSEM_BULK, ADVERT_LINES]

/**
 * The adverts of a parsed document in one of `ADVERT_FORMATS` (for JSON Lines: the list of its lines), each with its
 * repairs or its errors. @throws TypeError when no format recognises it.
 */
export function readAdverts(document: unknown, today: Temporal.PlainDate): AdvertReading[] {
  const format = ADVERT_FORMATS.find(({ detect }) => detect(document))
  if (!format) throw new TypeError('no known structure of adverts')
  return Array.from(format.rows(document), (raw) => readAdvert(format.cells(raw), { today, raw }))
}
