import { defineJob, type Job, type JobCtx } from '../jobs/job.ts'
import { applyImport } from './apply-import.ts'
import { checkImport } from './check-import.ts'
import { takeUnattended } from './import-file.ts'
import { tellOfFault, tellStarter } from './notices.ts'
import { readImport } from './read-import.ts'

const step = (run: (ctx: JobCtx, id: string) => Promise<void>): Job =>
  defineJob<{ id: string }>({
    async run(ctx, { id }) {
      await run(ctx, id)
      await tellStarter(ctx, id)
    },
    failed: (ctx, { id }) => tellOfFault(ctx, id),
  }) as Job

/** The steps of an import; each may be interrupted and taken again. */
export const importJobs: Record<string, Job> = {
  // A native format needs no mapping: its rows are checked at once.
  'imports.read': step(async (ctx, id) => {
    await readImport(ctx, id)
    await checkImport(ctx, id)
  }),
  'imports.check': step(checkImport),
  'imports.apply': step(applyImport),
  // What a program sends: nobody sits before it.
  'imports.take': step(takeUnattended),
}
