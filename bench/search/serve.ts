import { readConfig } from '#kernel/config.ts'
import { openPool } from '#kernel/db/pool.ts'
import { listen } from '#kernel/http/listen.ts'
import { createPlatform } from '#kernel/platform.ts'
import { createApp } from '../../src/app.ts'
import { PARTS } from '../../src/modules.ts'
import { silentLog } from './database.ts'

// A web server alone, so that its memory is its own: DATABASE (the app's login), PORT. Ends with its parent.
const { DATABASE, PORT } = process.env as { DATABASE: string; PORT: string }
const config = readConfig({
  HAMSAFAR_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  PORT,
  HAMSAFAR_PROXY: 'on',
  HAMSAFAR_DEMO: 'off',
})
const platform = createPlatform(PARTS, config, false)
const db = openPool({ connectionString: DATABASE }, silentLog)
await listen(createApp({ platform, db, log: silentLog }).fetch, config)
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
