import { defineCommand } from '../cli/command.ts'
import { reapFiles } from './reap.ts'

/** What the hourly job does, at once. */
export const reapCommand = defineCommand({
  name: 'files reap',
  summary: 'Take away files that have expired or that nothing refers to for a day; a job does so every hour',
  needs: 'database',
  async run(ctx, _input, out) {
    const { rows, objects } = await reapFiles(ctx)
    out.print(`${rows} files were forgotten, the bytes of ${objects} removed.`)
    out.result({ rows, objects })
  },
})
