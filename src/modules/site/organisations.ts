import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { LANGUAGES, type Lang } from '#kernel/i18n/languages.ts'
import { ROOT } from '#kernel/root.ts'

/** The parts of the help page, in its order; each has an address of its own: `/help#russia`. */
export const GROUPS = ['danger', 'tajikistan', 'russia', 'kazakhstan', 'work', 'legal'] as const

const FOLDER = join(ROOT, 'data/organisations')
const list = z.string().transform((text) => text.split(';').filter(Boolean))
const year = z.string().transform((text) => text || null)
const names = Object.fromEntries(LANGUAGES.map((lang) => [`name_${lang}`, z.string().min(1)])) as Record<
  `name_${Lang}`,
  z.ZodString
>

const Organisation = z.object({
  id: z.string(),
  group: z.enum(GROUPS),
  kind: z.enum(['state', 'ngo', 'international']),
  place: z.string(),
  ...names,
  phones: list,
  website: z.string(),
  services: list,
  notes: list,
  source_url: z.url(),
  /** Null: the source states no year. */
  as_of_year: year,
})

/** One body that helps migrants, as `data/organisations` has it; codes have their texts in the messages. */
export type Organisation = z.infer<typeof Organisation>

/** Who helps. Read once: it changes with the product. */
export const ORGANISATIONS: readonly Organisation[] = read('organisations.csv', Organisation)

const Emergency = z.object({
  id: z.string(),
  country: z.string(),
  number: z.string(),
  source_url: z.url(),
  as_of_year: year,
})

/** The short numbers for danger, by id. */
export const EMERGENCY = Object.fromEntries(read('emergency.csv', Emergency).map((row) => [row.id, row]))

function read<T extends z.ZodType>(name: string, schema: T): z.infer<T>[] {
  return z.array(schema).parse(parse(readFileSync(join(FOLDER, name), 'utf8'), { columns: true }))
}
