import { type Lang } from '../../i18n/languages.ts'
import type { Catalogue } from '../../i18n/translate.ts'
import { translator } from '../../i18n/translate.ts'
import { parseReference } from '../../ids.ts'

/**
 * All that a text message can say, and what may fill it in. Whoever holds the telephone reads it: never what it is about,
 * never a name, never where. A reference opens nothing alone, and goes out only to who has said that this is safe.
 */
export const SMS_TEXTS = {
  answer_ready: [],
  please_come: [],
  reference_ready: ['reference'],
  code: ['code'],
  link: ['link'],
} as const satisfies Record<string, readonly string[]>

export type SmsText =
  | { key: 'answer_ready'; values?: never }
  | { key: 'please_come'; values?: never }
  | { key: 'reference_ready'; values: { reference: string } /** The person has said so. */; saidSafe: true }
  /** Six digits that prove who holds the telephone. */
  | { key: 'code'; values: { code: string } }
  /** An address of ours that its reader has asked for. It says nothing; who opens it sees what it is. */
  | { key: 'link'; values: { link: string } }

/** As many characters as one message takes in Cyrillic (UCS-2): a second would cost more, and may come first. */
export const ONE_SEGMENT = 70

/** The words of a message. @throws for values that are not what they are said to be, and beyond one segment: faults of ours. */
export function smsWords(catalogue: Catalogue, lang: Lang, { key, values }: SmsText): string {
  if (key === 'code' && !/^\d{6}$/.test(values.code)) throw new Error('A code is six digits')
  if (key === 'link' && !/^https?:\/\/[^\s/]+\/a\/[\w-]+$/.test(values.link)) throw new Error('Not a short address')
  if (key === 'reference_ready' && parseReference(values.reference) !== values.reference)
    throw new Error('Not a reference')
  const text = translator(catalogue, lang)(`notifications.sms.${key}`, values)
  if (text.length > ONE_SEGMENT) throw new Error(`The text ${key} in ${lang} is longer than one segment`)
  return text
}
