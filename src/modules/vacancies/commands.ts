import { z } from 'zod'
import { audit } from '#kernel/audit/audit.ts'
import { type Command, defineCommand } from '#kernel/cli/command.ts'
import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { newId } from '#kernel/ids.ts'
import { type Saved, saveAdvert } from './adverts.ts'
import { fetchTrudvsem, type TrudvsemPage, TrudvsemUnavailable } from './sources/fetch-trudvsem.ts'

type Counts = { created: number; updated: number; same: number; errors: number }

/** What the operator can do with vacancies, beside `import vacancies FILE`. */
export const vacancyCommands: readonly Command[] = [
  defineCommand({
    name: 'vacancies fetch',
    summary: 'Fetch adverts from the open data of trudvsem.ru, page by page; exit code 1 when it stopped answering',
    needs: 'database',
    input: z.object({
      region: z
        .array(z.string().regex(/^\d{13}$/))
        .default([])
        .describe('code of a Russian region, 13 digits; none: the whole country'),
      since: z.iso.date().optional().describe('only adverts changed on this day or later'),
      page: z.coerce.number().int().min(0).default(0).describe('go on with this page of the first region'),
      address: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe('another address of the same data, such as a mirror'),
      pause: z.coerce
        .number()
        .int()
        .min(0)
        .default(1_000)
        .describe('milliseconds between pages; twice as long after an error'),
    }),
    async run(ctx, { region, since, page, address, pause }, out) {
      const counts: Counts = { created: 0, updated: 0, same: 0, errors: 0 }
      const query = {
        regions: region,
        today: plainDate(ctx.now),
        from: { region: region[0] ?? null, page },
        pause,
        ...(since && { since: Temporal.PlainDate.from(since) }),
        ...(address && { address }),
      }
      try {
        for await (const fetched of fetchTrudvsem(query)) {
          await savePage(ctx, fetched, counts)
          out.progress(
            `${counts.created} new, ${counts.updated} changed, ${counts.same} here already, ${counts.errors} unreadable`,
          )
        }
      } catch (error) {
        if (!(error instanceof TrudvsemUnavailable)) throw error
        const { cursor } = error
        const left = cursor.region === null ? [] : region.slice(region.indexOf(cursor.region))
        const again = [
          `--page ${cursor.page}`,
          ...left.map((code) => `--region ${code}`),
          ...(since ? [`--since ${since}`] : []),
          ...(address ? [`--address '${address}'`] : []),
        ]
        out.print(`The portal gave ${error.message}. What came before is saved. Go on with: ${again.join(' ')}`)
        out.result({ ...counts, stopped_at: cursor, regions_left: left })
        return 1
      }
      out.print(
        `${counts.created} new, ${counts.updated} changed, ${counts.same} here already, ${counts.errors} unreadable.`,
      )
      out.result(counts)
    },
  }),
]

// A page is saved whole or not at all, so that an interruption leaves nothing half done.
async function savePage(ctx: Ctx, { adverts }: TrudvsemPage, counts: Counts): Promise<void> {
  const outcomes = await ctx.db.transaction().execute(async (db) => {
    const inside = { ...ctx, db }
    const saved: Saved['outcome'][] = []
    for (const reading of adverts) if (reading.ok) saved.push((await saveAdvert(inside, reading.advert, null)).outcome)
    await audit(
      inside,
      'vacancy.import',
      { type: 'import', id: newId() },
      { rows: saved.length, created: saved.filter((outcome) => outcome === 'created').length },
    )
    return saved
  })
  for (const outcome of outcomes) counts[outcome]++
  counts.errors += adverts.length - outcomes.length
}
