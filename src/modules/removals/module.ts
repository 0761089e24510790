import { exportPages } from '#kernel/exports/pages/save.ts'
import { defineModule } from '#kernel/module.ts'
import { removalsDemo } from './demo.ts'
import { sheetImport } from './import.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { claimLetterPage, claimPage, claimUndoPage } from './pages/claim.tsx'
import { claimsExport, claimsPage, draftsPage } from './pages/claims.tsx'
import { newRemovalPage } from './pages/enter.tsx'
import { removalsExport, removalsPage } from './pages/list.tsx'
import { CLAIMS, REMOVALS } from './pages/paths.ts'
import {
  costWithdrawalPage,
  joinPage,
  payerPage,
  removalClaimsPage,
  removalPage,
  withdrawalPage,
} from './pages/show.tsx'
import { totalsPage } from './pages/totals.tsx'
import { movePassengersKey, receivePassengerJob } from './passengers.ts'
import { removalsPanel } from './person-panel.tsx'
import { removalsNeeds, removalsRetention } from './retention.ts'
import { claimSearch, removalSearch } from './staff-search.ts'
import { removalWork } from './work.ts'

/** People carried back by air, rail and bus: on whose account, what it cost, and what payers were asked for and paid. */
export const removalsModule = defineModule({
  name: 'removals',
  permissions: {
    'removal.read': ['carrier_desk', 'consul', 'notice_officer'],
    'removal.enter': ['carrier_desk', 'consul', 'notice_officer'],
    'removal.import': ['carrier_desk', 'notice_officer'],
    'removal.claim': ['carrier_desk', 'notice_officer'],
    'removal.join': ['consul', 'notice_officer'],
    'removal.oversee': ['notice_officer'],
  },
  pages: [
    removalsPage,
    ...exportPages(removalsExport, REMOVALS),
    newRemovalPage,
    totalsPage,
    removalPage,
    withdrawalPage,
    costWithdrawalPage,
    removalClaimsPage,
    payerPage,
    joinPage,
    claimsPage,
    ...exportPages(claimsExport, CLAIMS),
    draftsPage,
    claimPage,
    claimUndoPage,
    claimLetterPage,
  ],
  navigation: [
    { label: 'removals.list.title', icon: 'road', href: REMOVALS, permission: 'removal.read' },
    { label: 'removals.claims.title', icon: 'money', href: CLAIMS, permission: 'removal.read' },
  ],
  workItems: removalWork,
  search: [removalSearch, claimSearch],
  personPanels: [removalsPanel],
  subjects: {
    removal_claim: { label: 'removals.claim.title', href: (reference) => `${CLAIMS}/${reference}` },
  },
  imports: [sheetImport],
  exports: [removalsExport, claimsExport],
  jobs: { 'removals.receive_passenger': receivePassengerJob },
  retention: removalsRetention,
  personNeeds: removalsNeeds,
  moveKey: movePassengersKey,
  demo: removalsDemo,
  messages: { tg, ru, en },
})
