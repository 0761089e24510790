import { defineModule } from '../module.ts'
import { EXPORTS } from './export.ts'
import { makeJob, tidyJob } from './jobs.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { exportReady } from './notices.ts'
import { exportListPage } from './pages/list.tsx'
import { exportCancellation, exportFilePage, exportPage } from './pages/show.tsx'

/** Lists become tables: at once, or by a job that can be left and found again. */
export const exportsPart = defineModule({
  name: 'exports',
  // For whoever may take a long list along; what may be taken, each list says.
  permissions: { 'export.use': ['administrator', 'vacancy_officer', 'auditor'] },
  pages: [exportListPage, exportPage, exportFilePage, exportCancellation],
  navigation: [
    { label: 'exports.list.title', icon: 'save', href: EXPORTS, permission: 'export.use', section: 'records' },
  ],
  notifications: [exportReady],
  jobs: { 'exports.make': makeJob as never, 'exports.tidy': tidyJob },
  cron: [{ task: 'exports.tidy', match: '25 * * * *' }],
  messages: { tg, ru, en },
})
