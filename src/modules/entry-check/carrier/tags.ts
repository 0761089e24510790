import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import type { PersonName } from '#kernel/people/matching/names.ts'
import { documentOwner, openText } from '#kernel/people/numbers.ts'
import { protectedDigest, withheldFrom } from '#kernel/people/protection.ts'
import { findRegistryKeys } from '#kernel/people/registry-key.ts'
import { recordsInForce } from '#modules/expulsions/public.ts'
import { type Facts, honeyOwner, openFor, pseudonym } from '../facts.ts'
import { listsInForce } from '../list-version.ts'
import { ensureOprfKey, openOprfKey, outputOf } from './oprf-key.ts'
import { TAG_BYTES } from './passenger.ts'
import { inputsOfRows, type Listed } from './rows.ts'

// A bucket says as little as one among so many.
const IN_A_BUCKET = 32
// Each takes a millisecond or more, and others wait meanwhile.
const BATCH = 100

/**
 * Makes the outputs of the pseudorandom function for everybody a carrier is to refer: each document and each name of a person against
 * whom a measure is in force; see `rows.ts`. Nobody who is protected: a carrier gets nothing about them, and "refer" would be
 * something. Only while some carrier has an agreement. What was made before is kept: the key stays. Each minute by the clock, where the
 * lists have changed, or who is protected.
 */
export const tagsJob = defineJob({
  async run(ctx) {
    const agreed = await sql`select from entry_check.agreement where ended_at is null limit 1`.execute(ctx.db)
    if (agreed.rows.length === 0) return
    const list = await listsInForce(ctx)
    const honey = await ctx.db.selectFrom('entry_check.honey').select(['id', 'facts_sealed']).execute()
    const guarded = await protectedDigest(ctx)
    const { rows } = await sql<{ due: boolean }>`
      select not exists (
        select
        from entry_check.tags_made m
        where m.list_version = ${list.version}
          and m.guarded = ${guarded}
          -- What ends on a day ends without a new list.
          and m.made_at::date = ${ctx.now}::timestamptz::date
          and (select count(distinct t.honey_id) from entry_check.tag t) = ${honey.length}
      ) as due`.execute(ctx.db)
    if (!rows[0]!.due) return
    await ensureOprfKey(ctx)
    const wanted = new Map<string, string | null>()
    for (const input of inputsOfRows(await listedInForce(ctx))) wanted.set(input, null)
    for (const { id, facts_sealed } of honey) {
      const { name, birth, document } = openFor<Facts>(ctx, honeyOwner(id), facts_sealed)
      for (const input of inputsOfRows([{ names: [name], births: [birth], documents: [document] }]))
        wanted.set(input, id)
    }
    await bringTags(ctx, wanted, ctx.signal)
    const bits = Math.max(0, Math.min(16, Math.floor(Math.log2(wanted.size / IN_A_BUCKET))))
    const made = {
      list_version: list.version,
      list_on: list.on,
      bits: Number.isFinite(bits) ? bits : 0,
      made_at: ctx.now,
      guarded,
    }
    await ctx.db
      .insertInto('entry_check.tags_made')
      .values(made)
      .onConflict((conflict) => conflict.column('one').doUpdateSet(made))
      .execute()
  },
})

// Whom a carrier is to refer. What was decided about protected people stands in docs/decisions.
async function listedInForce(ctx: Ctx): Promise<Listed[]> {
  const keys = await findRegistryKeys(ctx)
  if (!keys) return []
  const records = await recordsInForce(ctx, plainDate(ctx.now))
  const { rows } = await sql<{
    person_id: string
    births: number[] | null
    names: PersonName[]
    documents: { id: string; number_sealed: string }[]
  }>`
    select f.person_id, array_agg(distinct f.birth) filter (where f.birth is not null) as births,
      jsonb_path_query_array(jsonb_agg(f.names), '$[*][*]') as names,
      coalesce((
        select jsonb_agg(jsonb_build_object('id', d.id, 'number_sealed', encode(d.number_sealed, 'base64')))
        from people.document d
        where d.record_id = any (array_agg(f.record_id))
      ), '[]') as documents
    from people.finding f
    where f.person_id in (select w.person_id from people.finding w where w.record_id = any (${records}::uuid[]))
    group by f.person_id`.execute(ctx.db)
  const withheld = await withheldFrom(
    ctx,
    rows.map(({ person_id }) => person_id),
    'carrier',
  )
  return rows
    .filter(({ person_id }) => !withheld.has(person_id))
    .map(({ births, names, documents }) => ({
      ...{ births: births ?? [], names },
      documents: documents.map(({ id, number_sealed }) =>
        openText(keys, Buffer.from(number_sealed, 'base64'), documentOwner(id)),
      ),
    }))
}

async function bringTags(ctx: Ctx, wanted: ReadonlyMap<string, string | null>, signal: AbortSignal): Promise<void> {
  const { oprf_sealed } = await ctx.db.selectFrom('entry_check.key').select('oprf_sealed').executeTakeFirstOrThrow()
  const secret = openOprfKey(ctx, oprf_sealed!)
  const known = await ctx.db.selectFrom('entry_check.tag').select('input').execute()
  const have = new Set(known.map(({ input }) => input.toString('hex')))
  const inputs = new Map(
    Array.from(wanted, ([input, honey]) => [pseudonym(ctx, `passenger ${input}`).toString('hex'), { input, honey }]),
  )
  const gone = [...have].filter((input) => !inputs.has(input))
  await sql`
    delete from entry_check.tag where input in (select decode(g, 'hex') from unnest(${gone}::text[]) g)`.execute(ctx.db)
  const fresh = [...inputs].filter(([key]) => !have.has(key))
  for (let from = 0; from < fresh.length; from += BATCH) {
    signal.throwIfAborted()
    await ctx.db
      .insertInto('entry_check.tag')
      .values(
        fresh.slice(from, from + BATCH).map(([key, { input, honey }]) => {
          const output = outputOf(secret, input)
          const [tag, pad] = [output.subarray(0, TAG_BYTES), output.subarray(TAG_BYTES, 2 * TAG_BYTES)]
          return { input: Buffer.from(key, 'hex'), tag, pad, honey_id: honey }
        }),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}
