import { describeSettings, readConfig } from '../config.ts'
import { defineModule } from '../module.ts'
import { defineCommand } from './command.ts'
import { withDatabase } from './database.ts'

const config = defineCommand({
  name: 'config',
  summary: 'List all settings with their meaning, default and present value; exit code 1 says which are wrong',
  needs: 'nothing',
  async run(_parts, _input, out) {
    const settings = describeSettings(process.env)
    out.result(settings)
    for (const { name, meaning, default: standard, value } of settings) {
      out.print(name)
      out.print(`  ${meaning}`)
      out.print(`  default: ${standard}`)
      out.print(`  now:     ${value ?? '(default)'}`)
      out.print()
    }
    readConfig(process.env)
  },
})

const migrate = defineCommand({
  name: 'migrate',
  summary: 'Bring the database to the present schema; npm start does so too',
  needs: 'nothing',
  async run(parts, _input, out) {
    const applied = await withDatabase(parts, process.env, 'command migrate', async (_ctx, names) => names)
    for (const name of applied) out.print(name)
    out.print(applied.length > 0 ? `${applied.length} migrations applied.` : 'The schema is up to date.')
    out.result({ applied })
  },
})

/** The command line's own commands. */
export const cliPart = defineModule({ name: 'cli', commands: [config, migrate] })
