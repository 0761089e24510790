import { defineModule } from '#kernel/module.ts'
import { employersDemo } from './demo.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }

/** Who may post adverts: employers and agencies, registered by themselves and verified by officers. */
export const employersModule = defineModule({
  name: 'employers',
  permissions: {
    'employer.edit': ['employer'],
    'employer.verify': ['employment_officer', 'ministry_representative'],
  },
  demo: employersDemo,
  messages: { tg, ru, en },
})
