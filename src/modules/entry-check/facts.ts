import { createHmac } from 'node:crypto'
import { keysFor } from '#kernel/access/secret-key.ts'
import { deriveKey, fingerprint, openWithAny, seal } from '#kernel/access/secrets.ts'
import type { Ctx } from '#kernel/context.ts'
import { nameText } from '#kernel/people/facts.ts'
import { type PersonName, wordsOf } from '#kernel/people/matching/names.ts'
import { oneSpelling } from '#kernel/people/numbers.ts'
import { halfInputs, skeleton } from './carrier/passenger.ts'

type Keyed = Pick<Ctx, 'platform'>

/** What was read from the document, with the person present. `birth`: year·10000 + month·100 + day. */
export type Facts = { document: string; birth: number; name: PersonName }

/** Every sealed text is as long as this many bytes: its length must not tell what stands in it. */
const BLOCK = 8192

/** Seals a value for one row, in blocks of one length. */
export function sealFor(ctx: Keyed, owner: string, value: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(value), 'utf8')
  const room = Buffer.alloc(Math.ceil((json.length + 1) / BLOCK) * BLOCK, ' ')
  json.copy(room)
  return seal(keysFor(ctx.platform.config, 'entry-check')[0]!, room, `entry_check ${owner}`)
}

/** Opens what `sealFor` sealed for the same row. Throws for any other. */
export const openFor = <T>(ctx: Keyed, owner: string, sealed: Buffer): T =>
  JSON.parse(
    openWithAny(keysFor(ctx.platform.config, 'entry-check'), sealed, `entry_check ${owner}`).toString('utf8').trimEnd(),
  ) as T

export const factsOwner = (id: string) => `facts ${id}`
export const codeOwner = (id: string) => `code ${id}`
export const codeFactsOwner = (id: string) => `code facts ${id}`
export const honeyOwner = (id: string) => `honey ${id}`
export const pinOwner = (id: string) => `pin ${id}`
export const answerOwner = (id: string) => `answer ${id}`

/** A keyed pseudonym, for counting and for knowing again; worthless without the installation's secret. */
export const pseudonym = (ctx: Keyed, of: string): Buffer =>
  fingerprint(deriveKey(ctx.platform.config.HAMSAFAR_SECRET_KEY, 'entry-check pseudonym'), of)

/** The same person at any desk: by document and birth date. */
export const subjectOf = (ctx: Keyed, { document, birth }: Pick<Facts, 'document' | 'birth'>): Buffer =>
  pseudonym(ctx, `subject ${oneSpelling(document)} ${birth}`)

// Whoever adds words gets no other name by it: each two count.
const MOST_WORDS = 8

type Named = Pick<Facts, 'name' | 'birth'>

/**
 * The same name and birth date with whatever document, for counting: each two words of the name, in any order and spelling, with that
 * date. Two agreeing words are what makes an answer say that somebody may be meant (`finding.ts`). Each way of asking (`way`) counts for
 * itself: whoever has a PIN shuts nobody out of a desk, and no desk learns from its limit that somebody asked by telephone.
 */
export const namesOf = (ctx: Keyed, way: 'desk' | 'own', { name, birth }: Named): Buffer[] =>
  keysOf(
    ctx,
    way,
    pairsOf(name).map(([one, other]) => `name ${one} ${other} ${birth}`),
  )

/** As `namesOf`, where a letter of one of the two words may be another: an answer forgives that, too. */
export const nearNamesOf = (ctx: Keyed, way: 'desk', { name, birth }: Named): Buffer[] =>
  keysOf(
    ctx,
    way,
    pairsOf(name).flatMap(([one, other]) => halfInputs(one, other, birth)),
  )

const keysOf = (ctx: Keyed, way: string, counted: readonly string[]): Buffer[] =>
  [...new Set(counted)].map((of) => pseudonym(ctx, `${way} ${of}`))

function pairsOf(name: PersonName): (readonly [string, string])[] {
  const words = wordsOf(nameText(name)).map(skeleton).filter(Boolean).slice(0, MOST_WORDS).sort()
  return words.flatMap((one, at) => words.slice(at + 1).map((other) => [one, other] as const))
}

/** What was known, bound to one slip: equal states of two slips do not look equal. */
export const stateOf = (ctx: Keyed, slip: string, known: string): Buffer =>
  createHmac('sha256', pseudonym(ctx, `slip ${slip}`))
    .update(known)
    .digest()
