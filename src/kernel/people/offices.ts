import { z } from 'zod'
import { audit } from '../audit/audit.ts'
import { defineCommand } from '../cli/command.ts'

/** What an organisation is to the registry; only the operator decides that. */
export const officeCommand = defineCommand({
  name: 'people office',
  summary:
    'Say whether registry officers of an organisation see the whole registry, and whether it stands unnamed in people’s own logs',
  input: z.object({
    organisation: z.uuid().describe('The id of the organisation'),
    national: z
      .boolean()
      .default(false)
      .describe('Its registry officers see all records; without it those in its own custody'),
    unnamed: z
      .boolean()
      .default(false)
      .describe('A protected service: people read in their log that a service looked, not which'),
  }),
  needs: 'database',
  async run(ctx, { organisation, national, unnamed }, out) {
    await ctx.db.transaction().execute(async (db) => {
      await db
        .insertInto('people.office')
        .values({ organisation_id: organisation, national, unnamed })
        .onConflict((conflict) => conflict.column('organisation_id').doUpdateSet({ national, unnamed }))
        .execute()
      await audit(
        { ...ctx, db },
        'person.set_office',
        { type: 'organisation', id: organisation },
        { national, unnamed },
      )
    })
    out.print(
      `${organisation}: ${national ? 'sees the whole registry' : 'sees what it has custody of'}${unnamed ? ', unnamed' : ''}.`,
    )
    out.result({ organisation, national, unnamed })
  },
})
