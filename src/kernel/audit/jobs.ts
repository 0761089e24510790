import { defineJob } from '../jobs/job.ts'
import { sealEntries } from './chain.ts'

/** Seals what waits. The head goes into the log too: a copy outside the database shows when the chain's end was cut. */
export const sealJob = defineJob({
  async run(ctx) {
    const { sealed, head } = await sealEntries(ctx.db)
    if (sealed > 0) ctx.log.info({ sealed, line: String(head?.line), hash: head?.hash }, 'audit sealed')
  },
})
