import { createHmac } from 'node:crypto'
import { keysFor } from '#kernel/access/secret-key.ts'
import { deriveKey, fingerprint, openWithAny, seal } from '#kernel/access/secrets.ts'
import type { Ctx } from '#kernel/context.ts'
import type { PersonName } from '#kernel/people/matching/names.ts'
import { oneSpelling } from '#kernel/people/numbers.ts'

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

/** What was known, bound to one slip: equal states of two slips do not look equal. */
export const stateOf = (ctx: Keyed, slip: string, known: string): Buffer =>
  createHmac('sha256', pseudonym(ctx, `slip ${slip}`))
    .update(known)
    .digest()
