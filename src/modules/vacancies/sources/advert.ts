import { z } from 'zod'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { isCurrency } from '#kernel/money.ts'
import { PAY_PERIODS } from '../pay.ts'
import { CONTRACTS } from '../vacancies.ts'
import { FACT_SHAPE } from './facts.ts'

/** Where adverts come from. `sample`: invented for the demonstration, and labelled so wherever it is shown. */
export const SOURCES = ['trudvsem', 'employer', 'agency', 'sample'] as const

const PAYERS = ['employer', 'worker'] as const
export const COST_ITEMS = ['accommodation', 'food', 'travel', 'permit', 'medical', 'training'] as const

const text = z.string().trim().min(1)
const plainDate = z.instanceof(Temporal.PlainDate)

const Pay = z
  .strictObject({
    /** Minor units. At least one end is stated; zero is "not stated" at every source. */
    min: z.bigint().positive().nullable(),
    max: z.bigint().positive().nullable(),
    currency: z.string().refine(isCurrency),
    period: z.enum(PAY_PERIODS).nullable(),
    /** Before tax; null when it is not said. */
    gross: z.boolean().nullable(),
  })
  .refine(({ min, max }) => (min ?? max) !== null)
  .refine(({ min, max }) => min === null || max === null || min <= max)

/** An advert as its source states it, in one shape for all sources. Null: the source does not say. Nothing is guessed. */
export const Advert = z.strictObject({
  source: z.enum(SOURCES),
  /** The source's own key: the same advert has it again at the next import. */
  source_id: text,
  source_url: z.url({ protocol: /^https?$/ }).nullable(),
  lang: z.enum(LANGUAGES),
  title: text,
  profession: text.nullable(),
  employer: z.strictObject({ name: text, inn: text.nullable(), ogrn: text.nullable() }).nullable(),
  /** ISO 3166-1 alpha-2 of where the work is. */
  country: z.string().regex(/^[A-Z]{2}$/),
  /** The region of the work in words; never the one where the employer is registered. */
  region_text: text.nullable(),
  /** The region where the employer is registered; the work may be anywhere. */
  employer_region: text.nullable(),
  /** The same as a code of the Russian address classifier (7100000000000). */
  region_code: text.nullable(),
  place_code: text.nullable(),
  workplace_text: text.nullable(),
  pay: Pay.nullable(),
  published_on: plainDate.nullable(),
  modified_on: plainDate.nullable(),
  /** The last day on which it stands, by the source's own word. */
  expires_on: plainDate.nullable(),
  duties: text.nullable(),
  requirements: text.nullable(),
  conditions: text.nullable(),
  schedule: text.nullable(),
  hours: text.nullable(),
  contract: z.enum(CONTRACTS).nullable(),
  positions: z.int().positive().nullable(),
  accommodation: z.boolean().nullable(),
  ...FACT_SHAPE,
  /** Whether foreigners are taken; `quota`: only within a quota. */
  foreigners: z.enum(['yes', 'no', 'quota']).nullable(),
  contacts: z.array(z.strictObject({ kind: z.enum(['phone', 'email', 'url', 'person', 'other']), value: text })),
  costs: z.array(z.strictObject({ item: z.enum(COST_ITEMS), payer: z.enum(PAYERS) })),
  documents: z.array(text),
  /** The source took it back. */
  withdrawn: z.boolean(),
  /** The record as it came. */
  raw: z.unknown(),
})
export type Advert = z.infer<typeof Advert>

/** The parts of an advert that people wrote in their own words, in the order in which they are read. */
export const TEXT_PARTS = ['title', 'profession', 'duties', 'requirements', 'conditions', 'schedule', 'hours'] as const
export type TextPart = (typeof TEXT_PARTS)[number]
