import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder of the checkout: where package.json stands, above the bundle as well as above the sources. */
export const ROOT = findRoot(import.meta.dirname)

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder))
}
