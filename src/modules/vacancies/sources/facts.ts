import { z } from 'zod'
import type { ImportField } from '#kernel/imports/kind.ts'
import { readText, readYesNo } from './cells.ts'

type Fact<S extends z.ZodType> = {
  schema: z.ZodNullable<S>
  read: ImportField['read']
  /** How such a column is headed in real files, separated by bars. */
  headings: string
  /** Whether the page of an advert that states it lists it among the other facts; else the page has a place for it. */
  listed: boolean
}

const words = (headings: string, { listed = false } = {}): Fact<z.ZodString> => ({
  schema: z.string().trim().min(1).nullable(),
  read: readText,
  headings,
  listed,
})
const yesNo = (headings: string): Fact<z.ZodBoolean> => ({
  schema: z.boolean().nullable(),
  read: readYesNo,
  headings,
  listed: false,
})

/**
 * What an advert states in words or by yes and no, as it stands: a fact has the same name as column of a file, part of the
 * advert and column of the table, and `vacancies.column.NAME` in the texts. Null: the source does not say.
 */
export const FACTS = {
  education: words('education|образование|маълумот|таҳсилот', { listed: true }),
  experience: words('experience|опыт|опыт работы|стаж|таҷриба'),
  food: yesNo('food|meals|питание|хӯрок'),
  transport: yesNo('transport|travel|проезд|транспорт|роҳкиро'),
  medical_card: yesNo('medical card|медицинская книжка|медкнижка|need_medcard|дафтарчаи тиббӣ|medical_card'),
} satisfies Record<string, Fact<z.ZodString> | Fact<z.ZodBoolean>>

type Name = keyof typeof FACTS
type Value<N extends Name> = z.output<(typeof FACTS)[N]['schema']>
const NAMES = Object.keys(FACTS) as Name[]

/** The facts that pages list by themselves. */
export const LISTED = NAMES.filter((name) => FACTS[name].listed) as {
  [N in Name]: Value<N> extends string | null ? N : never
}[Name][]

/** One value for each fact. */
export const eachFact = <T>(value: (name: Name) => T) =>
  Object.fromEntries(NAMES.map((name) => [name, value(name)])) as Record<Name, T>

/** The facts of an advert, and nothing else of it. */
export const factsOf = (advert: { [N in Name]: Value<N> }) =>
  eachFact((name) => advert[name]) as unknown as { [N in Name]: Value<N> }

/** The facts as parts of a schema. */
export const FACT_SHAPE = eachFact((name) => FACTS[name].schema) as unknown as {
  [N in Name]: (typeof FACTS)[N]['schema']
}
