import { exportPages } from '../exports/pages/save.ts'
import { defineModule } from '../module.ts'
import { importCommand } from './command.ts'
import { importJobs } from './jobs.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { importNews } from './notices.ts'
import { approvalAction, cancellationAction, importFiles, resumptionAction } from './pages/actions.ts'
import { importExport } from './pages/export.ts'
import { importListPage } from './pages/list.tsx'
import { mappingAction, sheetAction } from './pages/mapping.tsx'
import { importPage } from './pages/show.tsx'
import { IMPORTS } from './pages/steps.tsx'
import { importRetention } from './retention.ts'
import { importSearch } from './staff-search.ts'

/** Files become records: read, mapped, checked, imported, reported. What can be imported, the modules say. */
export const importsPart = defineModule({
  name: 'imports',
  // Beside it every kind of import asks for a permission of its own.
  permissions: {
    'import.use': ['vacancy_officer', 'employer', 'administrator', 'consul', 'notice_officer', 'carrier_desk'],
  },
  pages: [
    importListPage,
    importPage,
    mappingAction,
    sheetAction,
    approvalAction,
    cancellationAction,
    resumptionAction,
    ...importFiles,
    ...exportPages(importExport, IMPORTS),
  ],
  navigation: [
    { label: 'imports.list.title', icon: 'sheet', href: IMPORTS, permission: 'import.use', section: 'records' },
  ],
  search: [importSearch],
  exports: [importExport],
  notifications: [importNews],
  jobs: importJobs,
  retention: importRetention,
  commands: [importCommand],
  messages: { tg, ru, en },
})
