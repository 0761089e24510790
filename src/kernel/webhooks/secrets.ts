import { keysFor } from '../access/secret-key.ts'
import { openWithAny, seal } from '../access/secrets.ts'
import type { Ctx } from '../context.ts'

type Keyed = Pick<Ctx, 'platform'>

/** Seals a signing secret for one subscription. */
export const sealWebhookSecret = (ctx: Keyed, id: string, secret: string): Buffer =>
  seal(keysOf(ctx)[0]!, Buffer.from(secret, 'utf8'), ownerOf(id))

/** Opens what `sealWebhookSecret` sealed. Throws when no key opens it. */
export const openWebhookSecret = (ctx: Keyed, id: string, sealed: Buffer): string =>
  openWithAny(keysOf(ctx), sealed, ownerOf(id)).toString('utf8')

/** Gives signing secrets over to the present secret key, in one transaction; what opens with neither key stays. Owner's connection. */
export async function moveWebhookSecrets(ctx: Ctx): Promise<number> {
  return ctx.db.transaction().execute(async (db) => {
    const rows = await db
      .selectFrom('webhooks.subscription')
      .select(['id', 'secret', 'former_secret'])
      .orderBy('id')
      .forUpdate()
      .execute()
    let moved = 0
    for (const { id, secret, former_secret } of rows) {
      const changed = {
        ...resealed(ctx, id, 'secret', secret),
        ...(former_secret && resealed(ctx, id, 'former_secret', former_secret)),
      }
      const count = Object.keys(changed).length
      if (count === 0) continue
      await db.updateTable('webhooks.subscription').set(changed).where('id', '=', id).execute()
      moved += count
    }
    return moved
  })
}

// Nothing when it opens with the present key already, or with neither.
function resealed(ctx: Ctx, id: string, column: 'secret' | 'former_secret', sealed: Buffer): Record<string, Buffer> {
  const present = {
    platform: { ...ctx.platform, config: { ...ctx.platform.config, HAMSAFAR_SECRET_KEY_BEFORE: undefined } },
  }
  if (opened(present, id, sealed) !== undefined) return {}
  const secret = opened(ctx, id, sealed)
  if (secret !== undefined) return { [column]: sealWebhookSecret(ctx, id, secret) }
  ctx.log.warn({ subscription: id }, 'a signing secret opens with neither key')
  return {}
}

function opened(ctx: Keyed, id: string, sealed: Buffer): string | undefined {
  try {
    return openWebhookSecret(ctx, id, sealed)
  } catch {
    return undefined
  }
}

const keysOf = ({ platform }: Keyed) => keysFor(platform.config, 'webhooks')
const ownerOf = (id: string) => `webhooks.subscription ${id}`
