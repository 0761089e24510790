import type { Ctx } from '#kernel/context.ts'
import { inTransaction } from '#kernel/db/in-transaction.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import { employerOf, type KnownEmployer } from '#modules/employers/public.ts'
import { saveAdvert } from '../adverts.ts'
import type { Advert } from '../sources/advert.ts'
import { readAdvert } from '../sources/read-advert.ts'
import type { Vacancy } from '../vacancies.ts'
import { costSigns } from './fair.ts'
import { tellPoster } from './notices.ts'
import type { Posting } from './postings.ts'

/**
 * Makes an advert of what was put out, by the same way as any other source's; of what was closed, or of an employer that may
 * not post now, an advert that its source took back. Owner's connection; repeating it changes nothing.
 */
export async function takeIn(ctx: Ctx, id: string): Promise<void> {
  const posting = (await ctx.db
    .selectFrom('vacancies.posting')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()) as Posting | undefined
  if (!posting?.published) return
  const employer = await employerOf(ctx, posting)
  const before = await ctx.db
    .selectFrom('vacancies.vacancy')
    .select(['source', 'sample', 'employer_name', 'employer_inn', 'employer_ogrn'])
    .where('reference', '=', posting.reference)
    .executeTakeFirst()
  const advert = advertOf(ctx, posting, employer, before)
  // What was taken back before the job came was never public.
  if (advert && !(advert.withdrawn && !before)) {
    const { reference, employer_id } = posting
    await saveAdvert(ctx, advert, null, { reference, employer_id, signs: costSigns(ctx.platform, advert) })
    const { contract_copy } = posting
    await ctx.db.updateTable('vacancies.vacancy').set({ contract_copy }).where('reference', '=', reference).execute()
    if (posting.out_version > posting.done_version) await tellIfHeld(ctx, posting)
  }
  await ctx.db
    .updateTable('vacancies.posting')
    .set({ done_version: posting.out_version })
    .where('id', '=', id)
    .execute()
}

type Before = Pick<Vacancy, 'source' | 'sample' | 'employer_name' | 'employer_inn' | 'employer_ogrn'>

// Of an employer that is not known any more, only what stood there before can be taken back.
function advertOf(
  ctx: Ctx,
  posting: Posting,
  employer: KnownEmployer | null,
  before: Before | undefined,
): Advert | null {
  const { takes: _, ...cells } = posting.published!
  const read = readAdvert(cells, { source: 'employer', today: plainDate(ctx.now), raw: posting.published })
  if (!read.ok) throw new Error(`The posting ${posting.id} is no advert: ${Object.keys(read.errors)}`)
  if (!employer && !before?.employer_name) return null
  return {
    ...read.advert,
    source: (before?.source ?? (employer!.sample ? 'sample' : employer!.kind)) as Advert['source'],
    source_id: posting.id,
    employer: employer
      ? { name: employer.legal_name, inn: employer.tin, ogrn: employer.ogrn }
      : { name: before!.employer_name!, inn: before!.employer_inn, ogrn: before!.employer_ogrn },
    published_on: plainDate(posting.published_at!),
    modified_on: plainDate(posting.out_at!),
    withdrawn: posting.state !== 'out' || employer?.state !== 'verified',
  }
}

async function tellIfHeld(ctx: Ctx, { reference, employer_id }: Posting): Promise<void> {
  const held = await ctx.db
    .selectFrom('vacancies.vacancy')
    .select('id')
    .where('reference', '=', reference)
    .where('state', '=', 'held')
    .executeTakeFirst()
  if (held) await tellPoster(ctx, { id: held.id, reference, employer_id })
}

/** One posting, as soon as it was put out or closed. */
export const takeInJob = defineJob<{ id: string }>({
  run: (job, { id }) => inTransaction(job, (ctx) => takeIn(ctx, id)),
})

/** All that an employer has out, when it was verified, suspended, or admitted again. */
export const followEmployerJob = defineJob<{ organisation_id: string }>({
  async run(job, { organisation_id }) {
    const postings = await job.db
      .selectFrom('vacancies.posting')
      .select('id')
      .where('employer_id', '=', organisation_id)
      .where('state', '=', 'out')
      .orderBy('id')
      .execute()
    for (const { id } of postings) {
      job.signal.throwIfAborted()
      await inTransaction(job, (ctx) => takeIn(ctx, id))
    }
  },
})
