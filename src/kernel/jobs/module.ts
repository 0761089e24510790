import { defineModule } from '../module.ts'
import { passed } from '../retention/clock.ts'

/** Work outside requests. */
export const jobsPart = defineModule({
  name: 'jobs',
  retention: [
    {
      table: 'jobs.run',
      what: 'progress of work in the background',
      after: { days: 90 },
      from: 'the work ended',
      reason: 'whoever began it sees how it ended; faults are looked into',
      due: passed('finished_at'),
    },
  ],
})
