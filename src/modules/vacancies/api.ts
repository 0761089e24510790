import { createRoute, z } from '@hono/zod-openapi'
import type { Ctx } from '#kernel/context.ts'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import type { Api } from '#kernel/module.ts'
import { wholeUnits } from '#kernel/money.ts'
import { type ListingQuery, type Question, questionOf } from './conditions.ts'
import { countFacets, countListings } from './counts.ts'
import { type Listing, searchListings } from './listings.ts'
import { PAY_PERIODS } from './pay.ts'
import { CONTRACTS, getPublicVacancy, type Vacancy } from './vacancies.ts'

const amount = z
  .string()
  .regex(/^\d+$/)
  .nullable()
  .openapi({ description: 'In minor units of the currency, as a string; null: not stated.', example: '7000000' })

const Pay = z
  .object({
    min: amount,
    max: amount,
    currency: z.string().length(3).nullable(),
    period: z.enum(PAY_PERIODS).nullable(),
    gross: z.boolean().nullable(),
  })
  .openapi('Pay', { description: 'Pay as the advert offers it. `gross`: before tax; null: not stated.' })

const Item = z
  .object({
    reference: z.string().openapi({ example: 'K7QF-92MX' }),
    title: z.string().openapi({ description: 'In the language of the advert.' }),
    lang: z.string().openapi({ description: 'Language of the advert (BCP 47).' }),
    isco: z.string().nullable().openapi({ description: 'ISCO-08 unit group; null: not determined.', example: '7212' }),
    place: z
      .string()
      .nullable()
      .openapi({ description: 'Code of the place of work; null: not stated.', example: 'RU-TUL' }),
    employer_place: z
      .string()
      .nullable()
      .openapi({ description: 'Code of the region where the employer is registered.' }),
    country: z.string().openapi({ description: 'ISO 3166-1 alpha-2.', example: 'RU' }),
    pay: Pay,
    accommodation: z.boolean().nullable(),
    foreigners: z
      .enum(['yes', 'no', 'quota'])
      .nullable()
      .openapi({ description: 'Open to foreigners; null: not stated.' }),
    contract: z.enum(CONTRACTS).nullable(),
    employer: z.string().nullable(),
    published: z.iso.date().nullable().openapi({ description: 'Day of publication as the source states it.' }),
    expires: z.iso.date().nullable().openapi({ description: 'Last day as the source states it.' }),
    sample: z.boolean().openapi({ description: 'Invented, for demonstration.' }),
    source: z.string(),
    source_url: z.url().nullable(),
    url: z.url(),
  })
  .openapi('Vacancy')

const WholeVacancy = Item.extend({
  profession: z.string().nullable(),
  duties: z.string().nullable(),
  requirements: z.string().nullable(),
  conditions: z.string().nullable(),
  schedule: z.string().nullable(),
  hours: z.string().nullable(),
  experience: z.string().nullable(),
  education: z.string().nullable(),
  positions: z.int().nullable(),
  workplace: z.string().nullable(),
  foreigners_quote: z
    .string()
    .nullable()
    .openapi({ description: 'The words of the advert on which `foreigners` rests.' }),
  documents: z.array(z.string()),
}).openapi('WholeVacancy')

const facet = z.array(
  z.object({
    value: z.string(),
    count: z.int(),
    about: z.literal(true).optional().openapi({
      description:
        'The count is reckoned from a random sample of the collection (some 16,000 adverts), to two digits. Counts up to 1,000 are exact.',
    }),
  }),
)

const Search = z
  .object({
    corrected: z
      .string()
      .nullable()
      .openapi({ description: 'The words as understood, where one was taken for a slip.' }),
    isco: z.array(z.string()).openapi({ description: 'Occupations that the words name, the nearest first.' }),
    places: z.array(z.string()).openapi({ description: 'Places that the words name.' }),
    words: z.array(z.string()).openapi({ description: 'Other words, looked for in the texts.' }),
    lacking: z.enum(['words', 'place']).nullable().openapi({
      description: 'What was given up because no advert has all that was asked.',
    }),
  })
  .openapi('VacancySearch')

const Page = z
  .object({
    items: z.array(Item),
    search: Search.nullable().openapi({ description: 'How `q` was understood; null without it.' }),
    facets: z.object({ isco: facet, country: facet, accommodation: facet, foreigners: facet, contract: facet }),
    next: z.url().nullable().openapi({ description: 'The next page.' }),
    total: z.union([z.int(), z.object({ atLeast: z.int() })]).openapi({ description: 'Exact up to 1,000.' }),
  })
  .openapi('VacancyPage')

const several = (one: z.ZodString) => z.union([one.transform((value) => [value]), z.array(one).max(50)]).optional()
const flag = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .optional()

