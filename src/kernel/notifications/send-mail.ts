import { sql } from 'kysely'
import { keysFor } from '../access/secret-key.ts'
import { fingerprint, openWithAny, seal } from '../access/secrets.ts'
import type { Ctx } from '../context.ts'
import type { Lang } from '../i18n/languages.ts'
import { newId } from '../ids.ts'

/** To one address within 24 hours: enough to ask again, too little to pester. */
export const MAILS_PER_DAY = 6

/** What is sealed of a mail to who has no account. */
export type SealedMail = { to: string; subject: string; body: string /** See `Transport`. */; unsubscribe?: string }

type Mail = SealedMail & {
  lang: Lang
  /** Names the act it belongs to: asked twice for the same, one mail goes out. */
  idempotency: string
}

/**
 * Takes a mail to somebody without an account into the queue, in the transaction of what it is about: only such a one that
 * its reader has asked for, such as a link that proves the mailbox, or what they then wanted to be told (with `unsubscribe`). It goes out within a minute; a demonstration
 * without mail server shows it at `/outbox`. Works for every actor.
 *
 * @returns `taken`; `quota` when the address has had enough within a day; `no_server` when none is set
 */
export async function sendMail(
  ctx: Ctx,
  { lang, idempotency, ...mail }: Mail,
): Promise<'taken' | 'quota' | 'no_server'> {
  const { config, demonstration } = ctx.platform
  const server = Boolean(config.HAMSAFAR_SMTP_URL && config.HAMSAFAR_MAIL_FROM)
  if (!server && !demonstration) return 'no_server'
  const id = newId()
  const [act] = pseudonyms(ctx, `act ${idempotency}`)
  const message_id = `<${act!.toString('hex')}@${new URL(config.origin).hostname}>`
  const { rows } = await sql<{ outcome: 'taken' | 'quota' }>`
    select notifications.queue_mail(
      ${id}, ${lang}, ${sealMail(ctx, id, mail)}, ${pseudonyms(ctx, `address ${mail.to.toLowerCase()}`)}::bytea[],
      ${message_id}, ${!server}, ${MAILS_PER_DAY}, ${ctx.now}
    ) as outcome`.execute(ctx.db)
  return rows[0]!.outcome
}

type Keyed = Pick<Ctx, 'platform'>

const sealMail = (ctx: Keyed, id: string, mail: SealedMail): Buffer =>
  seal(sealingKeys(ctx)[0]!, Buffer.from(JSON.stringify(mail), 'utf8'), ownerOf(id))

/** Opens what `sendMail` sealed for the same row. Throws when no key opens it. */
export const openMail = (ctx: Keyed, id: string, sealed: Buffer): SealedMail =>
  JSON.parse(openWithAny(sealingKeys(ctx), sealed, ownerOf(id)).toString('utf8'))

/** Gives the mails that wait over to the present secret key, in one transaction. Owner's connection. */
export async function moveMailKey(ctx: Ctx): Promise<number> {
  return ctx.db.transaction().execute(async (db) => {
    const rows = await db
      .selectFrom('notifications.delivery')
      .select(['id', 'sealed'])
      .where('sealed', 'is not', null)
      .orderBy('id')
      .forUpdate()
      .execute()
    let moved = 0
    for (const { id, sealed } of rows) {
      const [present, ...former] = sealingKeys(ctx).map((key) => opens(key, id, sealed!))
      if (present) continue
      const mail = former.find(Boolean)
      if (!mail) {
        ctx.log.warn({ mail: id }, 'a mail opens with neither key')
        continue
      }
      await db
        .updateTable('notifications.delivery')
        .set({ sealed: sealMail(ctx, id, mail) })
        .where('id', '=', id)
        .execute()
      moved++
    }
    return moved
  })
}

function opens(key: Buffer, id: string, sealed: Buffer): SealedMail | null {
  try {
    return JSON.parse(openWithAny([key], sealed, ownerOf(id)).toString('utf8'))
  } catch {
    return null
  }
}

const sealingKeys = ({ platform }: Keyed) => keysFor(platform.config, 'mail')
const pseudonyms = ({ platform }: Keyed, of: string) =>
  keysFor(platform.config, 'mail pseudonym').map((key) => fingerprint(key, of))
const ownerOf = (id: string) => `notifications.delivery ${id}`
