// npm run hamsafar: builds what is missing or stale, then becomes the command line.
import './node-26.js'

const { run } = await import('./run.ts')
await run('cli.js')
