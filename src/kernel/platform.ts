import type { Config } from './config.ts'
import { buildCatalogue } from './i18n/translate.ts'
import type { ModuleManifest, Platform } from './module.ts'

/** Joins the parts into one platform: what every request, job and command is given to see the others by. */
export function createPlatform(parts: readonly ModuleManifest[], config: Config, demonstration: boolean): Platform {
  return { parts, catalogue: buildCatalogue(parts), config, demonstration }
}
