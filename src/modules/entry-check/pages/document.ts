import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { oneSpelling } from '#kernel/people/numbers.ts'
import { readDate } from '#kernel/ui/date-field.tsx'

const part = (most: number) => z.string().max(most).optional()

/** What is typed of a document, wherever somebody asks with one. */
export const DOCUMENT_AND_BIRTH = {
  document: z
    .string('entry_check.desk.document_missing')
    .max(40)
    .refine((text) => oneSpelling(text).length >= 5, 'entry_check.desk.document_short'),
  birth_day: part(2),
  birth_month: part(2),
  birth_year: part(4),
}

/** The birth date of a form as year·10000 + month·100 + day; null for a day that nobody living was born on. */
export function readBirth(ctx: Ctx, form: FormData): number | null {
  const text = (name: string) => String(form.get(name) ?? '')
  const born = readDate({ day: text('birth_day'), month: text('birth_month'), year: text('birth_year') })
  if (!born || born.year <= 1900 || Temporal.PlainDate.compare(born, plainDate(ctx.now)) >= 0) return null
  return born.year * 10_000 + born.month * 100 + born.day
}
