import { defineModule } from '../module.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { myWork } from './pages/my-work.tsx'

/** *My work*: the staff's first page. */
export const workPart = defineModule({
  name: 'work',
  pages: [myWork],
  navigation: [{ label: 'work.nav', icon: 'inbox', href: '/work' }],
  messages: { tg, ru, en },
})
