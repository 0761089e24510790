import { defineModule } from '../module.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { ratesImport } from './rates-import.ts'

export const moneyPart = defineModule({
  name: 'money',
  messages: { tg, ru, en },
  permissions: { 'rate.import': ['administrator', 'vacancy_officer'] },
  imports: [ratesImport],
})
