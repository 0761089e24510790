import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildServer } from './build.ts'

/** Builds if need be and runs an entry of the bundle in this process. */
export async function run(entry: 'main.js' | 'cli.js'): Promise<void> {
  process.setSourceMapsEnabled(true)
  const folder = await buildServer().catch((error) => {
    console.error(`Hamsafar could not be built: ${error.message}`)
    process.exit(1)
  })
  await import(pathToFileURL(join(folder, entry)).href)
}
