import { sql } from 'kysely'
import { defineModule } from '../module.ts'
import { EXPORTS } from './export.ts'
import { KEPT } from './exports.ts'
import { makeJob } from './jobs.ts'
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
  permissions: {
    'export.use': [
      'administrator',
      'vacancy_officer',
      'employer',
      'employment_officer',
      'ministry_representative',
      'auditor',
      'consul',
      'notice_officer',
      'notice_recipient',
      'carrier_desk',
    ],
  },
  pages: [exportListPage, exportPage, exportFilePage, exportCancellation],
  navigation: [
    { label: 'exports.list.title', icon: 'save', href: EXPORTS, permission: 'export.use', section: 'records' },
  ],
  notifications: [exportReady],
  jobs: { 'exports.make': makeJob as never },
  retention: [
    {
      table: 'exports.export',
      what: 'tables that staff had made, with their files',
      after: KEPT,
      from: 'it was made',
      reason: 'saving it',
      due: (before) => sql`t.expires_at - make_interval(hours => ${KEPT.hours}) < ${before}`,
    },
  ],
  messages: { tg, ru, en },
})