const Query = z.object({
  q: z.string().max(200).optional().openapi({
    description: 'Words in Tajik, Russian or English. Answers are then sorted by relevance, otherwise newest first.',
  }),
  literal: flag.openapi({ description: '`true`: takes `q` as written, without corrections, occupations and places.' }),
  isco: several(z.string().regex(/^\d{1,4}$/)).openapi({
    description: 'ISCO-08 code of any level; several: any of them.',
  }),
  place: several(z.string().regex(/^[A-Za-z0-9.-]{2,20}$/)).openapi({
    description: 'Place code, with everything inside it.',
    example: 'TJ-KT',
  }),
  country: several(z.string().regex(/^[A-Z]{2}$/)),
  salary_min: z.coerce.number().int().nonnegative().max(1e12).optional().openapi({
    description:
      'Least pay a month in whole units of `currency`. Pay in other currencies is compared where a rate not older than 7 days is known.',
  }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('TJS'),
  accommodation: flag,
  foreigners: z
    .enum(['yes', 'all'])
    .optional()
    .openapi({ description: '`yes`: open to foreigners. `all`: also citizens only, which is left out otherwise.' }),
  contract: several(z.string().regex(new RegExp(`^(${CONTRACTS.join('|')})$`))).openapi({
    description: CONTRACTS.join(', '),
  }),
  since: z.iso.date().optional().openapi({ description: 'Published on this day or later.' }),
  cursor: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/vacancies',
  summary: 'Published vacancies',
  request: { query: Query },
  responses: { 200: { description: 'A page of vacancies', content: { 'application/json': { schema: Page } } } },
})

const showRoute = createRoute({
  method: 'get',
  path: '/api/v1/vacancies/{reference}',
  summary: 'One published vacancy',
  request: { params: z.object({ reference: z.string().max(40) }) },
  responses: {
    200: { description: 'The vacancy', content: { 'application/json': { schema: WholeVacancy } } },
    404: { description: 'No such vacancy' },
    410: { description: 'No longer offered' },
  },
})

/** The public API of vacancies: reads need no key. */
export function vacanciesApi(api: Api): void {
  api.openapi(listRoute, async (c) => {
    const { ctx } = c.var
    const asked = c.req.valid('query')
    const query: ListingQuery = {
      ...asked,
      place: asked.place?.map((code) => code.toUpperCase()),
      salaryMin: asked.salary_min
        ? { amount: wholeUnits(asked.salary_min, asked.currency), currency: asked.currency }
        : undefined,
      since: asked.since ? Temporal.PlainDate.from(asked.since) : undefined,
    }
    const [{ items, next }, total, facets] = await Promise.all([
      searchListings(ctx, query),
      countListings(ctx, query),
      countFacets(ctx, query),
    ])
    return c.json(
      {
        items: items.map((listing) => itemOf(ctx, listing)),
        search: asked.q ? searchOf(await questionOf(ctx, query)) : null,
        facets,
        next: next && nextAddress(ctx, c.req.url, next),
        total,
      },
      200,
    )
  })
  api.openapi(showRoute, async (c) => {
    const { ctx } = c.var
    const vacancy = await getPublicVacancy(ctx, c.req.valid('param').reference)
    const {
      profession,
      duties,
      requirements,
      conditions,
      schedule,
      hours,
      experience,
      education,
      positions,
      foreigners_quote,
      documents,
    } = vacancy
    const whole = {
      profession,
      duties,
      requirements,
      conditions,
      schedule,
      hours,
      experience,
      education,
      positions,
      foreigners_quote,
      documents,
    }
    return c.json({ ...itemOf(ctx, vacancy), ...whole, workplace: vacancy.workplace_text }, 200)
  })
}

const searchOf = ({
  understood: { corrected, trades, places, words },
  lacking,
}: Question): z.output<typeof Search> => ({
  corrected,
  isco: [...(trades?.groups ?? [])].toSorted(([, a], [, b]) => b - a).map(([code]) => code),
  places: [...places],
  words: [...words],
  lacking: lacking,
})

function itemOf(ctx: Ctx, row: Listing | Vacancy): z.output<typeof Item> {
  return {
    reference: row.reference,
    title: row.title,
    lang: row.lang,
    isco: row.isco,
    place: row.place_code,
    employer_place: row.employer_place_code,
    country: row.country,
    pay: {
      min: row.pay_min?.toString() ?? null,
      max: row.pay_max?.toString() ?? null,
      currency: row.pay_currency,
      period: row.pay_period as never,
      gross: row.pay_gross,
    },
    accommodation: row.accommodation,
    foreigners: row.foreigners as never,
    contract: row.contract as never,
    employer: row.employer_name,
    published: row.published_on?.toString() ?? null,
    expires: row.expires_on?.toString() ?? null,
    sample: row.sample,
    source: row.source,
    source_url: row.source_url,
    // The same for every reader: the answer is cached.
    url: `${ctx.platform.config.origin}/${LANGUAGES[0]}/vacancies/${row.reference}`,
  }
}

function nextAddress(ctx: Ctx, here: string, cursor: string): string {
  const { pathname, searchParams } = new URL(here)
  searchParams.set('cursor', cursor)
  return `${ctx.platform.config.origin}${pathname}?${searchParams}`
}
