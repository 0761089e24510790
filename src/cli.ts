import { runCommandLine } from '#kernel/cli/run.ts'
import { PARTS } from './modules.ts'

process.exitCode = await runCommandLine(PARTS, process.argv.slice(2), process.env)
