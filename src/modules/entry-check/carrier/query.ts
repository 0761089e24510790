import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { keysFor } from '#kernel/access/secret-key.ts'
import { audit } from '#kernel/audit/audit.ts'
import { actingAs, type Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { newId } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import { isFresh } from '../answers.ts'
import { openOprfKey, voprf } from './oprf-key.ts'
import { mask } from './passenger.ts'
import { CARRY, tellOfBulk } from './telling.ts'

// A question and an invented passenger of whom it is have six inputs in common: the document, two halves and three open dates. So many of
// at most eight buckets agree by chance less than once in a billion questions where there are 512 buckets (a list of some thousand
// people); of shorter lists only the token tells.
const SAME_BUCKETS = 6
const LEAST_BITS = 9

/** Evaluated points with their proof, and of which list; or at once that the passenger is to be referred. Bytes are in base64. */
export type Evaluated =
  | {
      answer: 'evaluated'
      query: string
      evaluated: string[]
      proof: string
      key: string
      bits: number
      list: number
      list_on: string
    }
  | { answer: 'refer' }

/**
 * Evaluates the blinded points of one passenger, always so many (`passenger.ts`). What they are about cannot be seen. A list that is old says nothing: then everybody is to be referred. @throws unavailable without an agreement, too_many beyond its quota
 */
export async function evaluateBlinded(ctx: Ctx, blinded: readonly string[]): Promise<Evaluated> {
  authorise(ctx, CARRY)
  const query = newId()
  const { rows } = await sql<{
    outcome: 'begun' | 'off' | 'figure' | 'quota'
    key_sealed: Buffer
    public_key: Buffer
    list_version: number
    list_on: Temporal.Instant | null
    bits: number
  }>`select * from entry_check.begin_query(${query}, ${ctx.now})`.execute(ctx.db)
  const { outcome, key_sealed, public_key, list_version, list_on, bits } = rows[0]!
  if (outcome === 'off') throw problem('unavailable', { detail: 'entry_check.carrier.off' })
  if (outcome === 'figure') throw problem('unavailable', { detail: 'entry_check.carrier.figure_missing' })
  if (outcome === 'quota') throw problem('too_many', { detail: 'entry_check.carrier.quota', retryAfter: 3600 })
  const list = { version: list_version, on: list_on?.toString() ?? null }
  if (!isFresh({ list }, ctx.now)) return { answer: 'refer' }
  const { evaluated, proof } = evaluate(openOprfKey(ctx, key_sealed), public_key, blinded)
  return {
    ...{ answer: 'evaluated', query, bits, list: list_version, list_on: plainDate(list_on!).toString() },
    ...{ evaluated: evaluated.map(base64), proof: base64(proof), key: base64(public_key) },
  }
}

function evaluate(secret: Uint8Array, key: Uint8Array, blinded: readonly string[]) {
  try {
    return voprf.blindEvaluateBatch(
      secret,
      new Uint8Array(key),
      blinded.map((point) => new Uint8Array(Buffer.from(point, 'base64'))),
    )
  } catch {
    // No points of the group, or the one that would tell about the key.
    throw problem('invalid')
  }
}

/** Tags with hidden tokens, in base64. */
export type Bucket = { tag: string; hidden: string }[]

/**
 * The buckets of a question, once. Beside each tag lies a token that only the output opens; all tokens look alike. Whoever asks for all
 * buckets of an invented passenger is known by that, with or without its token; what is answered is the same.
 */
export async function takeBuckets(ctx: Ctx, query: string, heads: readonly number[]): Promise<Bucket> {
  authorise(ctx, CARRY)
  const { rows } = await asked(
    sql<{ tag: Buffer; pad: Buffer; honey_id: string | null }>`
      select tag, pad, honey_id from entry_check.take_buckets(${query}, ${[...heads]}::integer[], ${ctx.now})`.execute(
      ctx.db,
    ),
  )
  const noticed = await sql<{ suspended: string | null }>`
    select entry_check.notice_honey(${query}, ${[...heads]}::integer[], ${SAME_BUCKETS}, ${LEAST_BITS}, ${ctx.now}) as suspended`.execute(
    ctx.db,
  )
  await suspendFor(ctx, noticed.rows[0]!.suspended)
  return rows.map(({ tag, pad, honey_id }) => {
    const token = honey_id ? honeyToken(ctx, honey_id) : randomBytes(16)
    return { tag: base64(tag), hidden: base64(mask(token, pad)) }
  })
}

/**
 * Takes the token of a passenger who is to be referred. It tells nothing about them: it is chance, unless the passenger was invented;
 * then the questions of this carrier end until somebody has looked.
 */
export async function referPassenger(ctx: Ctx, query: string, token: string): Promise<void> {
  authorise(ctx, CARRY)
  const given = Buffer.from(token, 'base64')
  const { rows: honey } = await sql<{ id: string }>`select honey_ids as id from entry_check.honey_ids()`.execute(ctx.db)
  const hit = honey.find(({ id }) => isHoneyToken(ctx, id, given))?.id ?? null
  const { rows } = await asked(
    sql<{
      suspended: string | null
    }>`select entry_check.refer(${query}, ${hit}::uuid, ${ctx.now}) as suspended`.execute(ctx.db),
  )
  await suspendFor(ctx, rows[0]!.suspended)
}

async function suspendFor(ctx: Ctx, agreement: string | null): Promise<void> {
  if (!agreement) return
  await audit(ctx, 'carrier.suspend', { type: 'agreement', id: agreement }, { reason: 'honey' })
  await tellOfBulk(ctx, agreement, actingAs(ctx.actor)!.organisation_id)
}

// Eight bytes of chance and eight that only we can make of them: beside others it looks like sixteen bytes of chance.
const honeyToken = (ctx: Ctx, id: string, chance = randomBytes(8)): Buffer =>
  Buffer.concat([chance, seals(ctx, id, chance)[0]!])
const isHoneyToken = (ctx: Ctx, id: string, token: Buffer): boolean =>
  token.length === 16 && seals(ctx, id, token.subarray(0, 8)).some((seal) => timingSafeEqual(seal, token.subarray(8)))
const seals = ({ platform }: Ctx, id: string, chance: Buffer): Buffer[] =>
  keysFor(platform.config, 'entry-check honey').map((key) =>
    createHmac('sha256', key).update(`${id} `).update(chance).digest().subarray(0, 8),
  )

const asked = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error) => {
    throw error?.code === '42501' ? problem('conflict', { detail: 'entry_check.carrier.no_query' }) : error
  })
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
