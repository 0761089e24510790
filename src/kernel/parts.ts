import { accessPart } from './access/module.ts'
import { auditPart } from './audit/module.ts'
import { backupPart } from './backup/module.ts'
import { cliPart } from './cli/module.ts'
import { exportsPart } from './exports/module.ts'
import { filesPart } from './files/module.ts'
import { httpPart } from './http/module.ts'
import { importsPart } from './imports/module.ts'
import { jobsPart } from './jobs/module.ts'
import { lawPart } from './law/module.ts'
import { lettersPart } from './letters/module.ts'
import type { ModuleManifest } from './module.ts'
import { moneyPart } from './money/module.ts'
import { myCasePart } from './my-case/module.ts'
import { notificationsPart } from './notifications/module.ts'
import { occupationsPart } from './occupations/module.ts'
import { organisationsPart } from './organisations/module.ts'
import { peoplePart } from './people/module.ts'
import { placesPart } from './places/module.ts'
import { retentionPart } from './retention/module.ts'
import { searchPart } from './search/module.ts'
import { uiPart } from './ui/module.ts'
import { webhooksPart } from './webhooks/module.ts'
import { workPart } from './work/module.ts'

/** The kernel's own parts, in the shape of modules. */
export const KERNEL_PARTS: readonly ModuleManifest[] = [
  uiPart,
  httpPart,
  workPart,
  placesPart,
  occupationsPart,
  searchPart,
  notificationsPart,
  moneyPart,
  lawPart,
  organisationsPart,
  importsPart,
  exportsPart,
  backupPart,
  filesPart,
  lettersPart,
  auditPart,
  jobsPart,
  retentionPart,
  webhooksPart,
  accessPart,
  peoplePart,
  myCasePart,
  cliPart,
]
