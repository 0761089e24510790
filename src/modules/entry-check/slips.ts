import { createHash, createPublicKey, sign, verify } from 'node:crypto'
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import { isFresh } from './answers.ts'
import type { Opened } from './asking.ts'
import { type Facts, factsOwner, openFor, stateOf } from './facts.ts'
import { examine } from './finding.ts'
import { openSigningKey, publicKey } from './signing-key.ts'
import { documentText, readSlip, type Slip, slipText } from './slip-code.ts'

/** So long a slip is worth something. */
export const SLIP_HOURS = 72

/** Whether a slip can be made from this answer: nothing was found, in a list that is not old. */
export const maySlip = ({ now }: Pick<Ctx, 'now'>, answer: Opened['answer']) =>
  answer.kind === 'not_found' && isFresh(answer, now)

/** Makes a slip for one document and one route, and answers its code. The caller asked `maySlip`. */
export async function issueSlip(
  ctx: Ctx,
  { inquiry, answer }: Opened,
  document: string,
  route: string,
): Promise<string> {
  const id = newId()
  const until = ctx.now.add({ hours: SLIP_HOURS })
  const { rows } = await sql<{ key: Buffer }>`
    select entry_check.issue_slip(${id}, ${inquiry}, ${stateOf(ctx, id, answer.known)}, ${ctx.now}, ${until}) as key`.execute(
    ctx.db,
  )
  const text = slipText({
    ...{ id, route, document: fingerprintOf(id, document) },
    ...{ issued: seconds(Temporal.Instant.from(answer.at)), until: seconds(until) },
    ...{ list: answer.list.version, list_on: answer.list.on!.slice(0, 10) },
  })
  const signature = sign(null, Buffer.from(text), openSigningKey(ctx, rows[0]!.key))
  return `${Buffer.from(text).toString('base64url')}.${signature.toString('base64url')}`
}

const seconds = (instant: Temporal.Instant) => Math.floor(instant.epochMilliseconds / 1000)

const fingerprintOf = (id: string, document: string) =>
  createHash('sha256').update(documentText(id, document)).digest('hex').slice(0, 32)

export type Verdict = { state: 'valid' | 'revoked' | 'ended' | 'other_document' | 'forged'; slip: Slip | null }

/** What a code is worth, with the document that lies beside it. The page does the same without network. */
export async function verifySlip(ctx: Ctx, code: string, document: string): Promise<Verdict> {
  const key = await publicKey(ctx)
  const [text, signature] = code.split('.').map((part) => Buffer.from(part, 'base64url'))
  const forged: Verdict = { state: 'forged', slip: null }
  if (!key || !text || !signature || signature.length !== 64) return forged
  const half = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') }, format: 'jwk' })
  const slip = verify(null, text, half, signature) ? readSlip(text.toString('utf8')) : null
  if (!slip) return forged
  if (slip.document !== fingerprintOf(slip.id, document)) return { state: 'other_document', slip }
  const { rows } = await sql<{ state: Verdict['state'] | null }>`
    select entry_check.slip_state(${slip.id}, ${ctx.now}) as state`.execute(ctx.db)
  return { state: rows[0]?.state ?? 'ended', slip }
}

/** Ids of slips that were revoked and would still run: nothing in it names anybody. */
export async function revokedSlips(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select revoked as id from entry_check.revoked(${ctx.now})`.execute(ctx.db)
  return rows.map(({ id }) => id)
}

/** Revokes slips about whose holder anything changed since: found, lifted, "not me". By the clock. */
export const revokeJob = defineJob({
  async run(ctx) {
    const { rows } = await sql<{ id: string; state: Buffer; holder_id: string; facts_sealed: Buffer | null }>`
      select s.id, s.state, h.id as holder_id, h.facts_sealed
      from entry_check.slip s
      join entry_check.inquiry i on i.id = s.inquiry_id
      join entry_check.holder h on h.id = i.holder_id
      where s.revoked_at is null
        and s.until > ${ctx.now}
      order by s.id`.execute(ctx.db)
    for (const { id, state, holder_id, facts_sealed } of rows) {
      ctx.signal.throwIfAborted()
      if (facts_sealed) {
        const { known } = await examine(ctx, openFor<Facts>(ctx, factsOwner(holder_id), facts_sealed))
        if (stateOf(ctx, id, known).equals(state)) continue
      }
      await sql`update entry_check.slip set revoked_at = ${ctx.now} where id = ${id}`.execute(ctx.db)
    }
  },
})
