import { exportPages } from '../exports/pages/save.ts'
import { defineModule } from '../module.ts'
import { auditVerifyCommand } from './commands.ts'
import { sealJob } from './jobs.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { auditExport } from './pages/export.ts'
import { auditPage } from './pages/list.tsx'

/** What was done by whom, in lines that cannot be changed unnoticed. */
export const auditPart = defineModule({
  name: 'audit',
  permissions: { 'audit.read': ['auditor'] },
  pages: [auditPage, ...exportPages(auditExport, '/work/audit')],
  exports: [auditExport],
  navigation: [
    { label: 'audit.title', icon: 'shield', href: '/work/audit', permission: 'audit.read', section: 'records' },
  ],
  jobs: { 'audit.seal': sealJob },
  cron: [{ task: 'audit.seal', match: '* * * * *' }],
  commands: [auditVerifyCommand],
  messages: { tg, ru, en },
})
