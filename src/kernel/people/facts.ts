import type { Birth } from './matching/birth.ts'
import type { PersonName } from './matching/names.ts'

export const SEXES = ['male', 'female'] as const
export type Sex = (typeof SEXES)[number]

export const DOCUMENT_KINDS = [
  'passport',
  'travel_passport',
  'id_card',
  'birth_certificate',
  'return_certificate',
  'other',
] as const
type DocumentKind = (typeof DOCUMENT_KINDS)[number]

/** A name as one source states it, in parts or whole, and from when to when it was borne. */
export type StatedName = PersonName & { since?: string; until?: string }

export type StatedDocument = {
  kind: DocumentKind
  /** ISO 3166 alpha-2. */
  country?: string | null
  number: string
  issued_on?: Temporal.PlainDate | null
  expires_on?: Temporal.PlainDate | null
}

/** A telephone, and what must be known before anybody rings it. */
type StatedContact = {
  phone: string
  /** Whether nobody else uses it; null when nobody asked. */
  only_theirs: boolean | null
  /** When and how it is safe to reach them, in their words. */
  reach?: string | null
}

/** A person as one row of a source states them. What it does not state is null or empty. */
export type StatedRecord = {
  row_number?: number | null
  names: readonly StatedName[]
  birth: Birth | null
  sex: Sex | null
  /** ISO 3166 alpha-2. */
  citizenship?: string | null
  /** A code of `kernel/places`, or as written. */
  home_district?: string | null
  documents: readonly StatedDocument[]
  contact?: StatedContact | null
  /** A ban, a notice, anything that can harm: it is never attached to a person by likeness. */
  adverse: boolean
}

/** The name in one line, as it is usually written: family, given, patronymic. */
export const nameText = ({ family, given, patronymic, whole }: PersonName): string =>
  whole ?? [family, given, patronymic].filter(Boolean).join(' ')
