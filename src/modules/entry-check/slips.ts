import { createPublicKey, sign, verify } from 'node:crypto'
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { newId } from '#kernel/ids.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import { sendEvent } from '#kernel/webhooks/send-event.ts'
import { listVersion } from '#modules/expulsions/public.ts'
import { type Answer, isFresh } from './answers.ts'
import type { Opened } from './asking.ts'
import { answerOwner, type Facts, factsOwner, openFor, stateOf } from './facts.ts'
import { examine } from './finding.ts'
import { openSigningKey, publicKey } from './signing-key.ts'
import { bindingOf, plainDocument, readSlip, type Slip, slipText } from './slip-code.ts'

/** So long a slip is worth something, from the check that it tells of. */
const SLIP_HOURS = 72

// Without a change of the lists a slip is looked at so often: links between records of one person change too.
const LOOK_AFTER = { minutes: 5 }

/**
 * Until when a slip made from this answer holds. `none`: something was found, or the list is old; `old`: nothing was found, but so
 * long ago that the person has to ask anew.
 */
export function slipUntil({ now }: Pick<Ctx, 'now'>, answer: Opened['answer']): Temporal.Instant | 'none' | 'old' {
  if (answer.kind !== 'not_found' || !isFresh(answer, now)) return 'none'
  const until = Temporal.Instant.from(answer.at).add({ hours: SLIP_HOURS })
  return Temporal.Instant.compare(until, now) > 0 ? until : 'old'
}

/** Makes a slip for one passport and one route, and answers its code. `route` is what `routeOf` said, `until` what `slipUntil` did. */
export async function issueSlip(
  ctx: Ctx,
  { inquiry, answer, facts }: Opened,
  route: string,
  until: Temporal.Instant,
): Promise<string> {
  const id = newId()
  const { rows } = await sql<{ key: Buffer }>`
    select entry_check.issue_slip(${id}, ${inquiry}, ${stateOf(ctx, id, answer.known)}, ${ctx.now}, ${until}) as key`.execute(
    ctx.db,
  )
  const text = slipText({
    ...{ id, route, passport: await bindingOf(id, facts.document, facts.birth) },
    ...{ issued: seconds(Temporal.Instant.from(answer.at)), until: seconds(until) },
    // By the clock at home, as the paper says it.
    ...{ list: answer.list.version, list_on: plainDate(Temporal.Instant.from(answer.list.on!)).toString() },
  })
  const signature = sign(null, Buffer.from(text), openSigningKey(ctx, rows[0]!.key))
  return `${Buffer.from(text).toString('base64url')}.${signature.toString('base64url')}`
}

const seconds = (instant: Temporal.Instant) => Math.floor(instant.epochMilliseconds / 1000)

export type Verdict = {
  state: 'missing' | 'valid' | 'revoked' | 'ended' | 'other_document' | 'forged'
  slip: Slip | null
}

/**
 * What a code is worth now, with document and birth date of the passport that lies beside it. The page does the same without network,
 * by the revoked slips that it knows; here the newest answer about its holder counts too. `birth`: null for what is no date. Without
 * all three nothing is said about the slip.
 */
export async function verifySlip(ctx: Ctx, code: string, document: string, birth: number | null): Promise<Verdict> {
  if (!code || !plainDocument(document) || !birth) return { state: 'missing', slip: null }
  const key = await publicKey(ctx)
  const [text, signature] = code.split('.').map((part) => Buffer.from(part, 'base64url'))
  const forged: Verdict = { state: 'forged', slip: null }
  if (!key || !text || !signature || signature.length !== 64) return forged
  const half = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') }, format: 'jwk' })
  const slip = verify(null, text, half, signature) ? readSlip(text.toString('utf8')) : null
  if (!slip) return forged
  if (slip.passport !== (await bindingOf(slip.id, document, birth))) return { state: 'other_document', slip }
  const { rows } = await sql<{ state: Verdict['state']; inquiry_id: string | null; answer_sealed: Buffer }>`
    select state, inquiry_id, answer_sealed from entry_check.slip_state(${slip.id}, ${ctx.now})`.execute(ctx.db)
  const [known] = rows
  if (!known) return { state: 'ended', slip }
  const { state, inquiry_id, answer_sealed } = known
  const newest = inquiry_id && openFor<Answer>(ctx, answerOwner(inquiry_id), answer_sealed)
  return { state: state === 'valid' && newest && newest.kind !== 'not_found' ? 'revoked' : state, slip }
}

/** Ids of slips that were revoked and would still run: nothing in it names anybody. */
export async function revokedSlips(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select revoked as id from entry_check.revoked(${ctx.now})`.execute(ctx.db)
  return rows.map(({ id }) => id)
}

/** Programs of carriers with an agreement are told that a slip counts no more: its number, as their copy of revoked ones has it. */
export const SLIP_REVOKED = 'entry_check_slip.revoked'

/** Revokes slips about whose holder anything changed since: found, lifted, "not me". Each minute, where there is reason to look. */
export const revokeJob = defineJob({
  async run(ctx) {
    const { version } = await listVersion(ctx)
    const { rows } = await sql<{ id: string; state: Buffer; holder_id: string; facts_sealed: Buffer | null }>`
      select s.id, s.state, h.id as holder_id, h.facts_sealed
      from entry_check.slip s
      join entry_check.inquiry i on i.id = s.inquiry_id
      join entry_check.holder h on h.id = i.holder_id
      where s.revoked_at is null
        and s.until > ${ctx.now}
        and (s.list_version is distinct from ${version} or s.looked_at <= ${ctx.now.subtract(LOOK_AFTER)})
      order by s.id`.execute(ctx.db)
    for (const { id, state, holder_id, facts_sealed } of rows) {
      ctx.signal.throwIfAborted()
      const facts = facts_sealed && openFor<Facts>(ctx, factsOwner(holder_id), facts_sealed)
      const isSame = facts && stateOf(ctx, id, (await examine(ctx, facts)).known).equals(state)
      await ctx.db.transaction().execute(async (db) => {
        await sql`
          update entry_check.slip
          set revoked_at = ${isSame ? null : ctx.now}, list_version = ${version}, looked_at = ${ctx.now}
          where id = ${id}`.execute(db)
        if (!isSame) await tellCarriers({ ...ctx, db }, id)
      })
    }
  },
})

// Nothing but what everybody may fetch from the page that verifies slips, and to all alike.
async function tellCarriers(ctx: Ctx, slip: string): Promise<void> {
  const carriers = await ctx.db
    .selectFrom('entry_check.agreement')
    .select('organisation_id')
    .where('ended_at', 'is', null)
    .execute()
  for (const { organisation_id } of carriers)
    await sendEvent(ctx, { event: SLIP_REVOKED, organisation_id, key: slip, data: { slip } })
}
