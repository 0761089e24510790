import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '#kernel/module.ts'
import { ENTRY_CHECK } from '../pages/ask.tsx'
import { INPUTS } from './passenger.ts'
import { evaluateBlinded, referPassenger, takeBuckets } from './query.ts'
import { CARRY } from './telling.ts'

const PATH = '/api/v1/carrier-checks'
const security = [{ key: [] }]
const failures = {
  401: { description: 'No key that is known' },
  403: { description: 'The key has not this right' },
  409: { description: 'No such question is open, or another call was made with this Idempotency-Key' },
}
const base64url = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}$`))
    .openapi({ description: `${bytes} bytes in base64url` })
// So many of one form, parted by commas.
const each = (one: string, description: string) =>
  z
    .string()
    .regex(new RegExp(`^${one}(?:,${one}){${INPUTS - 1}}$`))
    .openapi({ description })
const POINT = '[A-Za-z0-9_-]{43}'
const query = z.uuid().openapi({ param: { name: 'query', in: 'path' } })

const Evaluated = z
  .discriminatedUnion('answer', [
    z.object({
      answer: z.literal('evaluated'),
      query: z.uuid(),
      evaluated: z.array(z.string()).openapi({ description: 'The evaluated points, in the same order.' }),
      proof: z.string().openapi({ description: 'That all were evaluated with `key` (RFC 9497, 2.2).' }),
      key: z.string().openapi({ description: 'The public key: the same for every carrier.' }),
      bits: z.int().openapi({ description: 'So many first bits of an output are the number of its bucket.' }),
      list: z.int(),
      list_on: z.iso.date(),
    }),
    z
      .object({ answer: z.literal('refer') })
      .openapi({ description: 'The list is old: it says nothing about anybody.' }),
  ])
  .openapi('CarrierEvaluation')

const askRoute = createRoute({
  method: 'post',
  path: PATH,
  summary: 'Ask about one passenger, blinded',
  description:
    'See docs/carriers.md. Only with a recorded agreement, within its quota; 503 without one. Needs Idempotency-Key.',
  security,
  request: {
    query: z.object({ points: each(POINT, `${INPUTS} points of 32 bytes in base64url, parted by commas`) }),
  },
  responses: { 201: { description: 'Evaluated', content: { 'application/json': { schema: Evaluated } } }, ...failures },
})

const Tags = z.object({ tags: z.array(z.object({ tag: z.string(), hidden: z.string() })) }).openapi('CarrierBuckets')
const tagsRoute = createRoute({
  method: 'get',
  path: `${PATH}/{query}/tags`,
  summary: 'The buckets of a question, once, within ten minutes',
  security,
  request: {
    params: z.object({ query }),
    query: z.object({ heads: each('\\d{1,5}', `${INPUTS} numbers of buckets, parted by commas`) }),
  },
  responses: { 200: { description: 'The buckets', content: { 'application/json': { schema: Tags } } }, ...failures },
})

const Advice = z.object({ text: z.string(), page: z.url() }).openapi('CarrierAdvice')
const referRoute = createRoute({
  method: 'post',
  path: `${PATH}/{query}/referral`,
  summary: 'What to tell a passenger who is to be referred',
  security,
  request: { params: z.object({ query }), query: z.object({ token: base64url(16) }) },
  responses: {
    200: { description: 'Desk and rebooking', content: { 'application/json': { schema: Advice } } },
    ...failures,
  },
})

const plain = (text: string) => Buffer.from(text, 'base64url').toString('base64')

/** One passenger, blinded, by the programs of carriers with an agreement. */
export function carrierApi(api: Api): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' })
  api.openapi(askRoute, async (c) => {
    const points = c.req.valid('query').points.split(',').map(plain)
    return c.json(await c.var.asClient(CARRY, (ctx) => evaluateBlinded(ctx, points)), 201)
  })
  api.openapi(tagsRoute, async (c) => {
    const heads = c.req.valid('query').heads.split(',').map(Number)
    const tags = await c.var.asClient(CARRY, (ctx) => takeBuckets(ctx, c.req.valid('param').query, heads))
    return c.json({ tags }, 200)
  })
  api.openapi(referRoute, async (c) => {
    const { query } = c.req.valid('param')
    const advice = await c.var.asClient(CARRY, async (ctx) => {
      await referPassenger(ctx, query, plain(c.req.valid('query').token))
      const page = `${ctx.platform.config.origin}/${ctx.lang}${ENTRY_CHECK}`
      return {
        text: ['refer_text', 'refer_desk', 'refer_rebook'].map((key) => ctx.t(`entry_check.carrier.${key}`)).join(' '),
        page,
      }
    })
    return c.json(advice, 200)
  })
}
