import { defineModule } from '../module.ts'
import { userCommands } from './commands.ts'
import { demoUsers } from './demo.ts'
import { tidyJob } from './jobs.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { accountPage, endSessionsPage } from './pages/account.tsx'
import { organisationPage } from './pages/organisation.tsx'
import { signInPage } from './pages/sign-in.tsx'
import { signOutPage } from './pages/sign-out.ts'

/** Staff accounts, sessions, roles and permissions. */
export const accessPart = defineModule({
  name: 'access',
  permissions: {
    'user.administer': ['administrator', 'platform_administrator'],
    'user.administer_everywhere': ['platform_administrator'],
  },
  pages: [signInPage, signOutPage, organisationPage, accountPage, endSessionsPage],
  navigation: [{ label: 'access.account.title', icon: 'person', href: '/work/account', section: 'records' }],
  jobs: { 'access.tidy': tidyJob },
  cron: [{ task: 'access.tidy', match: '17 * * * *' }],
  commands: userCommands,
  demo: demoUsers,
  messages: { tg, ru, en },
})
