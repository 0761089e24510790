import { createRoute, z } from '@hono/zod-openapi'
import type { Ctx } from '#kernel/context.ts'
import type { Note } from '#kernel/imports/kind.ts'
import type { Api } from '#kernel/module.ts'
import { decimalOf, isCurrency } from '#kernel/money.ts'
import { problem } from '#kernel/problem.ts'
import { PAY_PERIODS } from '../pay.ts'
import { COST_ITEMS } from '../sources/advert.ts'
import { CONTRACTS } from '../vacancies.ts'
import { closePosting, publishPosting } from './acts.ts'
import { type Content, MOST_CHARACTERS } from './content.ts'
import { TAKES } from './fair.ts'
import { createPosting, getPosting, STANDINGS, standingOf } from './postings.ts'

const PERMISSION = 'vacancy.post'
const security = [{ key: [] }]

const text = z.string().trim().min(1).max(MOST_CHARACTERS)
const payer = z.enum(['employer', 'worker'])
const amount = z
  .string()
  .regex(/^\d{1,15}$/)
  .nullable()

const Offer = z
  .strictObject({
    number: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .openapi({ description: 'Your own number for it. Two offers cannot have the same.' }),
    title: text,
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .openapi({ description: 'ISO 3166-1 alpha-2 of where the work is.' }),
    region: text.openapi({ description: 'Region or town of the work, in words.' }),
    workplace: text,
    profession: text,
    positions: z.int().min(1).max(100_000),
    pay: z
      .strictObject({
        min: amount,
        max: amount,
        currency: z.string().refine(isCurrency, 'No such currency'),
        period: z.enum(PAY_PERIODS),
        gross: z.boolean().nullable(),
      })
      .openapi({ description: 'Amounts in minor units, as strings, as in `GET`.' }),
    duties: text,
    requirements: text,
    conditions: text,
    schedule: text,
    hours: text,
    contract: z.enum(CONTRACTS),
    education: text,
    experience: text,
    accommodation: z.boolean(),
    food: z.boolean(),
    transport: z.boolean(),
    medical_card: z.boolean(),
    foreigners: z.enum(['yes', 'no', 'quota']),
    documents: z.array(z.string().trim().min(1).max(200)).max(50),
    costs: z
      .strictObject(
        Object.fromEntries(COST_ITEMS.map((item) => [item, payer])) as Record<
          (typeof COST_ITEMS)[number],
          typeof payer
        >,
      )
      .partial()
      .openapi({ description: 'Who pays what. For work abroad all but `food` are needed.' }),
    phone: text,
    email: z.email(),
    website: z.url({ protocol: /^https?$/ }),
    expires: z.iso.date().openapi({ description: 'Its last day; 60 days from now without it.' }),
    takes: z.enum(TAKES).openapi({ description: 'What is taken from the worker. Anything but `nothing` is refused.' }),
  })
  .partial()
  .openapi('Offer')
type Offer = z.output<typeof Offer>

const Standing = z
  .object({
    reference: z.string().openapi({ example: 'K7QF-92MX' }),
    number: z.string().nullable(),
    standing: z.enum(STANDINGS).openapi({
      description: '`checking` for seconds, then `public`, or `held` for an officer. `refused`: not shown.',
    }),
    correct: z.array(z.string()).openapi({ description: 'The parts to put right, where it is held or refused.' }),
    url: z.url().openapi({ description: 'Its public page, once it is public.' }),
  })
  .openapi('OfferStanding')

const answers = (description: string) => ({
  200: { description, content: { 'application/json': { schema: Standing } } },
  401: { description: 'No key that is known' },
  403: { description: 'The key has not this right, or the employer is not verified' },
  409: { description: 'Another call was made with this Idempotency-Key; or this number is taken' },
})
const written = { body: { content: { 'application/json': { schema: Offer } } } }
const params = z.object({ reference: z.string().max(40) })
const by = 'By a key of your organisation, with Idempotency-Key: see "Calls by programs" in docs/standards.md.'

const ROUTES = {
  post: createRoute({
    method: 'post',
    path: '/api/v1/vacancies',
    summary: 'Publish an offer of your organisation',
    description: `It goes the way of an offer typed by hand, and is held for an officer by the same rules. ${by}`,
    security,
    request: written,
    responses: answers('Taken; it is public within seconds, unless it is held'),
  }),
  change: createRoute({
    method: 'patch',
    path: '/api/v1/vacancies/{reference}',
    summary: 'Change an offer of your organisation',
    description: `Only what is sent is changed, and published at once. ${by}`,
    security,
    request: { params, ...written },
    responses: { ...answers('Taken'), 404: { description: 'No such offer of yours' } },
  }),
  close: createRoute({
    method: 'post',
    path: '/api/v1/vacancies/{reference}/closure',
    summary: 'Close an offer of your organisation',
    description: `Its address then answers 410. Closing it again does nothing. ${by}`,
    security,
    request: { params },
    responses: { ...answers('Closed'), 404: { description: 'No such offer of yours' } },
  }),
  standing: createRoute({
    method: 'get',
    path: '/api/v1/vacancies/{reference}/standing',
    summary: 'How an offer of your organisation stands',
    security,
    request: { params },
    responses: { ...answers('As it stands'), 404: { description: 'No such offer of yours' } },
  }),
}

