import { accessPart } from './access/module.ts'
import { auditPart } from './audit/module.ts'
import { httpPart } from './http/module.ts'
import { lawPart } from './law/module.ts'
import type { ModuleManifest } from './module.ts'
import { moneyPart } from './money/module.ts'
import { placesPart } from './places/module.ts'
import { uiPart } from './ui/module.ts'
import { workPart } from './work/module.ts'

/** The kernel's own parts, in the shape of modules; their order is that of the staff rail. */
export const KERNEL_PARTS: readonly ModuleManifest[] = [uiPart, httpPart, workPart, placesPart, moneyPart, lawPart, auditPart, accessPart]
