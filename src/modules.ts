import type { ModuleManifest } from '#kernel/module.ts'
import { KERNEL_PARTS } from '#kernel/parts.ts'
import { applicationsModule } from '#modules/applications/module.ts'
import { employersModule } from '#modules/employers/module.ts'
import { entryCheckModule } from '#modules/entry-check/module.ts'
import { expulsionsModule } from '#modules/expulsions/module.ts'
import { guideModule } from '#modules/guide/module.ts'
import { labourMarketModule } from '#modules/labour-market/module.ts'
import { removalsModule } from '#modules/removals/module.ts'
import { siteModule } from '#modules/site/module.ts'
import { stayModule } from '#modules/stay/module.ts'
import { vacanciesModule } from '#modules/vacancies/module.ts'

/** The platform: the kernel's parts, then one line a module. */
export const PARTS: readonly ModuleManifest[] = [
  ...KERNEL_PARTS,
  employersModule,
  vacanciesModule,
  applicationsModule,
  expulsionsModule,
  removalsModule,
  entryCheckModule,
  stayModule,
  guideModule,
  labourMarketModule,
  siteModule,
]
