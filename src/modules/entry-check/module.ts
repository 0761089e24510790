import { defineModule } from '#kernel/module.ts'
import { ANSWER_TASK, answerJob, refreshJob } from './answers.ts'
import { ASK_TASK, askJob } from './asking.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { moveEntryCheckKey } from './move-key.ts'
import { answerPage, askedPage, askPage, ENTRY_CHECK } from './pages/ask.tsx'
import { DESK, deskPage } from './pages/desk.tsx'
import { cardPage, deskAnswerPage, pinPage } from './pages/desk-answer.tsx'
import { slipPage } from './pages/slip.tsx'
import { codePage, telephonePage } from './pages/telephone.tsx'
import { verifyPage, verifyWorkerPage } from './pages/verify.tsx'
import { entryCheckRetention } from './retention.ts'
import { revokeJob } from './slips.ts'
import { CODE_TASK, codeJob } from './telephone.ts'

/** "Am I banned from entry?", answered before somebody buys a ticket: to themselves, and to nobody else. */
export const entryCheckModule = defineModule({
  name: 'entry_check',
  permissions: { 'entry_check.desk': ['adviser'] },
  pages: [
    askPage,
    askedPage,
    answerPage,
    telephonePage,
    codePage,
    slipPage,
    verifyPage,
    verifyWorkerPage,
    deskPage,
    deskAnswerPage,
    pinPage,
    cardPage,
  ],
  navigation: [{ label: 'entry_check.desk.title', icon: 'plane', href: `${DESK}/new`, permission: 'entry_check.desk' }],
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
  },
  cron: [
    { task: 'entry_check.refresh', match: '* * * * *' },
    { task: 'entry_check.revoke', match: '*/5 * * * *' },
  ],
  retention: entryCheckRetention,
  moveKey: moveEntryCheckKey,
  messages: { tg, ru, en },
})
