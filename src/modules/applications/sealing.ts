import { sql } from 'kysely'
import { keysFor } from '#kernel/access/secret-key.ts'
import { open, openWithAny, seal } from '#kernel/access/secrets.ts'
import type { Ctx } from '#kernel/context.ts'

type Keyed = Pick<Ctx, 'platform'>

/** Where something lies sealed: its table and column. */
type Place = 'seeker.facts' | 'application.shared' | 'help_request.contact' | 'saved_search.address'

const ownerOf = (place: Place, id: string) => `applications ${place} ${id}`

/** Seals a value for one row of that place. */
export const sealFor = (ctx: Keyed, place: Place, id: string, value: unknown): Buffer =>
  seal(keysFor(ctx.platform.config, 'applications')[0]!, Buffer.from(JSON.stringify(value), 'utf8'), ownerOf(place, id))

/** Opens what `sealFor` sealed for the same row. Throws for any other. */
export const openFor = <T>(ctx: Keyed, place: Place, id: string, sealed: Buffer): T =>
  JSON.parse(
    openWithAny(keysFor(ctx.platform.config, 'applications'), sealed, ownerOf(place, id)).toString('utf8'),
  ) as T

const PLACES: readonly Place[] = ['seeker.facts', 'application.shared', 'help_request.contact', 'saved_search.address']

/** Seals anew what lies under the former secret key, in one transaction. Owner's connection. */
export async function moveApplicationsKey(ctx: Ctx): Promise<number> {
  const [present, former] = keysFor(ctx.platform.config, 'applications')
  if (!former) return 0
  return ctx.db.transaction().execute(async (db) => {
    let moved = 0
    for (const place of PLACES) {
      const [table, name] = place.split('.') as [string, string]
      const [from, column] = [sql.table(`applications.${table}`), sql.ref(`${name}_sealed`)]
      const { rows } = await sql<{ id: string; sealed: Buffer }>`
        select id, ${column} as sealed from ${from} where ${column} is not null for update`.execute(db)
      for (const { id, sealed } of rows) {
        const plain = opened(former, sealed, ownerOf(place, id))
        if (!plain) continue
        await sql`update ${from} set ${column} = ${seal(present!, plain, ownerOf(place, id))} where id = ${id}`.execute(
          db,
        )
        moved++
      }
    }
    return moved
  })
}

// What is under the present key already does not open with the former one.
function opened(key: Buffer, sealed: Buffer, owner: string): Buffer | null {
  try {
    return open(key, sealed, owner)
  } catch {
    return null
  }
}
