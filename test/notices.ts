import { withActor } from '#kernel/access/transaction.ts'
import { newId } from '#kernel/ids.ts'
import { importFile } from '#kernel/imports/import-file.ts'
import { listImport } from '../src/modules/expulsions/import.ts'
import { enterProceeding } from '../src/modules/expulsions/proceedings.ts'
import type { TestApp } from './app.ts'
import { NOW } from './database.ts'

/** What of the notices stands behind names in addresses. */
export type NoticeName = 'batch' | 'measure' | 'question' | 'proceeding'

const LIST = `№;ФИО;Д.р.;Паспорт;Мера;Основание;Номер решения;Срок запрета
1;Намунаев Далер Намунавич;14.02.1990;A12345678;неразрешение въезда;ст. 26;Н-1;01.06.2029
2;Абдуҷабборхоҷазодаи-Нуруллохонӣ Моҳинисо;23.02.1988;A22345678;включение в РКЛ;;Н-2;бессрочно
3;Образцов Комрон;01.03.1995;A32345678;депортация;ст. 25.10;Н-3;
`

/** Brings an invented list on its way from the consul's office to the others, past one term, and a proceeding with a deadline. */
export async function bringNotices(site: TestApp): Promise<Record<NoticeName, string>> {
  const [consul, officer, recipient] = await Promise.all([
    site.actor('consul'),
    site.actor('notice_officer'),
    site.actor('notice_recipient'),
  ])
  const bodies = [
    [consul, 'foreign_affairs'],
    [officer, 'migration'],
    [recipient, 'interior'],
  ] as const
  await site.owner
    .insertInto('expulsions.body')
    .values(bodies.map(([{ organisation_id }, kind]) => ({ organisation_id, kind })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await site.owner
    .insertInto('expulsions.route')
    .values({
      ...{ id: newId(), from_organisation: consul.organisation_id, to_organisation: recipient.organisation_id },
      ...{ mandate: 'Passing on notices', act: 'Sample act', term_hours: 48, since: NOW },
    })
    .execute()
  const earlier = NOW.subtract({ hours: 30 })
  await importFile(
    site.ctx({ db: site.owner, actor: consul, now: earlier }),
    listImport,
    { name: 'list.csv', bytes: Buffer.from(LIST) },
    { source: 'Letter 14/2-881' },
  )
  const proceeding = await withActor(
    site.db,
    consul,
    (db) =>
      enterProceeding(
        site.ctx({ db, actor: consul }),
        { names: [{ family: 'Намунаев', given: 'Сомон' }], birth: 19940517, sex: 'male', documents: [], adverse: true },
        {
          ...{ status: 'ordered', authority: null, place_code: 'RU-MOS', detained_at: 'Sample', detained_on: null },
          ...{ hearing_at: null, decision_on: null, served_on: null, appeal_until: NOW.add({ hours: 60 }) },
          ...{ appeal_basis: null, appealed_on: null, lawyer: 'asked', interpreter: 'unknown', visited_on: null },
          ...{ certificate: 'unknown', children: 2, wages_owed: 'yes', belongings: 'unknown' },
        },
      ),
    NOW,
  )
  const { reference: batch } = await site.owner
    .selectFrom('expulsions.batch')
    .select('reference')
    .executeTakeFirstOrThrow()
  const { reference: measure } = await site.owner
    .selectFrom('expulsions.measure')
    .select('reference')
    .orderBy('id')
    .executeTakeFirstOrThrow()
  const { id: question } = await site.owner.selectFrom('expulsions.question').select('id').executeTakeFirstOrThrow()
  return { batch, measure, question, proceeding }
}
