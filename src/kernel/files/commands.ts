import { audit } from '../audit/audit.ts'
import { defineCommand } from '../cli/command.ts'
import { presentKeyId, unwrapKey, wrapKey } from './keys.ts'
import { reapFiles } from './reap.ts'

const BATCH = 500

/** After a change of the secret key: wraps every file's key with the new one. The files themselves stay as they are. */
export const rewrapCommand = defineCommand({
  name: 'files rewrap',
  summary: 'Give protected files over to the present secret key; HAMSAFAR_SECRET_KEY_BEFORE opens them',
  needs: 'database',
  async run(ctx, _input, out) {
    const { config } = ctx.platform
    const present = presentKeyId(config)
    let rewrapped = 0
    for (;;) {
      const done = await ctx.db.transaction().execute(async (db) => {
        const rows = await db
          .selectFrom('files.file')
          .select(['id', 'key_id', 'wrapped_key'])
          .where('key_id', '!=', present)
          .orderBy('id')
          .limit(BATCH)
          .forUpdate()
          .execute()
        for (const { id, key_id, wrapped_key } of rows) {
          const key = unwrapKey(config, { key_id: key_id!, wrapped_key: wrapped_key! }, id)
          await db
            .updateTable('files.file')
            .set(wrapKey(config, key, id))
            .where('id', '=', id)
            .execute()
        }
        if (rows.length > 0) await audit({ ...ctx, db }, 'file.rewrap', undefined, { files: rows.length })
        return rows.length
      })
      rewrapped += done
      if (done < BATCH) break
      out.progress(String(rewrapped))
    }
    out.print(`${rewrapped} files were given over to the key ${present}.`)
    out.result({ rewrapped, key: present })
  },
})

/** What the hourly job does, at once. */
export const reapCommand = defineCommand({
  name: 'files reap',
  summary: 'Take away files that have expired or that nothing refers to for a day; a job does so every hour',
  needs: 'database',
  async run(ctx, _input, out) {
    const { rows, objects } = await reapFiles(ctx)
    out.print(`${rows} files were forgotten, the bytes of ${objects} removed.`)
    out.result({ rows, objects })
  },
})