/** Offers by programs of employers. The body is read once, by whoever checks the caller: so it is validated here. */
export function postingsApi(api: Api): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' })
  for (const route of Object.values(ROUTES)) api.openAPIRegistry.registerPath(route)
  api.post('/api/v1/vacancies', async (c) =>
    c.json(
      await c.var.asClient(PERMISSION, async (ctx, body) => {
        const offer = readOffer(body)
        const posting = await createPosting(ctx, contentOf(offer), { own_key: offer.number ?? null })
        return publish(ctx, posting.reference, contentOf(offer), posting.version)
      }),
    ),
  )
  api.patch('/api/v1/vacancies/:reference', async (c) =>
    c.json(
      await c.var.asClient(PERMISSION, async (ctx, body) => {
        const posting = await getPosting(ctx, c.req.param('reference'), { lock: true })
        const { number: _, ...change } = readOffer(body)
        // What somebody is writing meanwhile stays theirs to publish.
        const content = { ...(posting.published ?? posting.content), ...contentOf(change) }
        return publish(ctx, posting.reference, content, posting.version)
      }),
    ),
  )
  api.post('/api/v1/vacancies/:reference/closure', async (c) =>
    c.json(
      await c.var.asClient(PERMISSION, async (ctx) => {
        await closePosting(ctx, c.req.param('reference'))
        return told(ctx, c.req.param('reference'))
      }),
    ),
  )
  api.get('/api/v1/vacancies/:reference/standing', async (c) =>
    c.json(await c.var.asClient(PERMISSION, (ctx) => told(ctx, c.req.param('reference')))),
  )
}

function readOffer(body: Uint8Array): Offer {
  let sent: unknown
  try {
    sent = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw problem('bad_request')
  }
  const read = Offer.safeParse(sent)
  if (read.success) return read.data
  throw problem('invalid', {
    errors: Object.fromEntries(read.error.issues.map(({ path, message }) => [path.join('.'), message])),
  })
}

async function publish(ctx: Ctx, reference: string, content: Content, version: number) {
  const done = await publishPosting(ctx, reference, content, version)
  if (!done.ok) throw problem('invalid', { errors: inWords(ctx, done.errors) })
  return told(ctx, reference)
}

async function told(ctx: Ctx, reference: string): Promise<z.output<typeof Standing>> {
  const posting = await getPosting(ctx, reference)
  const { standing, correct } = await standingOf(ctx, posting)
  return {
    reference: posting.reference,
    number: posting.own_key,
    standing,
    correct: standing === 'held' || standing === 'refused' ? correct.map(partOf) : [],
    url: `${ctx.platform.config.origin}/${ctx.lang}/vacancies/${posting.reference}`,
  }
}

const inWords = (ctx: Ctx, errors: Record<string, Note>) =>
  Object.fromEntries(Object.entries(errors).map(([column, { key, values }]) => [partOf(column), ctx.t(key, values)]))

/** What a column of an advert is called in the body of a call. */
function partOf(column: string): string {
  if (column === 'expires_on') return 'expires'
  if (column === 'pay_tax') return 'pay.gross'
  if (column.startsWith('pays_')) return `costs.${column.slice(5)}`
  return column.replace(/^pay_/, 'pay.')
}

// The words that the fields of the form have. What is not sent is left out.
function contentOf({ pay, costs = {}, documents, expires, number: _, ...rest }: Offer): Content {
  const money = (minor: string | null) =>
    minor === null ? '' : decimalOf({ amount: BigInt(minor), currency: pay!.currency })
  const values = {
    ...rest,
    ...(pay && {
      ...{ pay_min: money(pay.min), pay_max: money(pay.max), pay_currency: pay.currency, pay_period: pay.period },
      pay_tax: pay.gross === null ? '' : pay.gross ? 'gross' : 'net',
    }),
    ...Object.fromEntries(Object.entries(costs).map(([item, who]) => [`pays_${item}`, who])),
    ...(documents && { documents: documents.join('\n') }),
    ...(expires && { expires_on: expires }),
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value ?? ''),
    ]),
  )
}
