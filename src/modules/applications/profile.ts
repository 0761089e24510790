import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { normalisePhone } from '#kernel/notifications/sms/phone.ts'
import { exactly } from '#kernel/occupations/asked-occupations.ts'
import { askedOccupations } from '#kernel/occupations/occupations.ts'
import { findPlaces } from '#kernel/places/places.ts'
import { wordsIn } from '#kernel/search/fold.ts'

/** Papers that adverts ask for. A closed list: `applications.code.licence.VALUE`. */
export const LICENCES = [
  ...(['driver_b', 'driver_c', 'driver_d', 'driver_e', 'forklift', 'tractor', 'excavator', 'crane'] as const),
  ...(['welder', 'electrician', 'height', 'gas', 'medical_book'] as const),
] as const
export type Licence = (typeof LICENCES)[number]

/** Languages that work is done in: `applications.code.language.VALUE` (ISO 639-1). */
export const SPOKEN = ['ru', 'tg', 'uz', 'kk', 'en', 'ko', 'tr', 'de'] as const
export type Spoken = (typeof SPOKEN)[number]
/** How well: a few words, everyday talk, at work and in writing. `applications.code.level.VALUE`. */
export const LEVELS = ['words', 'talk', 'well'] as const
export type Level = (typeof LEVELS)[number]

/** How a person may be reached. `sms`: a message that says nothing of what it is about; `none`: they look themselves. */
export const REACHES = ['sms', 'call', 'none'] as const
type Reach = (typeof REACHES)[number]

/** Who they are and how to reach them: sealed wherever it lies. The telephone in E.164. */
export type Facts = { name: string; phone: string; own: boolean; reach: Reach; when: string | null }

/** What they can do. Places as codes; none: anywhere. */
export type Profile = {
  trade: string
  isco: string[]
  languages: { lang: Spoken; level: Level }[]
  licences: Licence[]
  place_codes: string[]
}

/** Who somebody is and how to reach them, as forms send it. */
export const FACTS_SHAPE = {
  name: z.string('applications.form.name_missing').max(100),
  phone: z
    .string('applications.form.phone_missing')
    .max(40)
    .transform((text, at) => {
      const number = normalisePhone(text, 'TJ')
      if (!number) at.addIssue({ code: 'custom', message: 'applications.form.phone_wrong' })
      return number ?? ''
    }),
  own: z.enum(['yes', 'no'], 'applications.form.own_missing'),
  reach: z.enum(REACHES, 'applications.form.reach_missing'),
  when: z.string().max(100).optional(),
}

/** What somebody can do, as forms send it: a level for each language they speak. */
export const PROFILE_SHAPE = {
  trade: z.string('applications.form.trade_missing').max(200),
  ...(Object.fromEntries(SPOKEN.map((lang) => [`lang_${lang}`, z.enum(LEVELS).optional()])) as Record<
    `lang_${Spoken}`,
    z.ZodOptional<z.ZodEnum<{ [L in Level]: L }>>
  >),
  licences: z.array(z.enum(LICENCES)).optional(),
  places: z.string().max(200).optional(),
}

type FactsForm = z.output<z.ZodObject<typeof FACTS_SHAPE>>
type ProfileForm = z.output<z.ZodObject<typeof PROFILE_SHAPE>>

/** The facts of a form that was read. */
export const factsOf = ({ name, phone, own, reach, when }: FactsForm): Facts => ({
  ...{ name, phone, own: own === 'yes', reach, when: when ?? null },
})

const MOST_PLACES = 5

/** The profile of a form that was read; `unknown` is a place that no list knows. */
export async function profileOf(ctx: Ctx, form: ProfileForm): Promise<{ profile: Profile; unknown?: string }> {
  const named = (form.places ?? '')
    .split(/[,;\n]/)
    .map((place) => place.trim())
    .filter(Boolean)
    .slice(0, MOST_PLACES)
  const place_codes: string[] = []
  let unknown: string | undefined
  for (const place of named) {
    const [found] = await findPlaces(ctx, place, 1)
    if (found) place_codes.push(found.code)
    else unknown ??= place
  }
  return {
    profile: {
      trade: form.trade,
      isco: await tradesIn(ctx, form.trade),
      languages: SPOKEN.flatMap((lang) => {
        const level = form[`lang_${lang}`]
        return level ? [{ lang, level }] : []
      }),
      licences: form.licences ?? [],
      place_codes: [...new Set(place_codes)],
    },
    ...(unknown !== undefined && { unknown }),
  }
}

/** The unit groups that words such as "welder, driver" name, each trade for itself; none where nothing is understood. */
async function tradesIn(ctx: Ctx, text: string): Promise<string[]> {
  const found = new Set<string>()
  for (const part of text.split(/[,;\n/]|\s(?:и|ва|and)\s/).slice(0, 6)) {
    const words = wordsIn(part).map(({ word }) => word)
    if (words.length === 0) continue
    const asked = await askedOccupations(
      ctx,
      words,
      () => false,
      () => false,
    )
    for (const code of asked ? exactly(asked) : []) found.add(code)
  }
  return [...found].slice(0, 12)
}
