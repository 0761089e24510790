import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import type { Lang } from '#kernel/i18n/languages.ts'
import { newId } from '#kernel/ids.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import { enqueue } from '#kernel/jobs/runs.ts'
import { takeAttempts } from '#kernel/my-case/pins.ts'
import { sendSms } from '#kernel/notifications/sms/send-sms.ts'
import { oneSpelling } from '#kernel/people/numbers.ts'
import { type Answer, answerInquiry, OPEN_FOR } from './answers.ts'
import { answerOwner, type Facts, factsOwner, namesOf, openFor, pseudonym, sealFor } from './facts.ts'
import { DAY, guarded, limit } from './limits.ts'
import { ownTelephone } from './own-telephone.ts'
import { type Holder, type Proven, proveHolder } from './pins.ts'

/** The task that takes up what somebody asked from their own telephone. */
export const ASK_TASK = 'entry_check.ask'

const PER_DAY = { person: 6, document: 12, name: 12 } as const

type Question = { reference: string; pin: string; tell?: boolean }

/**
 * Takes a question. It looks at nothing that is known about anybody: reference and PIN go sealed into a job, so that content,
 * size, headers and time of the reply cannot depend on them. @throws too_many for a network or telephone that asks all day
 */
export async function ask(ctx: Ctx, c: Context, question: Question): Promise<void> {
  await limit(ctx, c, 'ask')
  const id = newId()
  const { lang } = ctx
  const sealed = sealFor(ctx, `question ${id}`, { ...question, lang, salt: randomBytes(8).toString('hex') })
  await enqueue(ctx, ASK_TASK, { id, sealed: sealed.toString('base64') })
}

/** Takes up a question: who it is from is only looked at here. */
export const askJob = defineJob<{ id: string; sealed: string }>({
  async run(ctx, { id, sealed }) {
    const question = openFor<Question & { lang: Lang }>(ctx, `question ${id}`, Buffer.from(sealed, 'base64'))
    await ctx.db.transaction().execute(async (db) => {
      const inside = { ...ctx, db }
      const done = await sql`select from entry_check.inquiry where id = ${id}`.execute(db)
      const holder = done.rows.length === 0 ? await proveHolder(inside, question.reference, question.pin) : null
      if (!holder || !(await mayAsk(inside, holder))) return
      await db
        .insertInto('entry_check.inquiry')
        .values({
          ...{ id, holder_id: holder.id, at: ctx.now, way: 'own', purpose: 'request' },
          open_until: ctx.now.add(OPEN_FOR),
        })
        .execute()
      await answerInquiry(inside, id)
      if (question.tell) await tellReady(inside, id, holder, question.lang)
    })
  },
})

// To nobody's telephone but their own; it says neither what is ready nor where.
async function tellReady(ctx: Ctx, inquiry: string, { id, facts_sealed }: Holder, lang: Lang): Promise<void> {
  const own = await ownTelephone(ctx, openFor<Facts>(ctx, factsOwner(id), facts_sealed))
  if (own)
    await sendSms(ctx, {
      ...{ to: own.phone, home: 'TJ', key: 'answer_ready', lang, idempotency: `entry_check answer ${inquiry}` },
    })
}

async function mayAsk(ctx: Ctx, { id, facts_sealed }: Holder): Promise<boolean> {
  const facts = openFor<Facts>(ctx, factsOwner(id), facts_sealed)
  const limits = [
    [pseudonym(ctx, `person ${id}`), PER_DAY.person],
    [pseudonym(ctx, `document ${oneSpelling(facts.document)}`), PER_DAY.document],
    ...namesOf(ctx, 'own', facts).map((key) => [key, PER_DAY.name] as const),
  ] as const
  return takeAttempts(ctx, limits, DAY)
}

export type Opened = {
  holder: string
  proven: Proven
  inquiry: string
  answer: Answer
  open_until: Temporal.Instant
  facts: Facts
}

/**
 * The answer that reference and PIN open. `wrong`: this pair opens nothing, whatever the reason; `none`: it is right, and nothing is
 * ready or open any more. @throws too_many after many wrong ones from this network
 */
export async function openAnswer(
  ctx: Ctx,
  c: Context,
  { reference, pin }: Question,
): Promise<Opened | 'wrong' | 'none'> {
  const holder = await guarded(ctx, c, reference, () => proveHolder(ctx, reference, pin))
  if (!holder) return 'wrong'
  const { rows } = await sql<{ id: string; answer_sealed: Buffer; open_until: Temporal.Instant }>`
    select id, answer_sealed, open_until from entry_check.find_answer(${holder.id}, ${ctx.now})`.execute(ctx.db)
  const [found] = rows
  if (!found) return 'none'
  const answer = openFor<Answer>(ctx, answerOwner(found.id), found.answer_sealed)
  const facts = openFor<Facts>(ctx, factsOwner(holder.id), holder.facts_sealed)
  const { id, proven } = holder
  return { holder: id, proven, inquiry: found.id, answer, open_until: found.open_until, facts }
}
