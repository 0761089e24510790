import { defineModule } from '#kernel/module.ts'
import { ANSWER_TASK, answerJob, refreshJob } from './answers.ts'
import { ASK_TASK, askJob } from './asking.ts'
import { carrierApi } from './carrier/api.ts'
import { reconcileJob } from './carrier/reconcile.ts'
import { tagsJob } from './carrier/tags.ts'
import { AGREE, bulkNews, CARRIER_CHECK, CARRIERS, CARRY, figureNews, figureWantedNews } from './carrier/telling.ts'
import { carrierWork } from './carrier/work.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { moveEntryCheckKey } from './move-key.ts'
import { agreementCarriedPage, agreementHoneyPage, agreementPage, agreementStatePage } from './pages/agreement.tsx'
import { agreementsPage } from './pages/agreements.tsx'
import { answerPage, askedPage, askPage, ENTRY_CHECK } from './pages/ask.tsx'
import { carrierCheckPage, carrierFigurePage } from './pages/carrier.tsx'
import { DESK, deskPage } from './pages/desk.tsx'
import { cardPage, deskAnswerPage, pinPage } from './pages/desk-answer.tsx'
import { endPinPage } from './pages/end-pin.tsx'
import { slipPage } from './pages/slip.tsx'
import { codePage, telephonePage } from './pages/telephone.tsx'
import { verifyPage, verifyWorkerPage } from './pages/verify.tsx'
import { entryCheckNeeds, entryCheckRetention } from './retention.ts'
import { revokeJob, SLIP_REVOKED } from './slips.ts'
import { CODE_TASK, codeJob } from './telephone.ts'

/** "Am I banned from entry?", answered before somebody buys a ticket: to themselves, and to nobody else. */
export const entryCheckModule = defineModule({
  name: 'entry_check',
  permissions: {
    'entry_check.desk': ['adviser'],
    [AGREE]: ['platform_administrator'],
    [CARRY]: ['carrier_agent'],
  },
  clients: { [CARRY]: 'key' },
  pages: [
    askPage,
    askedPage,
    answerPage,
    endPinPage,
    telephonePage,
    codePage,
    slipPage,
    verifyPage,
    verifyWorkerPage,
    deskPage,
    deskAnswerPage,
    pinPage,
    cardPage,
    carrierCheckPage,
    carrierFigurePage,
    agreementsPage,
    agreementPage,
    agreementStatePage,
    agreementCarriedPage,
    agreementHoneyPage,
  ],
  api: carrierApi,
  notifications: [bulkNews, figureNews, figureWantedNews],
  webhookEvents: [{ event: SLIP_REVOKED, label: 'entry_check.slip.webhook' }],
  workItems: carrierWork,
  navigation: [
    { label: 'entry_check.desk.title', icon: 'plane', href: `${DESK}/new`, permission: 'entry_check.desk' },
    { label: 'entry_check.carrier.title', icon: 'plane', href: CARRIER_CHECK, permission: CARRY },
    { label: 'entry_check.carriers.title', icon: 'plane', href: CARRIERS, permission: AGREE, section: 'records' },
  ],
  publicNavigation: [{ label: 'entry_check.nav', icon: 'plane', href: ENTRY_CHECK }],
  home: [
    {
      station: 'quick',
      icon: 'plane',
      label: 'entry_check.title',
      href: ENTRY_CHECK,
      hint: async ({ t }) => t('entry_check.home.hint'),
    },
  ],
  sitemap: async () => [{ path: ENTRY_CHECK }, { path: `${ENTRY_CHECK}/verify` }],
  jobs: {
    [ANSWER_TASK]: answerJob as never,
    [ASK_TASK]: askJob as never,
    [CODE_TASK]: codeJob as never,
    'entry_check.refresh': refreshJob,
    'entry_check.revoke': revokeJob,
    'entry_check.tags': tagsJob,
    'entry_check.reconcile': reconcileJob,
  },
  cron: [
    { task: 'entry_check.refresh', match: '* * * * *' },
    { task: 'entry_check.revoke', match: '* * * * *' },
    { task: 'entry_check.tags', match: '* * * * *' },
    { task: 'entry_check.reconcile', match: '23 2 * * *' },
  ],
  retention: entryCheckRetention,
  personNeeds: entryCheckNeeds,
  moveKey: moveEntryCheckKey,
  messages: { tg, ru, en },
})
