import { exportPages } from '#kernel/exports/pages/save.ts'
import { defineModule } from '#kernel/module.ts'
import { employersDemo } from './demo.ts'
import { countEmployers } from './employers.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { employersAsked, employersDecided } from './notices.ts'
import { colleaguesPage, joinPage } from './pages/colleagues.tsx'
import { employersExport, employersPage, LIST } from './pages/list.tsx'
import { answerPage, ownDocumentPage, ownDocumentsPage, ownPage } from './pages/own.tsx'
import { confirmPage, registeredPage, registerPage } from './pages/register.tsx'
import {
  employerChecksPage,
  employerDocumentPage,
  employerDocumentsPage,
  employerPage,
  employerUndoPage,
} from './pages/show.tsx'
import { employersRetention } from './retention.ts'
import { employerSearch } from './staff-search.ts'
import { employersWork } from './work.ts'

/** Who may post adverts: employers and agencies, registered by themselves and verified by officers. */
export const employersModule = defineModule({
  name: 'employers',
  permissions: {
    'employer.edit': ['employer', 'employer_administrator'],
    'employer.administer': ['employer_administrator'],
    'employer.verify': ['employment_officer', 'ministry_representative'],
  },
  pages: [
    registerPage,
    registeredPage,
    confirmPage,
    ownPage,
    answerPage,
    ownDocumentsPage,
    ownDocumentPage,
    colleaguesPage,
    joinPage,
    employersPage,
    ...exportPages(employersExport, LIST),
    employerPage,
    employerUndoPage,
    employerChecksPage,
    employerDocumentsPage,
    employerDocumentPage,
  ],
  exports: [employersExport],
  sitemap: async () => [{ path: '/employers/register' }],
  navigation: [
    {
      label: 'employers.list.title',
      icon: 'office',
      href: LIST,
      permission: 'employer.verify',
      count: async (ctx) => (await countEmployers(ctx)).mine,
    },
    {
      label: 'employers.own.title',
      icon: 'office',
      href: '/work/employer',
      permission: 'employer.edit',
      section: 'records',
    },
  ],
  workItems: employersWork,
  search: [employerSearch],
  notifications: [employersAsked, employersDecided],
  retention: employersRetention,
  demo: employersDemo,
  messages: { tg, ru, en },
})
