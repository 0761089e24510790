import { audit } from '../audit/audit.ts'
import { defineCommand } from '../cli/command.ts'

/**
 * After a change of the secret key: gives over to it what every part keeps under the former one. It can be broken off
 * and begun again; only when nothing is left does the database forget the former key.
 */
export const moveKeyCommand = defineCommand({
  name: 'secret-key move',
  summary: 'Give what is encrypted over to the present secret key; HAMSAFAR_SECRET_KEY_BEFORE opens it',
  needs: 'database',
  async run(ctx, _input, out) {
    const instance = () => ctx.db.selectFrom('system.instance').select(['key_check', 'key_check_before'])
    const { key_check, key_check_before } = await instance().executeTakeFirstOrThrow()
    let moved = 0
    if (key_check_before) {
      for (const part of ctx.platform.parts)
        for (let done = await part.moveKey?.(ctx); done; done = await part.moveKey?.(ctx)) {
          moved += done
          out.progress(String(moved))
        }
      await ctx.db.transaction().execute(async (db) => {
        await db
          .updateTable('system.instance')
          .set({ key_check_before: null })
          // Unless the move has gone back meanwhile.
          .where('key_check', '=', key_check)
          .execute()
        await audit({ ...ctx, db }, 'secret_key.move', undefined, { moved })
      })
    }
    out.print(
      key_check_before
        ? `${moved} secrets were given over. HAMSAFAR_SECRET_KEY_BEFORE is needed no more; recovery codes of the former key have ended.`
        : 'Nothing is under a former key.',
    )
    out.result({ moved })
  },
})
