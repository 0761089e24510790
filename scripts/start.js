// npm start: builds what is missing or stale, then becomes the server.
import './node-26.js'

const { run } = await import('./run.ts')
await run('main.js')
