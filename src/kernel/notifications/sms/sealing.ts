import { keysFor } from '../../access/secret-key.ts'
import { fingerprint, openWithAny, seal } from '../../access/secrets.ts'
import type { Ctx } from '../../context.ts'

/** What is sealed of a message: the number in E.164, and the text as it goes out. */
export type SealedSms = { to: string; text: string }
type Keyed = Pick<Ctx, 'platform'>

/** Seals number and text for one row. */
export const sealSms = (ctx: Keyed, id: string, sms: SealedSms): Buffer =>
  seal(sealingKeys(ctx)[0]!, Buffer.from(JSON.stringify(sms), 'utf8'), ownerOf(id))

/** Opens what `sealSms` sealed for the same row. Throws when no key opens it. */
export const openSms = (ctx: Keyed, id: string, sealed: Buffer): SealedSms =>
  JSON.parse(openWithAny(sealingKeys(ctx), sealed, ownerOf(id)).toString('utf8'))

/** Keyed pseudonyms of a number, of the present and the former key: for counting only. */
export const numberKeys = (ctx: Keyed, to: string): Buffer[] => pseudonyms(ctx, `number ${to}`)

/** Keyed pseudonyms of the act that a message belongs to. */
export const actKeys = (ctx: Keyed, act: string): Buffer[] => pseudonyms(ctx, `act ${act}`)

/** Gives what waits over to the present secret key, in one transaction; what opens with neither key stays. Owner's connection. */
export async function moveSmsKey(ctx: Ctx): Promise<number> {
  const present = {
    platform: { ...ctx.platform, config: { ...ctx.platform.config, HAMSAFAR_SECRET_KEY_BEFORE: undefined } },
  }
  return ctx.db.transaction().execute(async (db) => {
    const rows = await db
      .selectFrom('notifications.sms')
      .select(['id', 'sealed'])
      .where('sealed', 'is not', null)
      .orderBy('id')
      .forUpdate()
      .execute()
    let moved = 0
    for (const { id, sealed } of rows) {
      if (opened(present, id, sealed!)) continue
      const sms = opened(ctx, id, sealed!)
      if (!sms) {
        ctx.log.warn({ sms: id }, 'a text message opens with neither key')
        continue
      }
      await db
        .updateTable('notifications.sms')
        .set({ sealed: sealSms(ctx, id, sms) })
        .where('id', '=', id)
        .execute()
      moved++
    }
    return moved
  })
}

function opened(ctx: Keyed, id: string, sealed: Buffer): SealedSms | undefined {
  try {
    return openSms(ctx, id, sealed)
  } catch {
    return undefined
  }
}

const sealingKeys = ({ platform }: Keyed) => keysFor(platform.config, 'sms')
const pseudonyms = ({ platform }: Keyed, of: string) =>
  keysFor(platform.config, 'sms pseudonym').map((key) => fingerprint(key, of))
const ownerOf = (id: string) => `notifications.sms ${id}`
