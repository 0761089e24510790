import type { Advert, TextPart } from '../sources/advert.ts'
import { readAccommodation } from './accommodation.ts'
import { readForeigners } from './foreigners.ts'

/** Goes up when the words of an advert are read otherwise, by whichever file here: adverts of older versions are read again. */
export const READING_VERSION = 1

/** What the advert states in fields, completed by what it states in words. The quotes are null where a field said it. */
export type StatedFacts = {
  foreigners: Advert['foreigners']
  foreigners_quote: string | null
  accommodation: boolean | null
  accommodation_quote: string | null
}

/**
 * Fields first, then the words. Only the words can narrow a field: a ticked box "foreigners" beside "citizens only" is no.
 */
export function readStatedFacts(advert: Pick<Advert, TextPart | 'foreigners' | 'accommodation'>): StatedFacts {
  const words = [advert.title, advert.requirements, advert.conditions, advert.duties, advert.schedule]
    .filter(Boolean)
    .join('\n')
  const foreigners = readForeigners(words)
  const accommodation = readAccommodation(words)
  const narrowed = foreigners?.value === 'no' || advert.foreigners === null
  return {
    foreigners: narrowed ? (foreigners?.value ?? null) : advert.foreigners,
    foreigners_quote: narrowed ? (foreigners?.quote ?? null) : null,
    accommodation: advert.accommodation ?? accommodation?.value ?? null,
    accommodation_quote: advert.accommodation === null ? (accommodation?.quote ?? null) : null,
  }
}
