import { exportPages } from '../exports/pages/save.ts'
import { defineModule } from '../module.ts'
import { organisationCommands } from './commands.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { closingPage, newOrganisationPage, organisationPage } from './pages/edit.tsx'
import { organisationsExport, organisationsPage } from './pages/list.tsx'
import { organisationSearch } from './staff-search.ts'

/** The bodies that work on the platform, or are named by it. */
export const organisationsPart = defineModule({
  name: 'organisations',
  permissions: { 'organisation.administer': ['platform_administrator'] },
  pages: [
    organisationsPage,
    ...exportPages(organisationsExport, '/work/organisations'),
    newOrganisationPage,
    organisationPage,
    closingPage,
  ],
  exports: [organisationsExport],
  navigation: [
    {
      label: 'organisations.title',
      icon: 'office',
      href: '/work/organisations',
      permission: 'organisation.administer',
      section: 'records',
    },
  ],
  search: [organisationSearch],
  commands: organisationCommands,
  messages: { tg, ru, en },
})
