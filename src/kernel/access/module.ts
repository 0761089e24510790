import { exportPages } from '../exports/pages/save.ts'
import { defineModule } from '../module.ts'
import { ADMINISTER_CLIENTS } from './clients.ts'
import { userCommands } from './commands.ts'
import { demoUsers } from './demo.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { moveAccountSecrets } from './move-account-secrets.ts'
import { moveKeyCommand } from './move-key.ts'
import { accountNews } from './notices.ts'
import { accountPage, endSessionsPage } from './pages/account.tsx'
import { organisationPage } from './pages/organisation.tsx'
import { newPasskeyPage, passkeyPage } from './pages/passkeys.tsx'
import { passwordPage } from './pages/password.tsx'
import { newProgramPage } from './pages/program-new.tsx'
import { PROGRAMS, programRevocationPage, programsPage } from './pages/programs.tsx'
import { recoveryCodesPage } from './pages/recovery-codes.tsx'
import { ownRightsPage, userRightsPage } from './pages/rights.tsx'
import { rolesPage } from './pages/roles.tsx'
import { setUpPage } from './pages/set-up.tsx'
import { signInPage } from './pages/sign-in.tsx'
import { signInPasskeyPage } from './pages/sign-in-passkey.tsx'
import { providerPage, providerReturnPage } from './pages/sign-in-provider.ts'
import { signOutPage } from './pages/sign-out.ts'
import { stepUpPage } from './pages/step-up.tsx'
import { userPage, userSessionsPage, userStatePage } from './pages/user.tsx'
import { editUserPage } from './pages/user-edit.tsx'
import { userLinkPage } from './pages/user-link.tsx'
import { newUserPage } from './pages/user-new.tsx'
import { userRolesPage } from './pages/user-roles.tsx'
import { usersExport, usersPage } from './pages/users.tsx'
import { accessRetention } from './retention.ts'
import { userSearch } from './staff-search.ts'

/** Staff accounts, sessions, roles and permissions. */
export const accessPart = defineModule({
  name: 'access',
  permissions: {
    'user.administer': ['administrator', 'platform_administrator'],
    'user.administer_everywhere': ['platform_administrator'],
    [ADMINISTER_CLIENTS]: ['administrator', 'employer'],
  },
  pages: [
    signInPage,
    signInPasskeyPage,
    providerPage,
    providerReturnPage,
    setUpPage,
    signOutPage,
    stepUpPage,
    organisationPage,
    accountPage,
    endSessionsPage,
    ownRightsPage,
    passwordPage,
    recoveryCodesPage,
    newPasskeyPage,
    passkeyPage,
    usersPage,
    ...exportPages(usersExport, '/work/users'),
    newUserPage,
    userPage,
    userStatePage,
    editUserPage,
    userLinkPage,
    userSessionsPage,
    userRolesPage,
    userRightsPage,
    rolesPage,
    programsPage,
    newProgramPage,
    programRevocationPage,
  ],
  exports: [usersExport],
  navigation: [
    {
      label: 'access.users.title',
      icon: 'people',
      href: '/work/users',
      permission: 'user.administer',
      section: 'records',
    },
    {
      label: 'access.roles.title',
      icon: 'key',
      href: '/work/roles',
      permission: 'user.administer',
      section: 'records',
    },
    {
      label: 'access.programs.title',
      icon: 'sim',
      href: PROGRAMS,
      permission: ADMINISTER_CLIENTS,
      section: 'records',
    },
    { label: 'access.account.title', icon: 'person', href: '/work/account', section: 'records' },
  ],
  search: [userSearch],
  notifications: [accountNews],
  retention: accessRetention,
  commands: [...userCommands, moveKeyCommand],
  moveKey: moveAccountSecrets,
  demo: demoUsers,
  messages: { tg, ru, en },
})
