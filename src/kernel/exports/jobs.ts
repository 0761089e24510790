import { type Kysely, sql } from 'kysely'
import { authorise } from '../access/authorise.ts'
import { actAs } from '../access/transaction.ts'
import { audit } from '../audit/audit.ts'
import type { Ctx, StaffActor } from '../context.ts'
import type { DB } from '../db/types.ts'
import { keepFile, writeFile } from '../files/files.ts'
import { formatOf, plainDate, TIME_ZONE } from '../i18n/format.ts'
import type { Lang } from '../i18n/languages.ts'
import { translator } from '../i18n/translate.ts'
import { defineJob, type JobCtx } from '../jobs/job.ts'
import { FILE_TYPES, writeTable } from './download.ts'
import { type ExportFormat, first, MOST_ROWS } from './export.ts'
import { findExport, KEPT } from './exports.ts'
import { tellReady } from './notices.ts'

const REPORTED = 1_000

/**
 * Makes a long table, in the name of whoever asked: on the app's connection, where row policies bind, with the rights
 * that person has now. All rows come from one snapshot and go straight into the file.
 */
export const makeJob = defineJob<{ id: string }>({
  retries: 1,
  async run(job, { id }) {
    const asked = await job.db.selectFrom('exports.export').selectAll().where('id', '=', id).executeTakeFirst()
    if (!asked || asked.rows !== null) return
    const definition = findExport(job, asked.kind)
    if (definition?.permission == null) throw new Error(`There is no export ${asked.kind}`)
    if (!job.app) throw new Error('An export needs the connection of the app')
    const lang = asked.lang as Lang
    const format = asked.format as ExportFormat
    const actor = await actorOf(job.db, asked, lang)
    await job.app
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (db) => {
        await actAs(db, actor, job.now)
        const t = translator(job.platform.catalogue, lang)
        const clock = formatOf(lang).in(actor.time_zone ?? TIME_ZONE)
        const ctx: Ctx = { ...job, actor, db, lang, t, format: clock }
        authorise(ctx, definition.permission)
        const query = new URLSearchParams(asked.query)
        await job.report({ total: await definition.count(ctx, query, MOST_ROWS) })
        const counted = countRows(job, first(MOST_ROWS, definition.rows(ctx, query)))
        const name = t(definition.title)
        const table = { name, headings: definition.headings(ctx), rows: counted.rows, time_zone: ctx.format.time_zone }
        const expires_at = job.now.add(KEPT)
        const file = await writeFile(
          ctx,
          {
            name: `${name} ${plainDate(job.now)}.${format}`,
            type: FILE_TYPES[format],
            content: writeTable(table, format),
          },
          { permission: definition.permission, protect: true, expires: expires_at },
        )
        await keepFile(ctx, file.id)
        const result = { file_id: file.id, rows: counted.count(), expires_at }
        await db.updateTable('exports.export').set(result).where('id', '=', id).execute()
        await audit(ctx, definition.act, { type: 'export', id }, { rows: result.rows, format })
      })
    await tellReady(job, id, asked)
  },
})

function countRows<T>(job: JobCtx, rows: AsyncIterable<T>) {
  let count = 0
  return {
    count: () => count,
    rows: (async function* () {
      for await (const row of rows) {
        if (++count % REPORTED === 0) await job.report({ done: count })
        yield row
      }
    })(),
  }
}

async function actorOf(
  owner: Kysely<DB>,
  { created_by, organisation_id }: { created_by: string; organisation_id: string },
  lang: Lang,
): Promise<StaffActor> {
  const { rows } = await sql<Pick<StaffActor, 'name' | 'organisation_name' | 'time_zone'> & { permissions: string[] }>`
    select u.name, organisations.name_of(${organisation_id}::uuid, ${lang}) as organisation_name,
      (select p.time_zone
        from organisations.organisation o join places.place p on p.code = o.country
        where o.id = ${organisation_id}::uuid) as time_zone,
      array(select access.permissions_of(u.id, ${organisation_id}::uuid)) as permissions
    from access.user_account u
    where u.id = ${created_by}`.execute(owner)
  const { permissions, ...names } = rows[0]!
  const ids = { user_id: created_by, organisation_id, session_id: '' }
  return { kind: 'staff', ...ids, ...names, permissions: new Set(permissions) }
}
