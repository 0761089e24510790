import { randomInt } from 'node:crypto'
import type { Context } from 'hono'
import { sql } from 'kysely'
import { hashPassword } from '#kernel/access/passwords.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import type { Lang } from '#kernel/i18n/languages.ts'
import { newId, newReference } from '#kernel/ids.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import { enqueue } from '#kernel/jobs/runs.ts'
import { newPin, provePin, takeAttempts } from '#kernel/my-case/pins.ts'
import { sendSms } from '#kernel/notifications/sms/send-sms.ts'
import {
  codeFactsOwner,
  codeOwner,
  type Facts,
  factsOwner,
  openFor,
  pinOwner,
  pseudonym,
  sealFor,
  subjectOf,
} from './facts.ts'
import { DAY, guarded, limit } from './limits.ts'
import { ownTelephone } from './own-telephone.ts'
import { SERVES } from './pins.ts'

/** The task that sends a code to whoever asked for one. */
export const CODE_TASK = 'entry_check.code'
/** So long a code counts. */
export const CODE_MINUTES = 15
// To one document, and to one telephone: a code is for somebody who stands there and waits.
const CODES_PER_DAY = 4

export type Claim = Pick<Facts, 'document' | 'birth'> & { phone: string }

/**
 * Takes a wish for a code and answers its ticket. It looks at nothing that is known about anybody: all goes sealed into a job, so
 * that content, size, headers and time of the reply cannot depend on it. @throws too_many
 */
export async function askCode(ctx: Ctx, c: Context, claim: Claim): Promise<string> {
  await limit(ctx, c, 'code')
  const ticket = newId()
  const sealed = sealFor(ctx, `claim ${ticket}`, { ...claim, lang: ctx.lang })
  await enqueue(ctx, CODE_TASK, { ticket, sealed: sealed.toString('base64') })
  return ticket
}

/** Sends the code, if document, birth date and telephone belong to one person of the registry, and the telephone to nobody else. */
export const codeJob = defineJob<{ ticket: string; sealed: string }>({
  async run(ctx, { ticket, sealed }) {
    const claim = openFor<Claim & { lang: Lang }>(ctx, `claim ${ticket}`, Buffer.from(sealed, 'base64'))
    await ctx.db.transaction().execute(async (db) => {
      const inside = { ...ctx, db }
      const own = await ownTelephone(inside, claim, claim.phone)
      const done = await sql`select from entry_check.code where id = ${ticket}`.execute(db)
      if (!own || done.rows.length > 0) return
      const limits = [`code document ${subjectOf(ctx, claim).toString('hex')}`, `code phone ${own.phone}`]
      const keys = limits.map((of) => [pseudonym(ctx, of), CODES_PER_DAY] as const)
      if (!(await takeAttempts(inside, keys, DAY))) return
      const code = String(randomInt(1_000_000)).padStart(6, '0')
      const until = ctx.now.add({ minutes: CODE_MINUTES })
      const facts: Facts = { document: claim.document, birth: claim.birth, name: own.name }
      await db
        .insertInto('entry_check.code')
        .values({
          ...{ id: ticket, until, facts_sealed: sealFor(ctx, codeFactsOwner(ticket), facts) },
          code_sealed: sealFor(ctx, codeOwner(ticket), await hashPassword(code)),
        })
        .execute()
      await sendSms(inside, {
        ...{ to: own.phone, home: 'TJ', key: 'code', values: { code }, lang: claim.lang },
        ...{ idempotency: `entry_check code ${ticket}`, notAfter: until },
      })
    })
  },
})

export type Proved = { reference: string; pin: string }

/**
 * Reference and PIN for whoever has the code that belongs to this ticket; null for every other pair, whatever the reason, in the same
 * time. A code counts once, and five wrong ones end it. The caller's transaction must commit. @throws too_many
 */
export async function useCode(ctx: Ctx, c: Context, ticket: string, code: string): Promise<Proved | null> {
  return guarded(ctx, c, ticket, () => openCode(ctx, ticket, code))
}

async function openCode(ctx: Ctx, ticket: string, code: string): Promise<Proved | null> {
  const { rows } = await sql<{ facts_sealed: Buffer; code_sealed: Buffer }>`
    select facts_sealed, code_sealed from entry_check.find_code(${ticket}, ${ctx.now})`.execute(ctx.db)
  const [found] = rows
  const hash = found ? openFor<string>(ctx, codeOwner(ticket), found.code_sealed) : null
  if (!(await provePin(ctx, `code ${ticket}`, code, hash)) || !found) return null
  const facts = openFor<Facts>(ctx, codeFactsOwner(ticket), found.facts_sealed)
  const [id, reference, pin] = [newId(), newReference(12), newPin()]
  const sealed = {
    facts: sealFor(ctx, factsOwner(id), facts),
    pin: sealFor(ctx, pinOwner(id), await hashPassword(pin)),
  }
  const used = await sql<{ used: boolean }>`
    select entry_check.use_code(
      ${ticket}, ${id}, ${reference}, ${subjectOf(ctx, facts)}, ${sealed.facts}, ${sealed.pin}, ${ctx.now}, ${ctx.now.add(SERVES)}
    ) as used`.execute(ctx.db)
  if (!used.rows[0]!.used) return null
  await audit(ctx, 'entry_check.give', { type: 'entry_check', id })
  return { reference, pin }
}
