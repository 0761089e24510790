import { defineModule } from '../module.ts'
import { moveHolderKeys } from './holders.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { myCasePage } from './pages/my-case.tsx'
import { myCaseRetention } from './retention.ts'

/** What people without an account come back to, with reference and PIN. */
export const myCasePart = defineModule({
  name: 'my_case',
  pages: [myCasePage],
  retention: myCaseRetention,
  moveKey: moveHolderKeys,
  messages: { tg, ru, en },
})
