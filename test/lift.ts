import { sql } from 'kysely'
import { newId, newReference } from '#kernel/ids.ts'
import { numberIndex } from '#kernel/people/numbers.ts'
import { registryKeys } from '#kernel/people/registry-key.ts'
import type { TestApp } from './app.ts'

/** What two officers decide about the measure against this document, a version in a batch of its own: it is lifted, or not theirs. */
export async function liftMeasure(
  site: TestApp,
  document: string,
  status: 'lifted' | 'not_me' = 'lifted',
): Promise<{ measure: string; batch: string }> {
  const ctx = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
  const index = numberIndex(await registryKeys(ctx), document)
  const { rows } = await sql<{ measure: string; sender: string }>`
    select s.measure_id as measure, s.custodian as sender
    from expulsions.statement s
    join people.document d on d.record_id = s.record_id
    where d.number_index = ${index}
    limit 1`.execute(site.owner)
  const [{ measure, sender }, batch] = [rows[0]!, newId()]
  await sql`
    select expulsions.revise_as(${measure}, ${batch}, ${newReference()}, ${JSON.stringify({ status })}::jsonb, ${sender}, null, ${ctx.now})`.execute(
    site.owner,
  )
  return { measure, batch }
}
