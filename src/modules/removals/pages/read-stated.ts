import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { readDate } from '#kernel/ui/date-field.tsx'
import { readDocument, readName } from '#modules/expulsions/public.ts'
import type { Stated } from '../entering.ts'
import { CATEGORIES, COSTS, ESCORTS, INVITED, MODES } from '../kinds.ts'
import { isOfficer, listCarriers, officeOf } from '../removals.ts'
import { CURRENCIES, readMoney } from './words.tsx'

const dayParts = (name: string) => ({
  [`${name}_day`]: z.string().max(2, 'removals.enter.date_wrong').optional(),
  [`${name}_month`]: z.string().max(2, 'removals.enter.date_wrong').optional(),
  [`${name}_year`]: z.string().max(4, 'removals.enter.date_wrong').optional(),
})

// In the order of the page.
const Form = z.object({
  category: z.enum(CATEGORIES, 'removals.enter.category_missing'),
  brought_by: z.uuid().optional(),
  invited: z.enum(INVITED).default('unknown'),
  people: z.coerce.number('removals.import.no_count').int('removals.import.no_count').min(1).max(1000).default(1),
  name: z.string().max(200).optional(),
  document: z.string().max(40).optional(),
  ...dayParts('birth'),
  mode: z.enum(MODES, 'removals.enter.mode_missing'),
  carrier: z.uuid().optional(),
  ...dayParts('left_on'),
  origin: z.string('removals.enter.origin_missing').max(100),
  destination: z.string('removals.enter.destination_missing').max(100),
  service: z.string().max(40).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .default('RU'),
  escort: z.enum(ESCORTS).default('unknown'),
  ground: z.string().max(300).optional(),
  amount: z.string().max(30).optional(),
  currency: z.enum(CURRENCIES).default('EUR'),
  kind: z.enum(COSTS).default('whole'),
})
const fieldOf = (name: string) => name.replace(/_(day|month|year)$/, '')
/** The fields as the page asks them. */
export const ORDER = Object.keys(Form.shape).map(fieldOf)

type Read = { ok: true; stated: Stated } | { ok: false; values: FormValues; errors: FormErrors }

/** What the form states of a departure, or what is wrong with it, by field, beside all that was typed. */
export async function readStated(ctx: Ctx, form: FormData): Promise<Read> {
  const read = readForm(Form, form)
  const raw = Object.fromEntries([...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
  const today = plainDate(ctx.now)
  const day = (of: 'left_on' | 'birth') =>
    readDate({ day: raw[`${of}_day`], month: raw[`${of}_month`], year: raw[`${of}_year`] })
  const errors: FormErrors = {}
  if (!read.ok) for (const [name, key] of Object.entries(read.errors)) errors[fieldOf(name)] ??= key
  const left_on = day('left_on')
  if (!left_on) errors.left_on = 'removals.enter.date_wrong'
  else if (Temporal.PlainDate.compare(left_on, today) > 0) errors.left_on = 'removals.import.future'
  if (!read.ok) return { ok: false, values: raw, errors }
  const { amount, currency, kind, name, document, brought_by, invited, carrier: chosen, ...value } = read.value
  const carriers = (await listCarriers(ctx)).filter(({ closed_at }) => !closed_at).map(({ id }) => id)
  const carrier = isOfficer(ctx) ? chosen : (officeOf(ctx) ?? undefined)
  if (!carrier || !carriers.includes(carrier)) errors.carrier = 'removals.enter.carrier_missing'
  if (brought_by && !carriers.includes(brought_by)) errors.brought_by = 'removals.enter.carrier_missing'
  const money = amount ? readMoney(amount, currency) : null
  if (amount && !money) errors.amount = 'removals.import.no_cost'
  const born = ['birth_day', 'birth_month', 'birth_year'].some((part) => raw[part]?.trim()) ? day('birth') : undefined
  if (born === null || (born && Temporal.PlainDate.compare(born, today) > 0)) errors.birth = 'removals.enter.date_wrong'
  if (name && value.people !== 1) errors.people = 'removals.import.one_name'
  if (!name && (document || born)) errors.name = 'removals.import.no_name'
  const number = document ? readDocument(document) : null
  if (number && 'error' in number) errors.document = number.error.key
  const tidy = name ? readName(name) : null
  if (tidy && 'error' in tidy) errors.name = tidy.error.key
  if (Object.keys(errors).length > 0) return { ok: false, values: raw, errors }
  const text = (reading: typeof number) => (reading && 'value' in reading ? String(reading.value) : null)
  const { category, mode, people, service = null, origin, destination, country, escort, ground = null } = value
  return {
    ok: true,
    stated: {
      ...{
        carrier: carrier!,
        category,
        mode,
        people,
        left_on: left_on!,
        service,
        origin,
        destination,
        country,
        escort,
      },
      brought_by: category === 'inadmissible' ? (brought_by ?? null) : null,
      invited: category === 'deportee' ? invited : 'unknown',
      ground,
      passenger: name
        ? {
            ...{ name: text(tidy)!, document: text(number) },
            birth: born ? born.year * 10_000 + born.month * 100 + born.day : null,
          }
        : null,
      costs: money ? [{ kind, money }] : [],
    },
  }
}
