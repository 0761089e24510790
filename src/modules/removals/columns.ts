import type { ImportField, Reading } from '#kernel/imports/kind.ts'
import { maskedNumber } from '#kernel/people/numbers.ts'
import { birthText } from '#kernel/people/pages/words.ts'
import { readBirthCell, readDay, readDocument, readName } from '#modules/expulsions/public.ts'
import { currencyIn, readSum, type StatedSum } from './sum-cell.ts'
import { headingsOf, valueIs } from './words.ts'

const refuse = (key: string): Reading => ({ error: { key: `removals.import.${key}` } })

const readWords = (text: string): Reading => ({ value: text.replace(/\s+/g, ' ').trim().slice(0, 300) })

const oneOf =
  (list: string, error: string) =>
  (text: string): Reading => {
    const value = valueIs(list, text)
    return value ? { value } : refuse(error)
  }

function readCount(text: string): Reading {
  const count = /^\d{1,4}(?:\.0+)?$/.test(text) ? Number(text) : 0
  return count >= 1 && count <= 1000 ? { value: count } : refuse('no_count')
}

function readCountry(text: string): Reading {
  const code = text.trim().toUpperCase()
  return /^[A-Z]{2}$/.test(code) ? { value: code } : refuse('no_country')
}

/** «Москва – Душанбе», «DME-DYU»: from where to where. */
function readRoute(text: string): Reading {
  const parts = text.split(/\s+[-–—/→>]+\s+|[–—/→>]+|(?<=^\p{Lu}{3})-(?=\p{Lu}{3}$)/u).map((part) => part.trim())
  return parts.length === 2 && parts.every(Boolean) ? { value: parts } : refuse('no_route')
}

function readCurrency(text: string): Reading {
  const code = currencyIn(text)
  return code ? { value: code } : refuse('no_currency')
}

const READERS = {
  left_on: readDay,
  carrier: readWords,
  mode: oneOf('mode', 'no_mode'),
  service: readWords,
  route: readRoute,
  origin: readWords,
  destination: readWords,
  country: readCountry,
  category: oneOf('category', 'no_category'),
  people: readCount,
  name: readName,
  document: readDocument,
  birth: readBirthCell,
  cost: readSum,
  currency: readCurrency,
  escort: oneOf('escort', 'no_escort'),
  ground: readWords,
} satisfies Record<string, (text: string) => Reading>

/** A row of a sheet, cell by cell as they were read. */
export type SheetRow = { left_on: string; category: string } & {
  [field in Exclude<keyof typeof READERS, 'left_on' | 'category' | 'people' | 'birth' | 'route' | 'cost'>]?:
    | string
    | null
} & {
  people?: number | null
  birth?: number | null
  route?: [string, string] | null
  cost?: StatedSum | null
}

const shownBirth = (text: string) => (/^\d{8}$/.test(text) ? (birthText(Number(text)) ?? text) : text)

/** What a row of a carrier's sheet tells, with the headings that sheets have for it. Numbers of documents are shown by their end. */
export const SHEET_COLUMNS: readonly ImportField[] = Object.entries(READERS).map(([name, read]) => ({
  name,
  label: `removals.fact.${name}`,
  headings: headingsOf(name),
  required: name === 'left_on' || name === 'category',
  read,
  show: { document: maskedNumber, birth: shownBirth }[name],
}))
